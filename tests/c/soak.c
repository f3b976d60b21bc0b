/*
 * Many logins in one process: memory and descriptors stay where they were after the first tenth.
 *
 *     target/debug/faults run target/c/tests/soak [LOGINS]
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <testpress.h>

#include "surroundings.h"

#define MOST_GROWTH_KIB 512
#define KINDS 3

static long resident_kib(void) {
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2)
        exit(2);
    fclose(file);
    return resident * 4;
}

static int descriptors(void) {
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (directory && readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static const int32_t expected[KINDS] = {TP_OK, TP_E_REJECTED, TP_E_TIMEOUT};

static tp_client *client_for(const char *origin) {
    tp_client *client = NULL;
    tp_config *config = tp_config_new();
    tp_config_set(config, "ca_file", faults_ca(), NULL);
    tp_client_new(origin, config, &client, NULL);
    tp_config_free(config);
    return client;
}

/* A login that succeeds and one that is refused take turns; now and then one times out. Every
 * eleventh has a client of its own, the others share them. */
static int cycle(int number, char *const origins[KINDS], tp_client *const shared[KINDS]) {
    int kind = number % 100 == 99 ? 2 : number % 2;
    bool own = number / 2 % 11 == 0;
    tp_client *client = own ? client_for(origins[kind]) : shared[kind];
    tp_call *call = tp_call_new(kind == 2 ? 10 : 0);
    tp_token *token = NULL;
    tp_error *error = NULL;
    int32_t status = tp_client_login(client, "ada", "s3cret", call, &token, &error);
    if (status != expected[kind])
        fprintf(stderr, "login %d: %s: %s\n", number, tp_status_name(status),
                tp_error_message(error));
    tp_error_free(error);
    tp_token_free(token);
    tp_call_free(call);
    if (own)
        tp_client_free(client);
    return status == expected[kind] ? 0 : 1;
}

int main(int argc, char **argv) {
    int logins = argc > 1 ? atoi(argv[1]) : 10000;
    char *const origins[KINDS] = {fault("ok"), fault("rejected"), fault("accept-silent")};
    tp_client *shared[KINDS];
    for (int kind = 0; kind < KINDS; kind++)
        shared[kind] = client_for(origins[kind]);
    long memory = 0;
    int files = 0, wrong = 0;
    for (int i = 0; i < logins; i++) {
        if (i == logins / 10) {
            memory = resident_kib();
            files = descriptors();
        }
        wrong += cycle(i, origins, shared);
    }
    long growth = resident_kib() - memory;
    int more = descriptors() - files;
    printf("C soak: %d logins, %+ld KiB, %+d descriptors, %d wrong\n", logins, growth, more, wrong);
    for (int kind = 0; kind < KINDS; kind++)
        tp_client_free(shared[kind]);
    return growth > MOST_GROWTH_KIB || more > 0 || wrong > 0;
}
