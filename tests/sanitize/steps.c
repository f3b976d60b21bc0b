#include "steps.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../c/surroundings.h"
#include "shared.h"

/* One login that ended. */
struct result {
    int32_t status;
    bool sent; /* the server may have seen it */
    tp_token *token;
};

bool is_ada(const tp_token *token) {
    const char *value = tp_auth_value(token);
    return value && strncmp(value, "JWT eyJ", 7) == 0 && strstr(tp_auth_header(token), value) &&
           strcmp(tp_token_username(token), USERNAME) == 0 && tp_token_user_id(token) == 17;
}

/* Logs in, and sees to it that status, token and error agree. */
static struct result log_in(struct worker *worker, const tp_client *client, tp_call *call) {
    struct result result = {0, false, NULL};
    tp_error *error = NULL;
    result.status = tp_client_login(client, USERNAME, PASSWORD, call, &result.token, &error);
    result.sent = tp_error_request_sent(error) == 1;
    worker->logins++;
    bool agree = result.status == TP_OK ? !error && is_ada(result.token)
                                        : !result.token && tp_error_status(error) == result.status;
    if (!agree || (error && strstr(tp_error_message(error), PASSWORD))) {
        fprintf(stderr, "%s: %s\n", tp_status_name(result.status), tp_error_message(error));
        result.status = -1;
    }
    tp_error_free(error);
    return result;
}

static enum outcome expect(struct worker *worker, enum place place, int32_t wanted,
                           int32_t excused) {
    struct result result = log_in(worker, shared.clients[place], NULL);
    tp_token_free(result.token);
    if (result.status == wanted)
        return RIGHT;
    return result.status == excused ? EXCUSED : WRONG;
}

static enum outcome succeed(struct worker *worker) {
    return expect(worker, TLS, TP_OK, TP_OK);
}

static enum outcome succeed_in_plain_http(struct worker *worker) {
    return expect(worker, PLAIN, TP_OK, TP_OK);
}

static enum outcome be_rejected(struct worker *worker) {
    return expect(worker, REJECTING, TP_E_REJECTED, TP_E_REJECTED);
}

static enum outcome reach_nobody(struct worker *worker) {
    return expect(worker, DEAD, TP_E_CONNECT, TP_E_CONNECT);
}

static enum outcome lose_the_answer(struct worker *worker) {
    return expect(worker, RESETTING, TP_E_OUTCOME_UNKNOWN, TP_E_OUTCOME_UNKNOWN);
}

/* A kept connection whose end is noticed late may have carried the request: no second try then. */
static enum outcome log_in_again_on_a_new_connection(struct worker *worker) {
    return expect(worker, STALE, TP_OK, TP_E_OUTCOME_UNKNOWN);
}

static enum outcome pass_over_a_closed_connection(struct worker *worker) {
    return expect(worker, IDLE, TP_OK, TP_E_OUTCOME_UNKNOWN);
}

/* A lookup on a thread of the library's. A name server that does not answer takes its time. */
static enum outcome find_no_address(struct worker *worker) {
    tp_call *call = tp_call_new(20000);
    struct result result = log_in(worker, shared.clients[UNKNOWN], call);
    tp_call_free(call);
    if (result.status == TP_E_DNS)
        return RIGHT;
    return result.status == TP_E_TIMEOUT ? EXCUSED : WRONG;
}

/* The deadline passes amid the lookup, whose thread is left behind. */
static enum outcome abandon_a_lookup(struct worker *worker) {
    tp_call *call = tp_call_new(1);
    struct result result = log_in(worker, shared.clients[UNKNOWN], call);
    tp_call_free(call);
    if (result.status == TP_E_TIMEOUT)
        return RIGHT;
    return result.status == TP_E_DNS ? EXCUSED : WRONG;
}

/* Waits in a call that cancellers end: some time after this, or even before the login begins. */
static struct result wait_for_the_end(struct worker *worker, enum place place) {
    struct ending *ending = &shared.endings[worker->round][place][worker->number];
    WRITE(ending->since, now_ms());
    return log_in(worker, shared.clients[place], ending->call);
}

static enum outcome be_cancelled(struct worker *worker) {
    return wait_for_the_end(worker, SILENT).status == TP_E_CANCELLED ? RIGHT : WRONG;
}

