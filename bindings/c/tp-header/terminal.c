#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

/* In canonical mode Linux drops what is typed beyond this: such a password would be a wrong one. */
#define LONGEST_TYPED_LINE 4095

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
#define WATCHED (sizeof watched / sizeof watched[0])

/* What a question changes, to be put back after it. */
struct saved {
    struct termios settings;
    struct sigaction actions[WATCHED];
    sigset_t mask;
};

static volatile sig_atomic_t caught;

static void remember(int number) {
    caught = number;
}

/*
 * The watched signals are let in only while pselect waits, so none can slip in just before. SIGTTOU
 * comes in a little longer: it is how a background job learns that the terminal is not its own.
 */
static void watch_signals(struct saved *saved) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = remember;
    sigfillset(&action.sa_mask);

    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < WATCHED; i++)
        if (watched[i] != SIGTTOU)
            sigaddset(&set, watched[i]);
    sigprocmask(SIG_BLOCK, &set, &saved->mask);
    caught = 0;
    for (size_t i = 0; i < WATCHED; i++) {
        sigaction(watched[i], NULL, &saved->actions[i]);
        if (saved->actions[i].sa_handler != SIG_IGN)
            sigaction(watched[i], &action, NULL);
    }
}

static void release_signals(const struct saved *saved) {
    for (size_t i = 0; i < WATCHED; i++)
        sigaction(watched[i], &saved->actions[i], NULL);
    sigprocmask(SIG_SETMASK, &saved->mask, NULL);
}

static bool turn_echo_off(int tty, const struct termios *settings) {
    struct termios silent = *settings;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    return tcsetattr(tty, TCSAFLUSH, &silent) == 0;
}

static void say(int tty, const char *text) {
    /* A prompt that can't be shown is no reason not to read the answer. */
    if (write(tty, text, strlen(text)) < 0)
        return;
}

/* Waits for a line; `caught` tells of a signal that came instead. */
static const char *read_answer(struct password *password, int tty, const sigset_t *open_mask) {
    fd_set readable;
    int ready;
    do {
        FD_ZERO(&readable);
        FD_SET(tty, &readable);
        ready = pselect(tty + 1, &readable, NULL, NULL, NULL, open_mask);
    } while (ready < 0 && errno == EINTR && !caught);
    if (caught)
        return NULL;
    const char *problem = ready < 0 ? "the terminal can't be read"
                                    : password_read_line(password, tty);
    if (!problem && password->length >= LONGEST_TYPED_LINE)
        problem = "a terminal cuts so long a line: pipe the password in";
    return problem;
}

/* With the echo off. Every signal waits, SIGTTOU too: the echo has to come back on in any case. */
static const char *ask_silently(struct password *password, int tty, const struct saved *saved) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTTOU);
    sigprocmask(SIG_BLOCK, &set, NULL);

    say(tty, "Password: ");
    const char *problem = read_answer(password, tty, &saved->mask);
    tcsetattr(tty, TCSAFLUSH, &saved->settings);
    say(tty, "\n");
    return problem;
}

static const char *ask_once(struct password *password, int tty) {
    struct saved saved;
    if (tcgetattr(tty, &saved.settings) != 0)
        return "the terminal's settings can't be read";
    watch_signals(&saved);
    const char *problem = NULL;
    if (turn_echo_off(tty, &saved.settings))
        problem = ask_silently(password, tty, &saved);
    else if (!caught)
        problem = "the echo of the terminal can't be turned off";
    release_signals(&saved);
    return problem;
}

static bool stops(int number) {
    return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

const char *terminal_ask(struct password *password) {
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (tty < 0)
        return "there is no terminal to ask on: pipe the password in, or set TESTPRESS_PASSWORD";
    const char *problem = ask_once(password, tty);
    while (!problem && stops(caught)) {
        raise(caught); /* stops here, with the terminal as it was; goes on with SIGCONT */
        problem = ask_once(password, tty);
    }
    password->interrupted_by = caught;
    close(tty);
    return problem;
}
