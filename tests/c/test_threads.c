/* What is const is shared: one client and one token in many threads, and in a forked child. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"
#include "surroundings.h"

#define THREADS 16

/* A check in a thread can't end the test (it would jump to another stack): it counts instead. */
struct worker {
    pthread_t thread;
    const tp_client *client;
    const tp_token *token;
    int number, rounds, mistakes;
};

static void in_threads(void *(*work)(void *), const tp_client *client, const tp_token *token,
                       int rounds) {
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){0, client, token, i, rounds, 0};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].mistakes, 0);
    }
}

/* One user per thread parity: an answer that went to the wrong thread would show. */
static void *log_in_often(void *context) {
    struct worker *worker = context;
    const char *username = worker->number % 2 ? "testpress" : "moderator";
    for (int i = 0; i < worker->rounds; i++) {
        tp_token *token = NULL;
        tp_error *error = NULL;
        const char *password = i % 3 == 2 ? "wrong" : "demo";
        int32_t status = tp_client_login(worker->client, username, password, NULL, &token, &error);
        if (i % 3 == 2)
            worker->mistakes += status != TP_E_REJECTED || token != NULL;
        else
            worker->mistakes += status != TP_OK || strcmp(tp_token_username(token), username) != 0;
        tp_token_free(token);
        tp_error_free(error);
    }
    return NULL;
}

static void threads_share_a_client(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    in_threads(log_in_often, client, NULL, slowdown() > 10 ? 3 : 30);
    tp_client_free(client);
}

static void *clone_often(void *context) {
    struct worker *worker = context;
    for (int i = 0; i < worker->rounds; i++) {
        tp_token *clone = tp_token_clone(worker->token);
        tp_token *second = tp_token_clone(clone);
        tp_token_free(clone);
        worker->mistakes += strcmp(tp_auth_header(second), "Authorization: JWT a.b.c") != 0;
        worker->mistakes += strcmp(tp_token_jwt(worker->token), "a.b.c") != 0;
        tp_token_free(second);
    }
    return NULL;
}

static void threads_clone_and_free_a_token(void **state) {
    (void)state;
    tp_token *token = NULL;
    expect_status(TP_OK, tp_token_from_jwt("demo", "a.b.c", &token, NULL), NULL);
    in_threads(clone_often, NULL, token, slowdown() > 10 ? 200 : 20000);
    assert_string_equal(tp_token_jwt(token), "a.b.c");
    tp_token_free(token);
}

static void *read_error(void *context) {
    struct worker *worker = context;
    tp_error *error = NULL;
    tp_token *token = NULL;
    for (int i = 0; i < worker->rounds; i++) {
        tp_login("", "u", "p", &token, &error);
        worker->mistakes += tp_error_status(error) != TP_E_INVALID_ARGUMENT;
        worker->mistakes += strstr(tp_error_message(error), "institute") == NULL;
        tp_error_free(error);
    }
    return NULL;
}

static void every_thread_has_its_own_errors(void **state) {
    (void)state;
    in_threads(read_error, NULL, NULL, 100);
}

/* Logs in with the parent's handles, then frees them. */
static bool works_in_a_child(tp_client *client, tp_token *token) {
    tp_token *own = NULL;
    int32_t status = tp_client_login(client, "moderator", "demo", NULL, &own, NULL);
    bool fine = status == TP_OK && strcmp(tp_token_username(own), "moderator") == 0 &&
                strcmp(tp_token_username(token), "testpress") == 0;
    tp_token_free(own);
    tp_token_free(token);
    tp_client_free(client);
    return fine;
}

/*
 * A child leaves its parent's connections behind on purpose. It becomes another program in the end,
 * so that no leak checker counts them.
 */
static void be_a_child(tp_client *client, tp_token *token) {
    alarm((unsigned)(20 * slowdown())); /* a child that hangs has failed */
    const char *answer = works_in_a_child(client, token) ? "true" : "false";
    execlp(answer, answer, (char *)NULL);
    _exit(1);
}

static void a_forked_child_uses_every_handle(void **state) {
    (void)state;
    tp_client *client = client_with(institute(), NULL);
    tp_token *token = log_in(client, "testpress", "demo");
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            be_a_child(client, token);
        /* The child must not end the connection that the parent goes on with. */
        tp_token_free(log_in(client, "testpress", "demo"));
        int ending;
        assert_int_equal(waitpid(child, &ending, 0), child);
        assert_int_equal(ending, 0);
        tp_token_free(log_in(client, "testpress", "demo"));
    }
    tp_token_free(token);
    tp_client_free(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_client),
        cmocka_unit_test(threads_clone_and_free_a_token),
        cmocka_unit_test(every_thread_has_its_own_errors),
        cmocka_unit_test(a_forked_child_uses_every_handle),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
