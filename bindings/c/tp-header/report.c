#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "exit_codes.h"
#include "json.h"

/* A text that came over the network must not steer the terminal: control characters become '?'. */
static void print_harmless(FILE *file, const char *text) {
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool c1_control = at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F;
        if (c1_control)
            at++;
        fputc(c1_control || *at < 0x20 || *at == 0x7F ? '?' : *at, file);
    }
}

static void complain(const char *prefix, const char *text) {
    fputs(prefix, stderr);
    print_harmless(stderr, text);
    fputc('\n', stderr);
}

static void integer_or_null(struct json *json, const char *name, int64_t value, int64_t unknown) {
    if (value == unknown)
        json_null(json, name);
    else
        json_integer(json, name, value);
}

static void begin_with_status(struct json *json, int32_t status) {
    json_begin(json, stdout);
    json_string(json, "status", tp_status_name(status));
    json_integer(json, "code", status);
}

static void print_token_json(const tp_token *token) {
    struct json json;
    begin_with_status(&json, TP_OK);
    json_string(&json, "header", tp_auth_header(token));
    json_string(&json, "authorization", tp_auth_value(token));
    json_string(&json, "origin", tp_token_origin(token));
    integer_or_null(&json, "expires_at", tp_token_expires_at(token), 0);
    integer_or_null(&json, "expires_in", tp_token_expires_in(token), INT64_MAX);
    json_string(&json, "username", tp_token_username(token));
    integer_or_null(&json, "user_id", tp_token_user_id(token), -1);
    json_string(&json, "email", tp_token_email(token));
    json_raw(&json, "claims", tp_token_claims(token));
    json_end(&json);
}

static void print_error_json(int32_t status, const char *message, const tp_error *error) {
    struct json json;
    begin_with_status(&json, status);
    json_string(&json, "message", message);
    integer_or_null(&json, "http_status", tp_error_http_status(error), 0);
    json_string(&json, "server_code", tp_error_server_code(error));
    json_string(&json, "server_message", tp_error_server_message(error));
    json_string(&json, "server_body", tp_error_server_body(error));
    integer_or_null(&json, "retry_after", tp_error_retry_after(error), -1);
    json_boolean(&json, "retryable", tp_error_retryable(error) != 0);
    json_boolean(&json, "request_sent", tp_error_request_sent(error) != 0);
    json_end(&json);
}

int report_flush(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "tp-header: standard output can't be written: %s\n", strerror(errno));
    return EXIT_OUTPUT;
}

int report_token(const tp_token *token, bool json) {
    if (json)
        print_token_json(token);
    else
        printf("%s\n", tp_auth_header(token));
    return report_flush(EXIT_LOGGED_IN);
}

int report_error(const tp_error *error, bool json) {
    if (!error)
        return report_problem(TP_E_INTERNAL, "out of memory", json);
    complain("tp-header: ", tp_error_message(error));
    if (tp_error_server_message(error))
        complain("tp-header: the server says: ", tp_error_server_message(error));
    if (json)
        print_error_json(tp_error_status(error), tp_error_message(error), error);
    return report_flush(exit_code_of(tp_error_status(error)));
}

int report_problem(int32_t status, const char *message, bool json) {
    complain("tp-header: ", message);
    if (json)
        print_error_json(status, message, NULL); /* a getter of NULL gives its "unknown" */
    return report_flush(exit_code_of(status));
}
