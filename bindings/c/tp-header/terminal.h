/* Asks on the terminal, without echo, and leaves the terminal as it was whatever happens. */
#ifndef TP_HEADER_TERMINAL_H
#define TP_HEADER_TERMINAL_H

#include "password.h"

/*
 * Reads the password from /dev/tty. A stop (Ctrl-Z) gives the terminal back and asks again when the
 * program goes on; a signal that ends programs is put into `password->interrupted_by`.
 */
const char *terminal_ask(struct password *password);

#endif
