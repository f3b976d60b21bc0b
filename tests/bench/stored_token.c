/*
 * A header in a process that has just begun, from a session whose token is stored: microseconds
 * since the library was loaded. Then nanoseconds for each tp_session_cached.
 *
 *     stored_token ORIGIN CA_FILE DIRECTORY
 */
#include <stdio.h>
#include <testpress.h>
#include <time.h>

#define CALLS 100000

static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
    double begin = microseconds();
    char store[4096];
    tp_config *config = tp_config_new();
    tp_client *client = NULL;
    tp_session *session = NULL;
    tp_token *token = NULL;
    if (argc != 4)
        return 2;
    snprintf(store, sizeof store, "file:%s", argv[3]);
    if (tp_config_set(config, "ca_file", argv[2], NULL) ||
        tp_config_set(config, "store", store, NULL) ||
        tp_client_new(argv[1], config, &client, NULL) ||
        tp_session_new(client, "ada", "lovelace", &session, NULL) ||
        tp_session_token(session, NULL, &token, NULL) || !tp_auth_header(token))
        return 1;
    double header = microseconds() - begin;
    begin = microseconds();
    for (int i = 0; i < CALLS; i++) {
        tp_token *cached = tp_session_cached(session);
        if (!cached)
            return 1;
        tp_token_free(cached);
    }
    printf("%.1f %.1f\n", header, (microseconds() - begin) * 1000 / CALLS);
    tp_token_free(token);
    tp_session_free(session);
    tp_client_free(client);
    tp_config_free(config);
    return 0;
}
