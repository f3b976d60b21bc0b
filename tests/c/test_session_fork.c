/* A fork while another thread logs in for its session: that login is the parent's. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

/* What an error says whose login was another's. */
#define NOT_OURS "while waiting for another login of the same user"

struct leader {
    tp_session *session;
    tp_call *call;
};

static void *lead(void *context) {
    struct leader *leader = context;
    tp_token *token = NULL;
    tp_session_token(leader->session, leader->call, &token, NULL);
    tp_token_free(token);
    return NULL;
}

enum waiting { FOR_ITS_OWN_LOGIN, FOR_ANOTHERS, NO_WAIT };

/* What a call does until it runs out of time: the server never answers. */
static enum waiting wait_for(const tp_session *session, int64_t timeout_ms) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    tp_call *call = tp_call_new(timeout_ms);
    enum waiting how = NO_WAIT;
    if (tp_session_token(session, call, &token, &error) == TP_E_TIMEOUT)
        how = strstr(tp_error_message(error), NOT_OURS) ? FOR_ANOTHERS : FOR_ITS_OWN_LOGIN;
    tp_error_free(error);
    tp_call_free(call);
    return how;
}

static void a_child_logs_in_itself_while_its_parent_does(void **state) {
    (void)state;
    char *origin = fault("silent-after-request");
    tp_client *client = client_with(origin, OPTIONS("ca_file", faults_ca()));
    struct leader leader = {NULL, tp_call_new(0)};
    pthread_t thread;
    assert_int_equal(tp_session_new(client, "ada", "lovelace", &leader.session, NULL), TP_OK);
    assert_int_equal(pthread_create(&thread, NULL, lead, &leader), 0);
    enum waiting how;
    while ((how = wait_for(leader.session, 50 * slowdown())) != FOR_ANOTHERS)
        assert_int_equal(how, FOR_ITS_OWN_LOGIN); /* the other thread has not begun */
    pid_t child = fork();
    if (child == 0) {
        alarm((unsigned)(20 * slowdown())); /* a child that hangs has failed */
        bool right = wait_for(leader.session, 300 * slowdown()) == FOR_ITS_OWN_LOGIN;
        /* It leaves its parent's things behind: as another program, no leak checker counts them. */
        execlp(right ? "true" : "false", "child", (char *)NULL);
        _exit(1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    /* The parent's goes on. */
    assert_int_equal(wait_for(leader.session, 50 * slowdown()), FOR_ANOTHERS);
    tp_call_cancel(leader.call);
    pthread_join(thread, NULL);
    tp_call_free(leader.call);
    tp_session_free(leader.session);
    tp_client_free(client);
    free(origin);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_logs_in_itself_while_its_parent_does),
    };
    return cmocka_run_group_tests_name("session and fork", tests, NULL, NULL);
}
