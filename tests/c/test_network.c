/* No answer at all: each reason has its own status, and nothing is sent twice. */
#include <signal.h>
#include <stdlib.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

static void a_dead_port_is_connect(void **state) {
    (void)state;
    tp_client *client = client_with(dead_origin(), NULL);
    tp_error *error = fail_to_log_in(TP_E_CONNECT, client, "testpress", "demo", NULL);
    assert_int_equal(tp_error_http_status(error), 0);
    assert_int_equal(tp_error_request_sent(error), 0);
    assert_int_equal(tp_error_retryable(error), 1);
    assert_null(tp_error_server_message(error));
    assert_null(tp_error_server_body(error));
    expect_contains(tp_error_message(error), "127.0.0.1");
    tp_error_free(error);
    tp_client_free(client);
}

static void an_unknown_name_is_dns(void **state) {
    (void)state;
    tp_client *client = client_with("nobody.invalid", OPTIONS("retries", "0"));
    tp_error *error = fail_to_log_in(TP_E_DNS, client, "testpress", "demo", NULL);
    expect_contains(tp_error_message(error), "nobody.invalid");
    assert_int_equal(tp_error_request_sent(error), 0);
    tp_error_free(error);
    tp_client_free(client);
}

static void an_untrusted_certificate_is_tls(void **state) {
    (void)state;
    /* The institute's certificate, judged by an authority that did not sign it. */
    tp_client *client = client_with(institute(), OPTIONS("ca_file", faults_ca()));
    int64_t start = now_ms();
    tp_error *error = fail_to_log_in(TP_E_TLS, client, "testpress", "demo", NULL);
    assert_true(now_ms() - start < 1000 * slowdown()); /* it is not tried again */
    expect_contains(tp_error_message(error), "localhost");
    expect_contains(tp_error_message(error), "ca_file");
    assert_int_equal(tp_error_retryable(error), 0);
    assert_int_equal(tp_error_request_sent(error), 0);
    tp_error_free(error);
    tp_client_free(client);
}

static void a_lost_answer_is_outcome_unknown(void **state) {
    (void)state;
    static struct canned server;
    canned_start(&server, CANNED_HANG_UP);
    tp_client *client = client_with(server.origin, OPTIONS("retries", "5"));
    tp_error *error = fail_to_log_in(TP_E_OUTCOME_UNKNOWN, client, "testpress", "demo", NULL);
    canned_stop(&server);
    assert_int_equal(server.requests, 1);
    assert_int_equal(tp_error_request_sent(error), 1);
    tp_error_free(error);
    tp_client_free(client);
}

/* A write to a lost connection raises SIGPIPE, which ends a program that knows nothing of it. */
static void a_lost_connection_ends_no_program(void **state) {
    (void)state;
    const char *faults[] = {"close-on-accept",   "reset-on-accept",     "handshake-reset",
                            "handshake-closed",  "reset-mid-request",   "early-413",
                            "cut-before-answer", "reset-before-answer", "tls-broken-record"};
    void (*before)(int) = signal(SIGPIPE, SIG_DFL);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char *origin = fault(faults[i]);
        tp_client *client = client_with(origin, OPTIONS("ca_file", faults_ca(), "retries", "1"));
        tp_token *token = NULL;
        assert_int_not_equal(tp_client_login(client, "u", "p", NULL, &token, NULL), TP_OK);
        assert_null(token);
        tp_client_free(client);
        free(origin);
    }
    signal(SIGPIPE, before);
}

static void the_deadline_is_timeout(void **state) {
    (void)state;
    static struct canned server;
    canned_start(&server, CANNED_SILENCE);
    tp_client *client = client_with(server.origin, OPTIONS("timeout_ms", "300"));
    tp_error *error = fail_to_log_in(TP_E_TIMEOUT, client, "testpress", "demo", NULL);
    canned_stop(&server);
    assert_int_equal(tp_error_request_sent(error), 1);
    assert_int_equal(tp_error_retryable(error), 1);
    tp_error_free(error);
    tp_client_free(client);
}

static void a_cancelled_call_is_cancelled(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_call *call = tp_call_new(0);
    tp_call_cancel(call);
    tp_error *error = fail_to_log_in(TP_E_CANCELLED, client, "testpress", "demo", call);
    assert_int_equal(tp_error_request_sent(error), 0);
    tp_error_free(error);
    tp_call_free(call);
    tp_client_free(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dead_port_is_connect),
        cmocka_unit_test(an_unknown_name_is_dns),
        cmocka_unit_test(an_untrusted_certificate_is_tls),
        cmocka_unit_test(a_lost_answer_is_outcome_unknown),
        cmocka_unit_test(a_lost_connection_ends_no_program),
        cmocka_unit_test(the_deadline_is_timeout),
        cmocka_unit_test(a_cancelled_call_is_cancelled),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
