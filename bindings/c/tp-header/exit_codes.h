/* The program's exit codes: one table, told to users in --help, README.md and tp-header.1. */
#ifndef TP_HEADER_EXIT_CODES_H
#define TP_HEADER_EXIT_CODES_H

#include <stdint.h>

enum {
    EXIT_LOGGED_IN = 0,
    EXIT_REFUSED = 1,    /* the server said no: credentials, lock, device limit, throttling */
    EXIT_USAGE = 2,      /* the command line, an option or the password can't be used */
    EXIT_NETWORK = 3,    /* no answer: DNS, connect, TLS, proxy, timeout, connection lost */
    EXIT_SERVER_ILL = 4, /* an answer that is a fault, or makes no sense */
    EXIT_LOCAL = 5,      /* the wrong library, no memory, an internal error */
    EXIT_OUTPUT = 6,     /* standard output could not be written */
    EXIT_SIGNAL = 128    /* plus the signal that ended the program: 130 for Ctrl-C */
};

/* The exit code for a TP_* status. */
int exit_code_of(int32_t status);

#endif
