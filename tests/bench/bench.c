/*
 * Logins per contestant, in turns, so that whatever else the machine does meets all of them alike.
 *
 *     bench ORIGIN CA_FILE LIBRARY UNWIPED_LIBRARY
 *     bench --once ORIGIN LIBRARY|libcurl     one login, for the time of a whole process
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "contestants.h"

#define ROUNDS 41
#define MOST_CONTESTANTS 3

static double microseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

struct cost {
    double cpu, wall;
};

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count) {
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

static void must(bool worked, const struct contestant *who) {
    if (worked)
        return;
    fprintf(stderr, "%s: a login failed\n", who->name);
    exit(1);
}

/* One kept connection. */
static struct cost warm(const struct contestant *who, void *client, int logins) {
    double cpu = microseconds(CLOCK_THREAD_CPUTIME_ID), wall = microseconds(CLOCK_MONOTONIC);
    for (int i = 0; i < logins; i++)
        must(who->login(who, client), who);
    return (struct cost){(microseconds(CLOCK_THREAD_CPUTIME_ID) - cpu) / logins,
                         (microseconds(CLOCK_MONOTONIC) - wall) / logins};
}

/* A client for each. */
static struct cost cold(const struct contestant *who, const char *origin, const char *ca_file,
                        int logins) {
    double cpu = microseconds(CLOCK_THREAD_CPUTIME_ID), wall = microseconds(CLOCK_MONOTONIC);
    for (int i = 0; i < logins; i++) {
        void *client = who->client(who, origin, ca_file);
        must(client && who->login(who, client), who);
        who->close(who, client);
    }
    return (struct cost){(microseconds(CLOCK_THREAD_CPUTIME_ID) - cpu) / logins,
                         (microseconds(CLOCK_MONOTONIC) - wall) / logins};
}

/* The median over the rounds of each contestant's cost as a share of the first one's, of the same
 * round. */
static void report(const char *what, const struct contestant *contestants, int count,
                   struct cost costs[MOST_CONTESTANTS][ROUNDS]) {
    for (int who = 0; who < count; who++) {
        double cpu[ROUNDS], wall[ROUNDS], share[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            cpu[round] = costs[who][round].cpu;
            wall[round] = costs[who][round].wall;
            share[round] = costs[who][round].cpu / costs[0][round].cpu;
        }
        printf("%-6s %-22s %9.1f us CPU %9.1f us   %5.2f\n", what, contestants[who].name,
               median(cpu, ROUNDS), median(wall, ROUNDS), median(share, ROUNDS));
    }
}

static int once(const char *origin, const char *name) {
    bool curl = strcmp(name, "libcurl") == 0;
    struct contestant who = curl ? libcurl() : testpress("libtestpress", name);
    void *client = who.client(&who, origin, NULL);
    return client && who.login(&who, client) ? 0 : 1;
}

int main(int argc, char **argv) {
    static struct cost costs[MOST_CONTESTANTS][ROUNDS];
    if (argc == 4 && strcmp(argv[1], "--once") == 0)
        return once(argv[2], argv[3]);
    if (argc != 5)
        return 2;
    const char *origin = argv[1], *ca_file = argv[2];
    struct contestant contestants[] = {testpress("libtestpress", argv[3]),
                                       testpress("libtestpress, unwiped", argv[4]), libcurl()};
    void *clients[MOST_CONTESTANTS];
    for (int who = 0; who < MOST_CONTESTANTS; who++) {
        clients[who] = contestants[who].client(&contestants[who], origin, ca_file);
        warm(&contestants[who], clients[who], 100);
    }
    for (int round = 0; round < ROUNDS; round++)
        for (int who = 0; who < MOST_CONTESTANTS; who++)
            costs[who][round] = warm(&contestants[who], clients[who], 200);
    report("warm", contestants, MOST_CONTESTANTS, costs);
    for (int round = 0; round < ROUNDS; round++)
        for (int who = 0; who < MOST_CONTESTANTS; who++)
            costs[who][round] = cold(&contestants[who], origin, ca_file, 5);
    report("cold", contestants, MOST_CONTESTANTS, costs);
    return 0;
}
