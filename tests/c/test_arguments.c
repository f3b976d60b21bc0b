/* Arguments that break a rule: each is TP_E_INVALID_ARGUMENT, names the culprit and sends nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "canned.h"
#include "expect.h"

#define MEGABYTE 1048576
#define NOT_UTF8 "s3cr\xC3("

/* A string of that many bytes; free it. */
static char *long_text(size_t length) {
    char *text = malloc(length + 1);
    memset(text, 'x', length);
    text[length] = '\0';
    return text;
}

/* What a failed function must leave behind in its output pointer. */
#define POISON ((void *)0x1)

static void tp_login_takes_no_null(void **state) {
    (void)state;
    const struct {
        const char *institute, *username, *password, *culprit;
    } cases[] = {
        {NULL, "u", "p", "institute"},
        {"demo", NULL, "p", "username"},
        {"demo", "u", NULL, "password"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tp_token *token = POISON;
        tp_error *error = POISON;
        int32_t status = tp_login(cases[i].institute, cases[i].username, cases[i].password, &token,
                                  &error);
        assert_null(token);
        expect_invalid(cases[i].culprit, status, error);
    }
    tp_error *error = NULL;
    expect_invalid("token", tp_login("demo", "u", "p", NULL, &error), error);
    assert_int_equal(tp_login(NULL, NULL, NULL, NULL, NULL), TP_E_INVALID_ARGUMENT);
}

static void tp_token_from_jwt_takes_no_null(void **state) {
    (void)state;
    tp_token *token = POISON;
    tp_error *error = POISON;
    expect_invalid("institute", tp_token_from_jwt(NULL, "a.b.c", &token, &error), error);
    assert_null(token);
    expect_invalid("jwt", tp_token_from_jwt("demo", NULL, &token, &error), error);
    assert_null(token);
    expect_invalid("token", tp_token_from_jwt("demo", "a.b.c", NULL, &error), error);
    assert_int_equal(tp_token_from_jwt(NULL, NULL, NULL, NULL), TP_E_INVALID_ARGUMENT);
}

static void tp_config_set_takes_no_null(void **state) {
    (void)state;
    tp_config *config = tp_config_new();
    tp_error *error = POISON;
    expect_invalid("config", tp_config_set(NULL, "retries", "1", &error), error);
    expect_invalid("name", tp_config_set(config, NULL, "1", &error), error);
    expect_invalid("value", tp_config_set(config, "retries", NULL, &error), error);
    assert_int_equal(tp_config_set(NULL, NULL, NULL, NULL), TP_E_INVALID_ARGUMENT);
    tp_config_free(config);
}

static void ignore_message(void *context, int32_t level, const char *message) {
    (void)context;
    (void)level;
    (void)message;
}

static void tp_config_set_log_checks_its_arguments(void **state) {
    (void)state;
    tp_config *config = tp_config_new();
    assert_int_equal(tp_config_set_log(NULL, TP_LOG_DEBUG, ignore_message, NULL),
                     TP_E_INVALID_ARGUMENT);
    const int32_t no_levels[] = {-1, TP_LOG_DEBUG + 1, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof no_levels / sizeof no_levels[0]; i++)
        assert_int_equal(tp_config_set_log(config, no_levels[i], ignore_message, NULL),
                         TP_E_INVALID_ARGUMENT);
    for (int32_t level = TP_LOG_ERROR; level <= TP_LOG_DEBUG; level++)
        assert_int_equal(tp_config_set_log(config, level, ignore_message, NULL), TP_OK);
    tp_config_free(config);
}

static void tp_client_new_takes_no_null(void **state) {
    (void)state;
    tp_client *client = POISON;
    tp_error *error = POISON;
    expect_invalid("institute", tp_client_new(NULL, NULL, &client, &error), error);
    assert_null(client);
    expect_invalid("client", tp_client_new("demo", NULL, NULL, &error), error);
    assert_int_equal(tp_client_new(NULL, NULL, NULL, NULL), TP_E_INVALID_ARGUMENT);
}

static void tp_client_login_takes_no_null(void **state) {
    (void)state;
    tp_client *client = client_with(dead_origin(), NULL);
    tp_token *token = POISON;
    tp_error *error = POISON;
    expect_invalid("client", tp_client_login(NULL, "u", "p", NULL, &token, &error), error);
    assert_null(token);
    expect_invalid("username", tp_client_login(client, NULL, "p", NULL, &token, &error), error);
    expect_invalid("password", tp_client_login(client, "u", NULL, NULL, &token, &error), error);
    expect_invalid("token", tp_client_login(client, "u", "p", NULL, NULL, &error), error);
    assert_int_equal(tp_client_login(NULL, NULL, NULL, NULL, NULL, NULL), TP_E_INVALID_ARGUMENT);
    tp_client_free(client);
}

static void absurd_timeouts_of_a_call_have_a_meaning(void **state) {
    (void)state;
    static struct canned server;
    canned_start(&server, CANNED_JSON("200 OK", "", "{\"token\":\"a.b.c\"}"));
    tp_client *client = client_with(server.origin, NULL);
    const int64_t passed[] = {-1, INT64_MIN};
    for (size_t i = 0; i < 2; i++) {
        tp_call *call = tp_call_new(passed[i]);
        tp_error *error = fail_to_log_in(TP_E_TIMEOUT, client, "u", "p", call);
        assert_int_equal(tp_error_request_sent(error), 0);
        tp_error_free(error);
        tp_call_free(call);
    }
    tp_call *call = tp_call_new(INT64_MAX);
    tp_token *token = NULL;
    expect_status(TP_OK, tp_client_login(client, "u", "p", call, &token, NULL), NULL);
    tp_token_free(token);
    tp_call_free(call);
    tp_client_free(client);
    canned_stop(&server);
    assert_int_equal(server.requests, 1);
}

static void credentials_are_checked_and_not_repeated(void **state) {
    (void)state;
    char *megabyte = long_text(MEGABYTE);
    char *one_too_many = long_text(65536 + 1);
    const char *bad[] = {"", NOT_UTF8, "\xFF", "\xED\xA0\x80", megabyte, one_too_many};
    tp_client *client = client_with(dead_origin(), NULL);
    tp_token *token;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tp_error *error;
        int32_t status = tp_client_login(client, bad[i], "p", NULL, &token, &error);
        expect_invalid("username", status, error);
        status = tp_client_login(client, "u", bad[i], NULL, &token, &error);
        expect_lacks(tp_error_message(error), "s3cr");
        expect_lacks(tp_error_message(error), "xxxx");
        expect_invalid("password", status, error);
    }
    /* The most that is allowed goes out: nobody listens there. */
    megabyte[65536] = '\0';
    tp_error_free(fail_to_log_in(TP_E_CONNECT, client, megabyte, megabyte, NULL));
    tp_error_free(fail_to_log_in(TP_E_CONNECT, client, "\t\x01 u", "\n\x7F p", NULL));
    tp_client_free(client);
    free(megabyte);
    free(one_too_many);
}

static void a_jwt_that_could_break_a_header_is_refused(void **state) {
    (void)state;
    char *megabyte = long_text(MEGABYTE);
    const char *bad[] = {"",       "s3cr et",      "s3cr\r\nX: y", "s3cr\t",
                         NOT_UTF8, "s3cr\xC3\xA9", megabyte};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tp_token *token = POISON;
        tp_error *error;
        int32_t status = tp_token_from_jwt("demo", bad[i], &token, &error);
        assert_null(token);
        expect_lacks(tp_error_message(error), "s3cr");
        expect_invalid("jwt", status, error);
    }
    free(megabyte);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tp_login_takes_no_null),
        cmocka_unit_test(tp_token_from_jwt_takes_no_null),
        cmocka_unit_test(tp_config_set_takes_no_null),
        cmocka_unit_test(tp_config_set_log_checks_its_arguments),
        cmocka_unit_test(tp_client_new_takes_no_null),
        cmocka_unit_test(tp_client_login_takes_no_null),
        cmocka_unit_test(absurd_timeouts_of_a_call_have_a_meaning),
        cmocka_unit_test(credentials_are_checked_and_not_repeated),
        cmocka_unit_test(a_jwt_that_could_break_a_header_is_refused),
    };
    return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
