/* Who owns what, for how long, and what NULL means. */
#include <dirent.h>
#include <string.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

static void freeing_null_does_nothing(void **state) {
    (void)state;
    tp_token_free(NULL);
    tp_error_free(NULL);
    tp_config_free(NULL);
    tp_call_free(NULL);
    tp_call_cancel(NULL);
    tp_client_free(NULL);
}

static void getters_of_null_give_their_unknown(void **state) {
    (void)state;
    assert_null(tp_auth_header(NULL));
    assert_null(tp_auth_value(NULL));
    assert_null(tp_token_jwt(NULL));
    assert_null(tp_token_origin(NULL));
    assert_null(tp_token_username(NULL));
    assert_null(tp_token_email(NULL));
    assert_null(tp_token_claims(NULL));
    assert_null(tp_token_clone(NULL));
    assert_int_equal(tp_token_expires_at(NULL), 0);
    assert_true(tp_token_expires_in(NULL) == INT64_MAX);
    assert_int_equal(tp_token_user_id(NULL), -1);

    assert_int_equal(tp_error_status(NULL), TP_OK);
    assert_null(tp_error_message(NULL));
    assert_int_equal(tp_error_http_status(NULL), 0);
    assert_null(tp_error_server_code(NULL));
    assert_null(tp_error_server_message(NULL));
    assert_null(tp_error_server_body(NULL));
    assert_int_equal(tp_error_retry_after(NULL), -1);
    assert_int_equal(tp_error_retryable(NULL), 0);
    assert_int_equal(tp_error_request_sent(NULL), 0);

    assert_null(tp_client_origin(NULL));
}

static void output_pointers_are_set_first(void **state) {
    (void)state;
    static int unrelated; /* what a pointer held before is not freed, so it may be anything */
    tp_token *token = (tp_token *)&unrelated;
    tp_error *error = (tp_error *)&unrelated;
    expect_status(TP_OK, tp_token_from_jwt("demo", "a.b.c", &token, &error), error);
    assert_null(error);
    tp_token_free(token);

    token = (tp_token *)&unrelated;
    error = (tp_error *)&unrelated;
    expect_status(TP_OK, tp_login(institute(), "testpress", "demo", &token, &error), error);
    assert_null(error);
    tp_token_free(token);

    tp_config *config = tp_config_new();
    error = (tp_error *)&unrelated;
    expect_status(TP_OK, tp_config_set(config, "retries", "0", &error), error);
    assert_null(error);

    tp_client *client = (tp_client *)&unrelated;
    error = (tp_error *)&unrelated;
    expect_status(TP_OK, tp_client_new(dead_origin(), config, &client, &error), error);
    assert_null(error);

    token = (tp_token *)&unrelated;
    int32_t status = tp_client_login(client, "u", "p", NULL, &token, &error);
    expect_status(TP_E_CONNECT, status, error);
    assert_null(token);
    tp_error_free(error);
    tp_client_free(client);
    tp_config_free(config);
}

static void no_error_object_need_be_taken(void **state) {
    (void)state;
    tp_token *token = NULL;
    tp_client *client = NULL;
    assert_int_equal(tp_login(institute(), "testpress", "wrong", &token, NULL), TP_E_REJECTED);
    assert_int_equal(tp_login(institute(), "testpress", "demo", &token, NULL), TP_OK);
    tp_token_free(token);
    assert_int_equal(tp_client_new("a b", NULL, &client, NULL), TP_E_INVALID_ARGUMENT);
    assert_int_equal(tp_client_new(institute(), NULL, &client, NULL), TP_OK);
    assert_int_equal(tp_client_login(client, "testpress", "wrong", NULL, &token, NULL),
                     TP_E_REJECTED);
    tp_client_free(client);
}

static void strings_live_as_long_as_their_handle(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_token *token = log_in(client, "testpress", "demo");
    tp_error *error = fail_to_log_in(TP_E_REJECTED, client, "testpress", "wrong", NULL);
    const char *header = tp_auth_header(token), *claims = tp_token_claims(token);
    const char *message = tp_error_message(error), *body = tp_error_server_body(error);
    /* Neither outlives nor depends on the client; and asking again moves nothing. */
    tp_client_free(client);
    for (int i = 0; i < 100; i++)
        tp_token_free(tp_token_clone(token));
    assert_ptr_equal(tp_auth_header(token), header);
    assert_ptr_equal(tp_token_claims(token), claims);
    assert_ptr_equal(tp_error_message(error), message);
    assert_memory_equal(header, "Authorization: JWT ", 19);
    assert_int_equal(claims[0], '{');
    expect_contains(message, "localhost");
    expect_contains(body, "non_field_errors");
    tp_token_free(token);
    tp_error_free(error);
}

static void arguments_are_copied(void **state) {
    (void)state;
    char name[] = "retries", value[] = "0", where[] = "demo", jwt[] = "a.b.c";
    tp_config *config = tp_config_new();
    expect_status(TP_OK, tp_config_set(config, name, value, NULL), NULL);
    memset(name, 'x', sizeof name - 1);
    memset(value, 'x', sizeof value - 1);
    tp_client *client = NULL;
    expect_status(TP_OK, tp_client_new(where, config, &client, NULL), NULL);
    tp_token *token = NULL;
    expect_status(TP_OK, tp_token_from_jwt(where, jwt, &token, NULL), NULL);
    memset(where, 'x', sizeof where - 1);
    memset(jwt, 'x', sizeof jwt - 1);
    tp_config_free(config);
    assert_string_equal(tp_client_origin(client), "https://demo.testpress.in");
    assert_string_equal(tp_token_origin(token), "https://demo.testpress.in");
    assert_string_equal(tp_token_jwt(token), "a.b.c");
    tp_token_free(token);
    tp_client_free(client);
}

static int count_descriptors(void) {
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* Logins that work, fail, time out and are cancelled, each with its own client and call. */
static void use_everything(const char *silent_origin) {
    const char *origins[] = {institute(), dead_origin(), silent_origin, institute()};
    for (int i = 0; i < 4; i++) {
        tp_client *client = client_with(origins[i], NULL);
        tp_call *call = tp_call_new(i == 2 ? 50 : 0);
        if (i == 3)
            tp_call_cancel(call);
        tp_token *token = NULL;
        tp_client_login(client, "testpress", "demo", call, &token, NULL);
        tp_token_free(token);
        tp_call_free(call);
        tp_client_free(client);
    }
}

static void freeing_closes_every_descriptor(void **state) {
    (void)state;
    static struct canned server;
    canned_start(&server, CANNED_SILENCE);
    use_everything(server.origin);
    sleep_ms(200); /* the server, too, has to close its end of the last connection */
    int before = count_descriptors();
    for (int i = 0; i < 10; i++)
        use_everything(server.origin);
    sleep_ms(200);
    assert_int_equal(count_descriptors(), before);
    canned_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(freeing_null_does_nothing),
        cmocka_unit_test(getters_of_null_give_their_unknown),
        cmocka_unit_test(output_pointers_are_set_first),
        cmocka_unit_test(no_error_object_need_be_taken),
        cmocka_unit_test(strings_live_as_long_as_their_handle),
        cmocka_unit_test(arguments_are_copied),
        cmocka_unit_test(freeing_closes_every_descriptor),
    };
    return cmocka_run_group_tests_name("lifetime", tests, NULL, NULL);
}
