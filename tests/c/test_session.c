/* Sessions as a C program has them: who owns what, forks, and waiting for another thread's login.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

/* Every login to this one gets another token: equal tokens come from one login. */
#define SERVER "another-each-time"
#define CHILDREN 16

static tp_client *client_of(const char *name, const char *store) {
    char *origin = fault(name);
    tp_client *client = client_with(origin, OPTIONS("ca_file", faults_ca(), "store", store));
    free(origin);
    return client;
}

static tp_session *session_of(const tp_client *client) {
    tp_session *session = NULL;
    tp_error *error = NULL;
    expect_status(TP_OK, tp_session_new(client, "ada", "lovelace", &session, &error), error);
    return session;
}

static tp_token *token_of(const tp_session *session) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    expect_status(TP_OK, tp_session_token(session, NULL, &token, &error), error);
    return token;
}

static void null_and_bad_arguments(void **state) {
    (void)state;
    tp_client *client = client_of(SERVER, "memory");
    tp_session *session = NULL;
    tp_token *token = NULL;
    tp_error *error = NULL;
    expect_invalid("client", tp_session_new(NULL, "u", "p", &session, &error), error);
    expect_invalid("username", tp_session_new(client, NULL, "p", &session, &error), error);
    expect_invalid("username", tp_session_new(client, "", "p", &session, &error), error);
    expect_invalid("password", tp_session_new(client, "u", "\xff", &session, &error), error);
    expect_invalid("session", tp_session_new(client, "u", "p", NULL, &error), error);
    assert_null(session);
    expect_invalid("session", tp_session_token(NULL, NULL, &token, &error), error);
    session = session_of(client);
    expect_invalid("token", tp_session_token(session, NULL, NULL, &error), error);
    tp_session_reject(NULL, NULL);
    tp_session_reject(session, NULL);
    tp_session_free(session);
    tp_session_free(NULL);
    tp_client_free(client);
}

static void each_outlives_what_it_came_from(void **state) {
    (void)state;
    tp_client *client = client_of(SERVER, "memory");
    tp_session *session = session_of(client);
    tp_client_free(client);
    tp_token *first = token_of(session), *same = token_of(session);
    assert_string_equal(tp_token_jwt(first), tp_token_jwt(same));
    tp_token_free(same);
    tp_session_reject(session, first);
    tp_token *other = token_of(session);
    assert_string_not_equal(tp_token_jwt(first), tp_token_jwt(other));
    tp_session_free(session);
    assert_memory_equal(tp_auth_header(first), "Authorization: JWT eyJ", 22);
    tp_token_free(first);
    tp_token_free(other);
}

/*
 * A child writes its token's JWT, or what went wrong. It leaves its parent's things behind on
 * purpose, and becomes another program in the end, so that no leak checker counts them.
 */
static void report(const tp_session *session, int to) {
    char line[2048] = "";
    tp_token *token = NULL;
    tp_error *error = NULL;
    alarm((unsigned)(20 * slowdown())); /* a child that hangs has failed */
    int32_t status = tp_session_token(session, NULL, &token, &error);
    snprintf(line, sizeof line, "%s\n",
             status == TP_OK ? tp_token_jwt(token) : tp_error_message(error));
    bool written = write(to, line, strlen(line)) == (ssize_t)strlen(line);
    execlp(written ? "true" : "false", "report", (char *)NULL);
    _exit(1);
}

