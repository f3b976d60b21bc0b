/*
 * Makes a client, logs in and frees both, 10,000 times: memory and descriptors stay where they were
 * after the first tenth.
 *
 *     target/debug/faults run target/c/tests/soak [CYCLES]
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <testpress.h>

#include "surroundings.h"

#define MOST_GROWTH_KIB 512

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

/* A login that succeeds, one that is refused and one that times out take turns. */
static int cycle(int number, char *const origins[3]) {
    static const int32_t expected[] = {TP_OK, TP_E_REJECTED, TP_E_TIMEOUT};
    int kind = number % 100 == 99 ? 2 : number % 2;
    tp_client *client = NULL;
    tp_token *token = NULL;
    tp_call *call = tp_call_new(kind == 2 ? 10 : 0);
    tp_config *config = tp_config_new();
    tp_config_set(config, "ca_file", faults_ca(), NULL);
    int32_t status = tp_client_new(origins[kind], config, &client, NULL);
    if (status == TP_OK)
        status = tp_client_login(client, "ada", "s3cret", call, &token, NULL);
    tp_token_free(token);
    tp_client_free(client);
    tp_config_free(config);
    tp_call_free(call);
    if (status != expected[kind])
        fprintf(stderr, "cycle %d: %s\n", number, tp_status_name(status));
    return status == expected[kind] ? 0 : -1;
}

int main(int argc, char **argv) {
    int cycles = argc > 1 ? atoi(argv[1]) : 10000;
    char *const origins[] = {fault("ok"), fault("rejected"), fault("accept-silent")};
    long memory = 0;
    int files = 0, wrong = 0;
    for (int i = 0; i < cycles; i++) {
        if (i == cycles / 10) {
            memory = resident_kib();
            files = descriptors();
        }
        wrong += cycle(i, origins) != 0;
    }
    long growth = resident_kib() - memory;
    int more = descriptors() - files;
    printf("C soak: %d cycles, %+ld KiB, %+d descriptors, %d wrong\n", cycles, growth, more, wrong);
    return growth > MOST_GROWTH_KIB || more > 0 || wrong > 0;
}
