/* Where the password comes from: the environment, standard input or the terminal. */
#ifndef TP_HEADER_PASSWORD_H
#define TP_HEADER_PASSWORD_H

#include <stddef.h>

/* What the library takes: 64 KiB. */
#define PASSWORD_MAX 65536

struct password {
    char text[PASSWORD_MAX + 1];
    size_t length;
    int interrupted_by; /* the signal that came instead of an answer; else 0 */
};

/* Fills `password`. Returns NULL, or why there is none; an interruption is no problem of that kind.
 */
const char *password_obtain(struct password *password);

/* Reads one byte after another, so that nothing after the line is taken from whoever reads next. */
const char *password_read_line(struct password *password, int fd);

void password_wipe(struct password *password);

#endif
