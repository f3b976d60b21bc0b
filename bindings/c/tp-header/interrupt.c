#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "exit_codes.h"

/* Wakes the thread when the login is over. */
#define WAKE SIGUSR1

static struct {
    pthread_t thread;
    tp_call *call;
    sigset_t awaited;
    sigset_t mask_before;
    bool running;
    int caught;
} watch;

static void *wait_for_signal(void *unused) {
    (void)unused;
    sigwait(&watch.awaited, &watch.caught);
    tp_call_cancel(watch.call); /* after the login it changes nothing */
    return NULL;
}

/* What the caller ignores, as nohup does with SIGHUP, stays ignored. */
static void add_unless_ignored(sigset_t *set, int number) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
        sigaddset(set, number);
}

void interrupt_watch(tp_call *call) {
    watch.call = call;
    sigemptyset(&watch.awaited);
    add_unless_ignored(&watch.awaited, SIGINT);
    add_unless_ignored(&watch.awaited, SIGTERM);
    add_unless_ignored(&watch.awaited, SIGHUP);
    sigaddset(&watch.awaited, WAKE);
    pthread_sigmask(SIG_BLOCK, &watch.awaited, &watch.mask_before);
    watch.running = pthread_create(&watch.thread, NULL, wait_for_signal, NULL) == 0;
    if (!watch.running) /* then they end the program the ordinary way */
        pthread_sigmask(SIG_SETMASK, &watch.mask_before, NULL);
}

int interrupt_end(void) {
    if (!watch.running)
        return 0;
    pthread_kill(watch.thread, WAKE);
    pthread_join(watch.thread, NULL);
    pthread_sigmask(SIG_SETMASK, &watch.mask_before, NULL);
    return watch.caught == WAKE ? 0 : watch.caught;
}

void interrupt_die_of(int number) {
    signal(number, SIG_DFL);
    raise(number);
    exit(EXIT_SIGNAL + number); /* not reached, unless the signal is blocked */
}
