/* One call, one deadline: met whatever the server does, or signals, and a cancellation ends it. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

/* What the library promises. */
#define LATE_MS 100
#define CANCEL_MS 150

/* A machine that is busy with something else may be late once; a library that is late stays so. */
#define ATTEMPTS 3

static tp_client *faulty_client(const char *name, const char *connect_timeout_ms) {
    char *origin = fault(name);
    tp_client *client = client_with(origin, OPTIONS("ca_file", faults_ca(), "retries", "0",
                                                    "connect_timeout_ms", connect_timeout_ms));
    free(origin);
    return client;
}

/* How long a login takes until its deadline ends it. */
static int64_t time_of_a_timeout(const tp_client *client, int64_t deadline_of_call) {
    tp_call *call = tp_call_new(deadline_of_call);
    int64_t start = now_ms();
    tp_error_free(fail_to_log_in(TP_E_TIMEOUT, client, "testpress", "demo", call));
    int64_t took = now_ms() - start;
    tp_call_free(call);
    return took;
}

/* Checks that the login ends at `expected`, not before and hardly later. `what` is for the report.
 */
static void expect_timeout_at(int64_t expected, const tp_client *client, int64_t deadline_of_call,
                              const char *what) {
    int64_t took = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        took = time_of_a_timeout(client, deadline_of_call);
        if (took < expected)
            break;
        if (took <= expected + LATE_MS * slowdown())
            return;
    }
    fail_msg("%s: left after %d ms instead of %d", what, (int)took, (int)expected);
}

/* Silent, or never done: in the connect, in the handshake, before, in and after the head. */
static const char *const tardy[] = {
    "connect-stalls",
    "accept-silent",
    "accept-deaf",
    "handshake-stalls",
    "handshake-drips",
    "silent-after-tls",
    "silent-after-request",
    "half-head-then-silent",
    "half-answer-then-silent",
    "drip",
    "drip-plain",
    "endless-header-drip",
    "endless-continue",
    "chunked-stalls",
};
#define TARDY (sizeof tardy / sizeof tardy[0])

static void leave_every_tardy_server(void) {
    for (size_t i = 0; i < TARDY; i++) {
        tp_client *client = faulty_client(tardy[i], "10000");
        expect_timeout_at(400, client, 400, tardy[i]);
        tp_client_free(client);
    }
}

static void a_tardy_server_is_left_at_the_deadline(void **state) {
    (void)state;
    leave_every_tardy_server();
}

static void the_calls_deadline_goes_before_the_clients(void **state) {
    (void)state;
    static struct canned server;
    canned_start(&server, CANNED_SILENCE);
    tp_client *client = client_with(server.origin, OPTIONS("timeout_ms", "300"));
    expect_timeout_at(300, client, 0, "the client's deadline");
    expect_timeout_at(600, client, 600, "a later one of the call");
    tp_client_free(client);
    client = client_with(server.origin, OPTIONS("timeout_ms", "86400000"));
    expect_timeout_at(300, client, 300, "an earlier one of the call");
    tp_client_free(client);
    canned_stop(&server);
}

static void the_connect_has_a_deadline_of_its_own(void **state) {
    (void)state;
    const char *phases[] = {"connect-stalls", "accept-silent", "handshake-stalls"};
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        tp_client *client = faulty_client(phases[i], "300");
        expect_timeout_at(300, client, 0, phases[i]);
        tp_error *error = fail_to_log_in(TP_E_TIMEOUT, client, "u", "p", NULL);
        assert_int_equal(tp_error_request_sent(error), 0);
        tp_error_free(error);
        tp_client_free(client);
    }
}

/* Interrupts a thread every 50 microseconds. */
struct storm {
    pthread_t thread, target;
    volatile sig_atomic_t over, hits;
};
static struct storm storm;

static void count_hit(int number) {
    (void)number;
    storm.hits++;
}

static void *blow(void *unused) {
    (void)unused;
    struct timespec pause = {0, 50000};
    while (!storm.over) {
        pthread_kill(storm.target, SIGUSR1);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void a_storm_of_signals_delays_nothing(void **state) {
    (void)state;
    if (slowdown() > 10)
        skip(); /* valgrind takes longer for a signal than the pause between two */
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = count_hit; /* without SA_RESTART: every call is interrupted */
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, &before);
    storm.target = pthread_self();
    storm.over = storm.hits = 0;
    assert_int_equal(pthread_create(&storm.thread, NULL, blow, NULL), 0);

    leave_every_tardy_server();
    tp_client *client = client_with(institute(), NULL);
    tp_token_free(log_in(client, "testpress", "demo"));
    tp_client_free(client);

    storm.over = 1;
    pthread_join(storm.thread, NULL);
    sigaction(SIGUSR1, &before, NULL);
    assert_true(storm.hits > 1000);
}

/* Cancels a call after a while, and notes when. */
struct canceller {
    tp_call *call;
    int64_t after, at;
};

static void *cancel_later(void *context) {
    struct canceller *canceller = context;
    sleep_ms(canceller->after);
    canceller->at = now_ms();
    tp_call_cancel(canceller->call);
    return NULL;
}

/* How long after its cancellation a login ends. */
static int64_t time_of_a_cancellation(const tp_client *client) {
    struct canceller canceller = {tp_call_new(0), 200, 0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_later, &canceller), 0);
    tp_error *error = fail_to_log_in(TP_E_CANCELLED, client, "testpress", "demo", canceller.call);
    int64_t end = now_ms();
    pthread_join(thread, NULL);
    tp_error_free(error);
    tp_call_free(canceller.call);
    return end - canceller.at;
}

static void a_cancellation_ends_a_call_in_every_phase(void **state) {
    (void)state;
    for (size_t i = 0; i < TARDY; i++) {
        tp_client *client = faulty_client(tardy[i], "10000");
        int64_t took = CANCEL_MS * slowdown() + 1;
        for (int attempt = 0; attempt < ATTEMPTS && took > CANCEL_MS * slowdown(); attempt++)
            took = time_of_a_cancellation(client);
        if (took > CANCEL_MS * slowdown())
            fail_msg("%s: ended %d ms after the cancellation", tardy[i], (int)took);
        tp_client_free(client);
    }
}

static void a_cancelled_call_stays_cancelled(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_call *call = tp_call_new(0);
    tp_token *token = NULL;
    /* Until then it serves one login after another. */
    for (int i = 0; i < 3; i++) {
        expect_status(TP_OK, tp_client_login(client, "testpress", "demo", call, &token, NULL),
                      NULL);
        tp_token_free(token);
    }
    tp_call_cancel(call);
    tp_call_cancel(call);
    for (int i = 0; i < 3; i++)
        tp_error_free(fail_to_log_in(TP_E_CANCELLED, client, "testpress", "demo", call));
    tp_call_free(call);
    /* The client is as good as ever. */
    tp_token_free(log_in(client, "testpress", "demo"));
    tp_client_free(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tardy_server_is_left_at_the_deadline),
        cmocka_unit_test(the_calls_deadline_goes_before_the_clients),
        cmocka_unit_test(the_connect_has_a_deadline_of_its_own),
        cmocka_unit_test(a_storm_of_signals_delays_nothing),
        cmocka_unit_test(a_cancellation_ends_a_call_in_every_phase),
        cmocka_unit_test(a_cancelled_call_stays_cancelled),
    };
    return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
