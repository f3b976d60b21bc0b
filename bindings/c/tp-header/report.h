/* Tells the outcome: on standard output what was asked for, on standard error what went wrong. */
#ifndef TP_HEADER_REPORT_H
#define TP_HEADER_REPORT_H

#include <stdbool.h>
#include <testpress.h>

/* Each returns the exit code. */
int report_token(const tp_token *token, bool json);
int report_error(const tp_error *error, bool json); /* NULL: there was no memory for an error */

/* What never reached the library, in its terms: a TP_E_* status and a message. */
int report_problem(int32_t status, const char *message, bool json);

/* Pushes out what was printed. Returns `code`, or EXIT_OUTPUT when it did not arrive. */
int report_flush(int code);

#endif
