#include "expect.h"

#include <string.h>

static const char *message_of(const tp_error *error) {
    return error ? tp_error_message(error) : "no error object";
}

void expect_status_at(int32_t expected, int32_t actual, const tp_error *error, const char *file,
                      int line) {
    bool agrees = expected == TP_OK ? error == NULL : tp_error_status(error) == expected;
    if (actual == expected && agrees)
        return;
    print_error("expected %s, got %s: %s\n", tp_status_name(expected), tp_status_name(actual),
                message_of(error));
    _fail(file, line);
}

void expect_invalid_at(const char *culprit, int32_t actual, tp_error *error, const char *file,
                       int line) {
    expect_status_at(TP_E_INVALID_ARGUMENT, actual, error, file, line);
    expect_part_at(tp_error_message(error), culprit, true, file, line);
    /* A mistake in the program: the same call can't work later, and nothing left the machine. */
    if (tp_error_retryable(error) || tp_error_request_sent(error) || tp_error_http_status(error))
        _fail(file, line);
    tp_error_free(error);
}

void expect_part_at(const char *text, const char *part, bool wanted, const char *file, int line) {
    if (text && (strstr(text, part) != NULL) == wanted)
        return;
    print_error("%.300s\n    %s %.100s\n", text ? text : "NULL", wanted ? "lacks" : "has", part);
    _fail(file, line);
}

tp_client *client_with(const char *institute, const char *const *options) {
    tp_config *config = tp_config_new();
    tp_error *error = NULL;
    for (; options && *options; options += 2)
        expect_status(TP_OK, tp_config_set(config, options[0], options[1], &error), error);
    tp_client *client = NULL;
    expect_status(TP_OK, tp_client_new(institute, config, &client, &error), error);
    assert_non_null(client);
    tp_config_free(config);
    return client;
}

tp_token *log_in(const tp_client *client, const char *username, const char *password) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    int32_t status = tp_client_login(client, username, password, NULL, &token, &error);
    expect_status(TP_OK, status, error);
    assert_non_null(token);
    return token;
}

tp_error *fail_to_log_in(int32_t status, const tp_client *client, const char *username,
                         const char *password, tp_call *call) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    expect_status(status, tp_client_login(client, username, password, call, &token, &error), error);
    assert_null(token);
    /* The rule for every message: it says something, and never a password. */
    assert_true(strlen(tp_error_message(error)) > 10);
    if (strlen(password) >= 8)
        expect_lacks(tp_error_message(error), password);
    return error;
}
