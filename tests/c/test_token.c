/* A token made from a JWT that was kept elsewhere, and clones of it. */
#include <string.h>

#include "expect.h"

/* {"username":13956,"user_id":13956,"email":"a@example.com","exp":1464340385}: long expired. */
#define OLD_JWT                                                                                    \
    "eyJhbGciOiJIUzI1NiJ9."                                                                        \
    "eyJ1c2VybmFtZSI6MTM5NTYsInVzZXJfaWQiOjEzOTU2LCJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJleHAiOjE0NjQz" \
    "NDAzODV9.c2lnbmF0dXJl"

static tp_token *token_from(const char *jwt) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    expect_status(TP_OK, tp_token_from_jwt("demo", jwt, &token, &error), error);
    assert_non_null(token);
    return token;
}

static void a_kept_jwt_becomes_a_token(void **state) {
    (void)state;
    tp_token *token = token_from(OLD_JWT);
    assert_string_equal(tp_auth_header(token), "Authorization: JWT " OLD_JWT);
    assert_string_equal(tp_auth_value(token), "JWT " OLD_JWT);
    assert_string_equal(tp_token_jwt(token), OLD_JWT);
    assert_string_equal(tp_token_origin(token), "https://demo.testpress.in");
    assert_string_equal(tp_token_username(token), "13956");
    assert_string_equal(tp_token_email(token), "a@example.com");
    assert_int_equal(tp_token_user_id(token), 13956);
    tp_token_free(token);
}

static void an_expired_token_says_so(void **state) {
    (void)state;
    tp_token *token = token_from(OLD_JWT);
    assert_int_equal(tp_token_expires_at(token), 1464340385);
    assert_true(tp_token_expires_in(token) < 0);
    tp_token_free(token);
}

static void claims_that_cannot_be_read_are_unknown(void **state) {
    (void)state;
    /* Not three parts; no base64; an array (W10) instead of an object: the header still works. */
    const char *jwts[] = {"opaque", "a.b", "a.!!.c", "e30.W10.c2ln"};
    for (size_t i = 0; i < sizeof jwts / sizeof jwts[0]; i++) {
        tp_token *token = token_from(jwts[i]);
        assert_string_equal(tp_token_jwt(token), jwts[i]);
        assert_null(tp_token_username(token));
        assert_null(tp_token_email(token));
        assert_null(tp_token_claims(token));
        assert_int_equal(tp_token_user_id(token), -1);
        assert_int_equal(tp_token_expires_at(token), 0);
        assert_true(tp_token_expires_in(token) == INT64_MAX);
        tp_token_free(token);
    }
}

static void claims_that_are_missing_are_unknown(void **state) {
    (void)state;
    tp_token *token = token_from("e30.e30.c2ln"); /* the payload {} */
    assert_string_equal(tp_token_claims(token), "{}");
    assert_null(tp_token_username(token));
    assert_int_equal(tp_token_user_id(token), -1);
    assert_true(tp_token_expires_in(token) == INT64_MAX);
    tp_token_free(token);
}

static void a_clone_is_the_same_and_lives_on(void **state) {
    (void)state;
    tp_token *token = token_from(OLD_JWT);
    tp_token *clone = tp_token_clone(token);
    assert_non_null(clone);
    assert_string_equal(tp_auth_header(clone), tp_auth_header(token));
    tp_token_free(token);
    assert_string_equal(tp_auth_header(clone), "Authorization: JWT " OLD_JWT);
    assert_string_equal(tp_token_origin(clone), "https://demo.testpress.in");
    assert_string_equal(tp_token_username(clone), "13956");
    tp_token_free(clone);
    assert_null(tp_token_clone(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_jwt_becomes_a_token),
        cmocka_unit_test(an_expired_token_says_so),
        cmocka_unit_test(claims_that_cannot_be_read_are_unknown),
        cmocka_unit_test(claims_that_are_missing_are_unknown),
        cmocka_unit_test(a_clone_is_the_same_and_lives_on),
    };
    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
