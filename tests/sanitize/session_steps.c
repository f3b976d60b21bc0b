/* The steps that have to do with sessions: one login for many, and what becomes
 * of those who wait.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/surroundings.h"
#include "shared.h"
#include "steps.h"

/* Asks for a token, and sees to it that status, token and error agree. */
static int32_t ask(struct worker *worker, const tp_session *session, tp_call *call,
                   tp_token **token) {
    tp_error *error = NULL;
    int32_t status = tp_session_token(session, call, token, &error);
    worker->logins++;
    bool agree = status == TP_OK ? !error && is_ada(*token)
                                 : !*token && tp_error_status(error) == status;
    if (!agree || (error && strstr(tp_error_message(error), PASSWORD))) {
        fprintf(stderr, "%s: %s\n", tp_status_name(status), tp_error_message(error));
        status = -1;
    }
    tp_error_free(error);
    return status;
}

static int32_t ask_and_forget(struct worker *worker, const tp_session *session, tp_call *call) {
    tp_token *token = NULL;
    int32_t status = ask(worker, session, call, &token);
    tp_token_free(token);
    return status;
}

static tp_session *shared_session(const struct worker *worker, enum place place) {
    return shared.sessions[place][worker->number % SESSIONS];
}

/* Who comes while the login is under way, waits for it. The last to leave takes
 * the account along.
 */
enum outcome share_one_login(struct worker *worker) {
    tp_session *session = open_session(SLOW, PASSWORD);
    int32_t status = ask_and_forget(worker, session, NULL);
    tp_session_free(session);
    return status == TP_OK ? RIGHT : WRONG;
}

static enum outcome renew(struct worker *worker, enum place place) {
    bool right = true;
    for (int i = 0; i < 20; i++) {
        right &= ask_and_forget(worker, shared_session(worker, place), NULL) == TP_OK;
        sleep_ms(10);
    }
    return right ? RIGHT : WRONG;
}

/* Two sessions have one token, the third has its own; a second old, one of the
 * callers renews it.
 */
enum outcome renew_a_token(struct worker *worker) {
    return renew(worker, SHORT_LIVED);
}

/* Each password has files of its own. */
enum outcome renew_a_stored_token(struct worker *worker) {
    return renew(worker, STORED);
}

/* An explicit login in between ends the back-offs in the store. */
enum outcome come_and_go_beside_a_store(struct worker *worker) {
    const char *password = worker->number % 2 ? PASSWORD : OTHER_PASSWORD;
    tp_session *session = open_session(STORED, password);
    tp_token *token = NULL, *other = NULL;
    bool right = ask(worker, session, NULL, &token) == TP_OK;
    right &= tp_client_login(shared.clients[STORED], USERNAME, password, NULL, &other, NULL) ==
             TP_OK;
    worker->logins++;
    right &= ask_and_forget(worker, session, NULL) == TP_OK;
    tp_session_free(session);
    right &= is_ada(token) && is_ada(other);
    tp_token_free(token);
    tp_token_free(other);
    return right ? RIGHT : WRONG;
}

/* Seven or so share an account; the second of two rejected tokens is kept. */
enum outcome reject_a_token(struct worker *worker) {
    char password[16];
    snprintf(password, sizeof password, "s3cret-%d", worker->number % 8);
    tp_session *session = open_session(CHANGING, password);
    tp_token *first = NULL, *second = NULL;
    bool right = ask(worker, session, NULL, &first) == TP_OK;
    tp_session_reject(session, first);
    right &= ask(worker, session, NULL, &second) == TP_OK;
    tp_session_reject(session, first);
    tp_token_free(tp_session_cached(session));
    tp_session_free(session);
    tp_token_free(first);
    tp_token_free(second);
    return right ? RIGHT : WRONG;
}

enum outcome be_refused_without_asking(struct worker *worker) {
    tp_session *session = shared_session(worker, REJECTING);
    bool right = true;
    for (int i = 0; i < 20; i++)
        right &= ask_and_forget(worker, session, NULL) == TP_E_REJECTED;
    return right ? RIGHT : WRONG;
}

/* One leads, and hands over to one of the others when it is cancelled; they are
 * cancelled, too. */
enum outcome be_cancelled_in_a_session(struct worker *worker) {
    struct ending *ending = &shared.endings[worker->round][SILENT_LOGIN][worker->number];
    WRITE(ending->since, now_ms());
    int32_t status = ask_and_forget(worker, shared_session(worker, SILENT_LOGIN), ending->call);
    return status == TP_E_CANCELLED ? RIGHT : WRONG;
}

/* The same by deadlines: a leader whose time is over hands over as well. */
enum outcome run_out_of_time_in_a_session(struct worker *worker) {
    tp_call *call = tp_call_new(1 + worker->number * 10);
    int32_t status = ask_and_forget(worker, shared_session(worker, SILENT_LOGIN), call);
    tp_call_free(call);
    return status == TP_E_TIMEOUT ? RIGHT : WRONG;
}