/* Starts children that all ask for a token, and counts the different answers. */
static int different_tokens(const tp_session *session, const char *known) {
    int pipes[2], different = 0;
    char line[2048], first[2048] = "";
    assert_int_equal(pipe(pipes), 0);
    for (int i = 0; i < CHILDREN; i++)
        if (fork() == 0)
            report(session, pipes[1]);
    close(pipes[1]);
    FILE *lines = fdopen(pipes[0], "r");
    for (int i = 0; i < CHILDREN; i++) {
        assert_non_null(fgets(line, sizeof line, lines));
        line[strcspn(line, "\n")] = 0;
        expect_contains(line, "eyJ");
        if (strcmp(first, line) != 0)
            different++;
        strcpy(first, line);
        if (known)
            assert_string_equal(line, known);
    }
    fclose(lines);
    for (int i = 0; i < CHILDREN; i++) {
        int status = 0;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    return different;
}

static void children_have_their_parents_token(void **state) {
    (void)state;
    tp_client *client = client_of(SERVER, "memory");
    tp_session *session = session_of(client);
    tp_token *token = token_of(session);
    assert_int_equal(different_tokens(session, tp_token_jwt(token)), 1);
    tp_token_free(token);
    tp_session_free(session);
    tp_client_free(client);
}

static void children_of_a_session_without_a_token_make_one_login_between_them(void **state) {
    (void)state;
    char directory[] = "/tmp/testpress-XXXXXX", store[64];
    assert_non_null(mkdtemp(directory));
    snprintf(store, sizeof store, "file:%s/store", directory);
    tp_client *client = client_of(SERVER, store);
    tp_session *session = session_of(client);
    assert_int_equal(different_tokens(session, NULL), 1);
    tp_session_free(session);
    tp_client_free(client);
    remove_directory(directory);
}

static void cached_is_what_needs_no_wait(void **state) {
    (void)state;
    assert_null(tp_session_cached(NULL));
    char directory[] = "/tmp/testpress-XXXXXX", store[64];
    assert_non_null(mkdtemp(directory));
    snprintf(store, sizeof store, "file:%s/store", directory);
    const char *stores[] = {"memory", store};
    for (int i = 0; i < 2; i++) {
        tp_client *client = client_of(SERVER, stores[i]);
        tp_session *session = session_of(client);
        assert_null(tp_session_cached(session)); /* it would have to log in */
        tp_token *token = token_of(session), *cached = tp_session_cached(session);
        assert_string_equal(tp_token_jwt(cached), tp_token_jwt(token));
        tp_session_free(session);
        assert_string_equal(tp_token_jwt(cached),
                            tp_token_jwt(token)); /* it outlives the session */
        tp_token_free(cached);
        session = session_of(client);
        cached = tp_session_cached(session);
        if (i == 0) {
            assert_null(cached);
        } else { /* another process would find it, too */
            assert_string_equal(tp_token_jwt(cached), tp_token_jwt(token));
            tp_session_reject(session, cached);
            assert_null(tp_session_cached(session));
        }
        tp_token_free(cached);
        tp_token_free(token);
        tp_session_free(session);
        tp_client_free(client);
    }
    remove_directory(directory);
}

static void a_store_that_cant_be_used_says_so_when_asked(void **state) {
    (void)state;
    tp_error *error = NULL;
    expect_invalid("session", tp_session_check_store(NULL, &error), error);
    const char *stores[] = {"memory", "file:/proc/testpress"};
    const int32_t expected[] = {TP_OK, TP_E_STORE};
    for (int i = 0; i < 2; i++) {
        tp_client *client = client_of(SERVER, stores[i]);
        tp_session *session = session_of(client);
        error = NULL;
        int32_t status = tp_session_check_store(session, &error);
        assert_int_equal(status, expected[i]);
        assert_int_equal(tp_session_check_store(session, NULL), expected[i]);
        if (status != TP_OK)
            expect_contains(tp_error_message(error), "/proc/testpress");
        tp_error_free(error);
        tp_token_free(token_of(session)); /* a login never fails for its store */
        tp_session_free(session);
        tp_client_free(client);
    }
}

struct waiter {
    const tp_session *session;
    tp_call *call;
    int32_t status;
};

static void *wait_for_token(void *context) {
    struct waiter *waiter = context;
    tp_token *token = NULL;
    waiter->status = tp_session_token(waiter->session, waiter->call, &token, NULL);
    tp_token_free(token);
    return NULL;
}

static void each_waiter_is_cancelled_on_its_own(void **state) {
    (void)state;
    tp_client *client = client_of("silent-after-request", "memory");
    tp_session *session = session_of(client);
    struct waiter waiters[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        waiters[i] = (struct waiter){session, tp_call_new(0), 0};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for_token, &waiters[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        int64_t start = now_ms();
        tp_call_cancel(waiters[i].call);
        pthread_join(threads[i], NULL);
        assert_int_equal(waiters[i].status, TP_E_CANCELLED);
        assert_true(now_ms() - start <= 150 * slowdown());
        tp_call_free(waiters[i].call);
    }
    tp_session_free(session);
    tp_client_free(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_and_bad_arguments),
        cmocka_unit_test(each_outlives_what_it_came_from),
        cmocka_unit_test(children_have_their_parents_token),
        cmocka_unit_test(children_of_a_session_without_a_token_make_one_login_between_them),
        cmocka_unit_test(cached_is_what_needs_no_wait),
        cmocka_unit_test(a_store_that_cant_be_used_says_so_when_asked),
        cmocka_unit_test(each_waiter_is_cancelled_on_its_own),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
