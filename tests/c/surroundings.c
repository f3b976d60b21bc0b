#include "surroundings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A test without its surroundings proves nothing, so it does not pass. */
static void give_up(const char *what, const char *how) {
    fprintf(stderr, "%s is not set: %s\n", what, how);
    exit(2);
}

static const char *required(const char *variable, const char *how) {
    const char *value = getenv(variable);
    if (!value || !*value)
        give_up(variable, how);
    return value;
}

const char *institute(void) {
    required("SSL_CERT_FILE", "run this under tests/institute/run");
    return required("TESTPRESS_INSTITUTE", "run this under tests/institute/run");
}

const char *faults_ca(void) {
    return required("TESTPRESS_FAULTS_CA", "run this under the program in tests/faults");
}

char *fault(const char *name) {
    FILE *list = fopen(required("TESTPRESS_FAULTS", "run this under the program in tests/faults"),
                       "r");
    if (!list)
        give_up("a readable TESTPRESS_FAULTS", "it names a file of names and origins");
    char line[1024];
    char *origin = NULL;
    size_t length = strlen(name);
    while (!origin && fgets(line, sizeof line, list)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strncmp(line, name, length) == 0 && line[length] == '\t')
            origin = strdup(line + length + 1);
    }
    fclose(list);
    if (!origin)
        give_up(name, "the bad server has no such fault");
    return origin;
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int64_t milliseconds) {
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

int64_t slowdown(void) {
    const char *value = getenv("TEST_SLOWDOWN");
    return value ? atoi(value) : 1;
}

void remove_directory(const char *path) {
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", path);
    if (system(command) != 0) {
        fprintf(stderr, "%s: can't be removed\n", path);
        exit(1);
    }
}
