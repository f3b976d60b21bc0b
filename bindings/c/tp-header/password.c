#include "password.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

#define VARIABLE "TESTPRESS_PASSWORD"

static const char *take_from_environment(struct password *password, char *value) {
    const char *problem = NULL;
    size_t length = strlen(value);
    if (length == 0)
        problem = "the password in " VARIABLE " is empty";
    else if (length > PASSWORD_MAX)
        problem = "the password in " VARIABLE " is longer than 64 KiB";
    else
        memcpy(password->text, value, length + 1);
    password->length = problem ? 0 : length;
    /* unsetenv leaves the text where it was, to be read in /proc/PID/environ. */
    explicit_bzero(value, length);
    unsetenv(VARIABLE);
    return problem;
}

/* Drops the newline that ended the line, and the carriage return of a Windows file before it. */
static void end_line(struct password *password) {
    if (password->length > 0 && password->text[password->length - 1] == '\r')
        password->length--;
    password->text[password->length] = '\0';
}

const char *password_read_line(struct password *password, int fd) {
    for (;;) {
        char byte = '\0';
        ssize_t count = read(fd, &byte, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return "the password can't be read";
        if (count == 0)
            break;
        if (byte == '\n') {
            end_line(password);
            break;
        }
        if (byte == '\0')
            return "a password has no NUL character";
        if (password->length == PASSWORD_MAX)
            return "the password is longer than 64 KiB";
        password->text[password->length++] = byte;
        password->text[password->length] = '\0';
    }
    return password->length > 0 ? NULL : "the password is empty";
}

const char *password_obtain(struct password *password) {
    memset(password, 0, sizeof *password);
    char *value = getenv(VARIABLE);
    const char *problem;
    if (value)
        problem = take_from_environment(password, value);
    else if (isatty(STDIN_FILENO))
        problem = terminal_ask(password);
    else
        problem = password_read_line(password, STDIN_FILENO);
    if (problem)
        password_wipe(password);
    return problem;
}

void password_wipe(struct password *password) {
    explicit_bzero(password->text, sizeof password->text);
    password->length = 0;
}
