/* Every way in which a login fails has its own status, and the error tells what the server said. */
#include <string.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

static void wrong_password_and_unknown_user_are_rejected(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    const char *users[] = {"testpress", "nobody", "inactive"};
    for (size_t i = 0; i < 3; i++) {
        const char *password = i == 2 ? "demo" : "wrong-password";
        tp_error *error = fail_to_log_in(TP_E_REJECTED, client, users[i], password, NULL);
        assert_int_equal(tp_error_http_status(error), 400);
        assert_string_equal(tp_error_server_message(error),
                            "Unable to log in with provided credentials.");
        expect_contains(tp_error_server_body(error), "\"non_field_errors\"");
        assert_null(tp_error_server_code(error));
        assert_int_equal(tp_error_retryable(error), 0);
        assert_int_equal(tp_error_request_sent(error), 1);
        assert_int_equal(tp_error_retry_after(error), -1);
        tp_error_free(error);
    }
    tp_client_free(client);
}

static void a_throttled_user_is_told_how_long_to_wait(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_token *token = NULL;
    /* The first login of a minute works, unless an earlier run of this test had it. */
    tp_client_login(client, "throttled", "demo", NULL, &token, NULL);
    tp_token_free(token);
    tp_error *error = fail_to_log_in(TP_E_THROTTLED, client, "throttled", "demo", NULL);
    assert_int_equal(tp_error_http_status(error), 429);
    assert_in_range(tp_error_retry_after(error), 1, 60);
    assert_int_equal(tp_error_retryable(error), 1);
    expect_contains(tp_error_server_message(error), "throttled");
    tp_error_free(error);
    tp_client_free(client);
}

static void the_vendors_error_codes_win(void **state) {
    (void)state;
    const struct {
        const char *username, *code;
        int32_t status;
    } cases[] = {
        {"locked", "max_login_exceeded", TP_E_LOCKED},
        {"devices", "parallel_login_restriction", TP_E_TOO_MANY_DEVICES},
        {"devices-nested", "parallel_login_restriction", TP_E_TOO_MANY_DEVICES},
    };
    tp_client *client = client_with(institute(), NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tp_error *error = fail_to_log_in(cases[i].status, client, cases[i].username, "demo", NULL);
        assert_string_equal(tp_error_server_code(error), cases[i].code);
        assert_non_null(tp_error_server_message(error));
        assert_true(tp_error_http_status(error) >= 400);
        tp_error_free(error);
    }
    tp_client_free(client);
}

static void an_unknown_path_and_a_fault_are_told_apart(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), OPTIONS("api_version", "v9.9"));
    tp_error *error = fail_to_log_in(TP_E_NOT_FOUND, client, "testpress", "demo", NULL);
    assert_int_equal(tp_error_http_status(error), 404);
    assert_null(tp_error_server_body(error)); /* it is HTML */
    tp_error_free(error);
    tp_client_free(client);

    client = client_with(institute(), NULL);
    error = fail_to_log_in(TP_E_SERVER, client, "fault", "demo", NULL);
    assert_int_equal(tp_error_http_status(error), 500);
    assert_int_equal(tp_error_retryable(error), 1);
    tp_error_free(error);
    tp_client_free(client);
}

/* Answers that the institute never gives. */
static const struct {
    const char *answer;
    int32_t status, http_status;
    const char *server_message;
} canned_cases[] = {
    {CANNED_JSON("401 Unauthorized", "", "{\"detail\":\"No.\"}"), TP_E_REJECTED, 401, "No."},
    {CANNED_JSON("400 Bad Request", "", "{\"non_field_errors\":[\"Nein, zweimal.\"]}"),
     TP_E_REJECTED, 400, "Nein, zweimal."},
    {CANNED_JSON("403 Forbidden", "", "{\"detail\":\"Never.\"}"), TP_E_FORBIDDEN, 403, "Never."},
    {CANNED_JSON("400 Bad Request", "", "{\"error_code\":\"max_login_exceeded\",\"detail\":\"x\"}"),
     TP_E_LOCKED, 400, "x"},
    {CANNED_JSON("400 Bad Request", "", "{\"password\":[\"Too short.\"]}"), TP_E_BAD_REQUEST, 400,
     "Too short."},
    {CANNED_JSON("415 Unsupported Media Type", "", "{\"detail\":\"No JSON.\"}"), TP_E_BAD_REQUEST,
     415, "No JSON."},
    {CANNED_JSON("503 Service Unavailable", "Retry-After: 7\r\n", ""), TP_E_SERVER, 503, NULL},
    {CANNED_JSON("301 Moved Permanently", "Location: https://elsewhere.example/x\r\n", ""),
     TP_E_BAD_RESPONSE, 301, NULL},
    {CANNED_JSON("200 OK", "", "<html>Pay for this network"), TP_E_BAD_RESPONSE, 200, NULL},
    {CANNED_JSON("200 OK", "", "{\"token\":\"a b\"}"), TP_E_BAD_RESPONSE, 200, NULL},
    {CANNED_JSON("200 OK", "", "{\"token\":17}"), TP_E_BAD_RESPONSE, 200, NULL},
    {CANNED_JSON("200 OK", "", "{}"), TP_E_BAD_RESPONSE, 200, NULL},
    {CANNED_JSON("200 OK", "Content-Length: 99\r\n", "{\"token\":\"abc\"}"), TP_E_BAD_RESPONSE, 200,
     NULL},
};

static void answers_are_read_by_status_and_shape(void **state) {
    (void)state;
    static struct canned server;
    for (size_t i = 0; i < sizeof canned_cases / sizeof canned_cases[0]; i++) {
        canned_start(&server, canned_cases[i].answer);
        tp_client *client = client_with(server.origin, NULL);
        tp_error *error = fail_to_log_in(canned_cases[i].status, client, "tess", "pw", NULL);
        canned_stop(&server);
        assert_int_equal(server.requests, 1); /* an answer is never asked for twice */
        assert_int_equal(tp_error_http_status(error), canned_cases[i].http_status);
        assert_int_equal(tp_error_request_sent(error), 1);
        if (canned_cases[i].server_message)
            assert_string_equal(tp_error_server_message(error), canned_cases[i].server_message);
        if (canned_cases[i].http_status == 503)
            assert_int_equal(tp_error_retry_after(error), 7);
        if (canned_cases[i].http_status == 301)
            expect_contains(tp_error_message(error), "https://elsewhere.example");
        tp_error_free(error);
        tp_client_free(client);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_password_and_unknown_user_are_rejected),
        cmocka_unit_test(a_throttled_user_is_told_how_long_to_wait),
        cmocka_unit_test(the_vendors_error_codes_win),
        cmocka_unit_test(an_unknown_path_and_a_fault_are_told_apart),
        cmocka_unit_test(answers_are_read_by_status_and_shape),
    };
    return cmocka_run_group_tests_name("statuses", tests, NULL, NULL);
}
