/*
 * 64 threads share clients, sessions, calls and tokens, while the thread sanitizer looks on. 56 of
 * them take every step of steps.c and session_steps.c, each beginning with another; 8 cancel.
 *
 * The last line counts the steps: "threads: N passed, M failed".
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../c/surroundings.h"
#include "shared.h"
#include "steps.h"

#define MOST_STEPS 32

struct thread {
    pthread_t handle;
    struct worker worker;
    int outcomes[MOST_STEPS][EXCUSED + 1];
};

static void *work(void *context) {
    struct thread *thread = context;
    struct worker *worker = &thread->worker;
    for (worker->round = 0; worker->round < ROUNDS; worker->round++) {
        for (int i = 0; i < STEP_COUNT; i++) {
            int step = (worker->number + i) % STEP_COUNT;
            thread->outcomes[step][STEPS[step].take(worker)]++;
        }
    }
    ADD(shared.at_work, -1);
    return NULL;
}

/* From 1 ms to half a second after the worker began, by its number: before, amid and after it
 * connects. */
static int64_t patience(int worker) {
    return (int64_t)1 << worker % 10;
}

static void cancel_what_is_due(struct ending *endings) {
    for (int worker = 0; worker < WORKERS; worker++) {
        int64_t since = READ(endings[worker].since);
        if (since && now_ms() - since >= patience(worker))
            tp_call_cancel(endings[worker].call);
    }
}

/* Again and again, the ended calls, too: a call may be cancelled any number of times. */
static void *cancel(void *context) {
    (void)context;
    while (READ(shared.at_work) > 0) {
        for (int round = 0; round < ROUNDS; round++)
            for (int place = 0; place < PLACES; place++)
                cancel_what_is_due(shared.endings[round][place]);
        sleep_ms(5);
    }
    return NULL;
}

static void run(struct thread *threads) {
    for (int i = 0; i < THREADS; i++) {
        threads[i].worker.number = i;
        if (pthread_create(&threads[i].handle, NULL, i < WORKERS ? work : cancel, &threads[i]))
            exit(2);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i].handle, NULL);
}

/* A step that never went right was not tested. */
static int judge(const struct thread *threads, int step) {
    int sum[EXCUSED + 1] = {0};
    for (int i = 0; i < WORKERS; i++)
        for (int outcome = WRONG; outcome <= EXCUSED; outcome++)
            sum[outcome] += threads[i].outcomes[step][outcome];
    printf("threads %s: %d right, %d excused, %d wrong\n", STEPS[step].name, sum[RIGHT],
           sum[EXCUSED], sum[WRONG]);
    return sum[RIGHT] > 0 && sum[WRONG] == 0;
}

int main(void) {
    static struct thread threads[THREADS];
    int passed = 0, failed = 0;
    long logins = 0;
    if (STEP_COUNT > MOST_STEPS)
        return 2;
    open_shared();
    run(threads);
    close_shared();
    for (int step = 0; step < STEP_COUNT; step++)
        judge(threads, step) ? passed++ : failed++;
    for (int i = 0; i < WORKERS; i++)
        logins += threads[i].worker.logins;
    printf("threads: %ld logins in %d threads, %ld log messages, %ld of them wrong\n", logins,
           THREADS, shared.messages, shared.secrets);
    shared.messages > 0 && shared.secrets == 0 ? passed++ : failed++;
    printf("threads: %d passed, %d failed\n", passed, failed);
    return failed > 0;
}