static enum outcome be_cancelled_while_waiting(struct worker *worker) {
    struct result result = wait_for_the_end(worker, SILENT_PLAIN);
    if (result.status != TP_E_CANCELLED)
        return WRONG;
    return result.sent ? RIGHT : EXCUSED;
}

/* The one step that the institute answers: the default options trust its certificate only. */
static enum outcome log_in_once(struct worker *worker) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    int32_t status = tp_login(institute(), "testpress", "demo", &token, &error);
    worker->logins++;
    bool right = status == TP_OK && !error && strcmp(tp_token_username(token), "testpress") == 0;
    if (!right)
        fprintf(stderr, "%s: %s\n", tp_status_name(status), tp_error_message(error));
    tp_token_free(token);
    tp_error_free(error);
    return right ? RIGHT : WRONG;
}

static enum outcome be_told_what_is_wrong(struct worker *worker) {
    (void)worker;
    tp_token *token = NULL;
    tp_error *error = NULL;
    int32_t status = tp_login("", USERNAME, PASSWORD, &token, &error);
    bool right = status == TP_E_INVALID_ARGUMENT && strstr(tp_error_message(error), "institute");
    tp_error_free(error);
    return right ? RIGHT : WRONG;
}

/* A client of the thread's own. Its token lives longer. */
static enum outcome log_in_with_an_own_client(struct worker *worker) {
    tp_client *client = open_client(TLS);
    struct result result = log_in(worker, client, NULL);
    tp_client_free(client);
    bool right = result.status == TP_OK && is_ada(result.token);
    tp_token_free(result.token);
    return right ? RIGHT : WRONG;
}

static enum outcome clone_the_shared_token(struct worker *worker) {
    (void)worker;
    bool right = true;
    for (int i = 0; i < 100; i++) {
        tp_token *clone = tp_token_clone(shared.token);
        tp_token *second = tp_token_clone(clone);
        tp_token_free(clone);
        right &= is_ada(second) && is_ada(shared.token) &&
                 strcmp(tp_token_claims(second), tp_token_claims(shared.token)) == 0;
        tp_token_free(second);
    }
    return right ? RIGHT : WRONG;
}

/* Which worker's is the last, nobody knows. */
static enum outcome give_up_an_owned_token(struct worker *worker) {
    tp_token *token = shared.owned[worker->round][worker->number];
    bool right = is_ada(token);
    tp_token_free(token);
    return right ? RIGHT : WRONG;
}

/* Frees what another thread logged in for. */
static enum outcome swap_tokens(struct worker *worker) {
    struct result result = log_in(worker, shared.clients[PLAIN], NULL);
    if (result.status != TP_OK)
        return WRONG;
    tp_token *other = __atomic_exchange_n(&shared.letterbox, result.token, __ATOMIC_ACQ_REL);
    bool right = !other || is_ada(other);
    tp_token_free(other);
    return right ? RIGHT : WRONG;
}

const struct step STEPS[] = {
    {"log in over TLS", succeed},
    {"clone the shared token", clone_the_shared_token},
    {"log in over plain http", succeed_in_plain_http},
    {"be cancelled", be_cancelled},
    {"be rejected", be_rejected},
    {"be refused a connection", reach_nobody},
    {"give up an owned token", give_up_an_owned_token},
    {"lose the answer", lose_the_answer},
    {"log in again on a new connection", log_in_again_on_a_new_connection},
    {"be cancelled while waiting", be_cancelled_while_waiting},
    {"be told what is wrong", be_told_what_is_wrong},
    {"pass over a closed connection", pass_over_a_closed_connection},
    {"find no address", find_no_address},
    {"swap tokens", swap_tokens},
    {"abandon a lookup", abandon_a_lookup},
    {"log in once, to the institute", log_in_once},
    {"log in with a client of one's own", log_in_with_an_own_client},
    {"share one login", share_one_login},
    {"be cancelled in a session", be_cancelled_in_a_session},
    {"renew a token", renew_a_token},
    {"run out of time in a session", run_out_of_time_in_a_session},
    {"renew a stored token", renew_a_stored_token},
    {"come and go beside a store", come_and_go_beside_a_store},
    {"reject a token", reject_a_token},
    {"be refused without asking", be_refused_without_asking},
};
const int STEP_COUNT = sizeof STEPS / sizeof *STEPS;
