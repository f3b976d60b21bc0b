/* A login that works: the three functions, every getter, and what the server is sent. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

#define HEADER_START "Authorization: JWT "

static void three_functions_are_the_whole_story(void **state) {
    (void)state;
    tp_token *token = NULL;
    tp_error *error = NULL;
    expect_status(TP_OK, tp_login(institute(), "testpress", "demo", &token, &error), error);
    assert_non_null(token);
    assert_memory_equal(tp_auth_header(token), HEADER_START "eyJ", strlen(HEADER_START "eyJ"));
    tp_token_free(token);
}

static void the_header_is_made_of_its_parts(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_token *token = log_in(client, "testpress", "demo");
    const char *header = tp_auth_header(token);
    assert_string_equal(header + strlen("Authorization: "), tp_auth_value(token));
    assert_string_equal(header + strlen(HEADER_START), tp_token_jwt(token));
    assert_memory_equal(header, HEADER_START, strlen(HEADER_START));
    /* One line, three parts of base64url: nothing in it can end the header or start another. */
    assert_int_equal(strspn(tp_token_jwt(token), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
                                                 "vwxyz0123456789-_."),
                     strlen(tp_token_jwt(token)));
    tp_token_free(token);
    tp_client_free(client);
}

static void the_getters_tell_who_and_how_long(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_token *token = log_in(client, "testpress", "demo");
    assert_string_equal(tp_token_origin(token), institute());
    assert_string_equal(tp_client_origin(client), institute());
    assert_string_equal(tp_token_username(token), "testpress");
    assert_string_equal(tp_token_email(token), "testpress@example.com");
    assert_int_equal(tp_token_user_id(token), 17);

    int64_t expires_at = tp_token_expires_at(token);
    int64_t left = expires_at - (int64_t)time(NULL);
    assert_true(left > 0);
    assert_in_range(tp_token_expires_in(token), left - 2, left);

    char claim[64];
    snprintf(claim, sizeof claim, "%" PRId64, expires_at);
    assert_int_equal(tp_token_claims(token)[0], '{');
    expect_contains(tp_token_claims(token), "\"user_id\"");
    expect_contains(tp_token_claims(token), claim);
    tp_token_free(token);
    tp_client_free(client);
}

static void an_integer_username_comes_as_digits(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_token *token = log_in(client, "13956", "demo");
    assert_string_equal(tp_token_username(token), "13956");
    tp_token_free(token);
    tp_client_free(client);
}

static void any_character_of_a_password_arrives(void **state) {
    (void)state;
    const char *encodings[] = {"json", "multipart"};
    for (size_t i = 0; i < 2; i++) {
        tp_client *client = client_with(institute(), OPTIONS("login_encoding", encodings[i]));
        tp_token_free(log_in(client, "unicode", "clé-é-🔑"));
        tp_token_free(log_in(client, "quotes", "it's \"50%\" & \\back\\\\slash"));
        tp_client_free(client);
    }
}

static void every_known_version_of_the_api_works(void **state) {
    (void)state;
    const char *versions[] = {"v2.2", "v2.3", "v2.5"};
    for (size_t i = 0; i < 3; i++) {
        tp_client *client = client_with(institute(), OPTIONS("api_version", versions[i]));
        tp_token_free(log_in(client, "testpress", "demo"));
        tp_client_free(client);
    }
}

static void one_client_logs_in_many_times(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    for (int i = 0; i < 20; i++) {
        tp_token_free(log_in(client, "testpress", "demo"));
        tp_token_free(log_in(client, "moderator", "demo"));
    }
    tp_client_free(client);
}

static void the_server_is_sent_what_it_documents(void **state) {
    (void)state;
    static struct canned server;
    canned_start(&server, CANNED_JSON("201 Created", "", "{\"pk\": 17, \"token\": \"a.b.c\"}"));
    tp_client *client = client_with(
        server.origin,
        OPTIONS("user_agent", "school-app/1.0", "device_uid", "4711", "device_type", "mobile_app"));
    tp_token *token = log_in(client, "tess", " two  blanks ");
    canned_stop(&server);
    assert_string_equal(tp_auth_header(token), HEADER_START "a.b.c");
    assert_int_equal(server.requests, 1);
    const char *start = "POST /api/v2.5/auth-token/ HTTP/1.1\r\n";
    assert_memory_equal(server.request, start, strlen(start));
    for (char *at = server.request; strncmp(at, "\r\n\r\n", 4) != 0; at++)
        if (*at >= 'A' && *at <= 'Z') /* names of headers have no case */
            *at = (char)(*at - 'A' + 'a');
    expect_contains(server.request, "\r\ncontent-type: application/json\r\n");
    expect_contains(server.request, "\r\nuser-agent: school-app/1.0\r\n");
    expect_contains(server.request, "\r\nx-device-uid: 4711\r\n");
    expect_contains(server.request, "\r\nx-device-type: mobile_app\r\n");
    const char *body = strstr(server.request, "\r\n\r\n") + 4;
    assert_string_equal(body, "{\"username\":\"tess\",\"password\":\" two  blanks \"}");
    tp_token_free(token);
    tp_client_free(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_functions_are_the_whole_story),
        cmocka_unit_test(the_header_is_made_of_its_parts),
        cmocka_unit_test(the_getters_tell_who_and_how_long),
        cmocka_unit_test(an_integer_username_comes_as_digits),
        cmocka_unit_test(any_character_of_a_password_arrives),
        cmocka_unit_test(every_known_version_of_the_api_works),
        cmocka_unit_test(one_client_logs_in_many_times),
        cmocka_unit_test(the_server_is_sent_what_it_documents),
    };
    return cmocka_run_group_tests_name("login", tests, NULL, NULL);
}
