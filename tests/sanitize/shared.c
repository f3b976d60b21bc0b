#include "shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/surroundings.h"

struct shared shared;

static const char *const FAULTS[PLACES] = {
    [TLS] = "ok",
    [PLAIN] = "ok-plain",
    [REJECTING] = "rejected",
    [DEAD] = "dead-port",
    [RESETTING] = "reset-before-answer",
    [STALE] = "stale-keepalive",
    [IDLE] = "idle-close",
    [SILENT] = "silent-after-request",
    [SILENT_PLAIN] = "silent-after-request-plain",
    [CHANGING] = "another-each-time",
    [SHORT_LIVED] = "lives-2s",
    [SLOW] = "thinks-300ms",
    [STORED] = "lives-2s",
    [SILENT_LOGIN] = "silent-after-request",
};

static const enum place WITH_SESSIONS[] = {SHORT_LIVED, STORED, REJECTING, SILENT_LOGIN};

static void must(int32_t status, tp_error *error) {
    if (status == TP_OK)
        return;
    fprintf(stderr, "%s: %s\n", tp_status_name(status), tp_error_message(error));
    exit(2);
}

/* The callback of every client. It calls the library, as it may. */
static void count_message(void *context, int32_t level, const char *message) {
    struct shared *log = context;
    ADD(log->messages, 1);
    if (level < TP_LOG_ERROR || level > TP_LOG_DEBUG || strstr(message, PASSWORD) ||
        strstr(message, OTHER_PASSWORD) || strstr(message, "eyJ"))
        ADD(log->secrets, 1);
    tp_token_free(tp_token_clone(log->token));
}

tp_client *open_client(enum place place) {
    /* Patient with a machine that does much else: no step is about these. */
    static const char *const options[][2] = {{"timeout_ms", "120000"},
                                             {"connect_timeout_ms", "60000"}};
    tp_config *config = tp_config_new();
    tp_client *client = NULL;
    tp_error *error = NULL;
    char *origin = FAULTS[place] ? fault(FAULTS[place]) : NULL;
    for (int i = 0; i < 2; i++)
        must(tp_config_set(config, options[i][0], options[i][1], &error), error);
    must(tp_config_set(config, "ca_file", faults_ca(), &error), error);
    if (place == STORED)
        must(tp_config_set(config, "store", shared.store, &error), error);
    must(tp_config_set_log(config, TP_LOG_DEBUG, count_message, &shared), NULL);
    must(tp_client_new(origin ? origin : "no-such-host.invalid", config, &client, &error), error);
    tp_config_free(config);
    free(origin);
    return client;
}

tp_session *open_session(enum place place, const char *password) {
    tp_session *session = NULL;
    tp_error *error = NULL;
    must(tp_session_new(shared.clients[place], USERNAME, password, &session, &error), error);
    return session;
}

static void open_sessions(void) {
    for (size_t i = 0; i < sizeof WITH_SESSIONS / sizeof *WITH_SESSIONS; i++)
        for (int j = 0; j < SESSIONS; j++)
            shared.sessions[WITH_SESSIONS[i]][j] = open_session(WITH_SESSIONS[i],
                                                                j < 2 ? PASSWORD : OTHER_PASSWORD);
}

static char directory[] = "/tmp/testpress-XXXXXX";

static void open_store(void) {
    if (!mkdtemp(directory)) {
        perror(directory);
        exit(2);
    }
    snprintf(shared.store, sizeof shared.store, "file:%s", directory);
}

static void close_store(void) {
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", directory);
    if (system(command) != 0)
        exit(2);
}

/* No login before the threads': what the library makes when it is first needed, they need at once.
 */
static tp_token *make_token(void) {
    static const char jwt[] =
        "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFkYSIsInVzZXJfaWQiOjE3fQ.c2lnbmF0dXJl";
    tp_token *token = NULL;
    tp_error *error = NULL;
    must(tp_token_from_jwt("demo", jwt, &token, &error), error);
    return token;
}

void open_shared(void) {
    open_store();
    for (int place = 0; place < PLACES; place++)
        shared.clients[place] = open_client(place);
    open_sessions();
    shared.token = make_token();
    shared.at_work = WORKERS;
    for (int round = 0; round < ROUNDS; round++) {
        tp_token *first = make_token();
        for (int worker = 0; worker < WORKERS; worker++) {
            shared.owned[round][worker] = tp_token_clone(first);
            for (int place = 0; place < PLACES; place++)
                shared.endings[round][place][worker].call = tp_call_new(0);
        }
        tp_token_free(first);
    }
}

void close_shared(void) {
    for (int place = 0; place < PLACES; place++) {
        tp_client_free(shared.clients[place]);
        for (int i = 0; i < SESSIONS; i++)
            tp_session_free(shared.sessions[place][i]);
    }
    for (int round = 0; round < ROUNDS; round++)
        for (int place = 0; place < PLACES; place++)
            for (int worker = 0; worker < WORKERS; worker++)
                tp_call_free(shared.endings[round][place][worker].call);
    tp_token_free(shared.letterbox);
    tp_token_free(shared.token);
    close_store();
}
