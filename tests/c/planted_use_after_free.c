/*
 * Proof that the library's own code is watched: it is asked for the status of an error that was
 * freed, and has to be reported for it. It runs with the address sanitizer, never as a test.
 */
#include <stddef.h>
#include <testpress.h>

int main(void) {
    tp_token *token = NULL;
    tp_error *error = NULL;
    tp_login("", "u", "p", &token, &error);
    tp_error_free(error);
    return tp_error_status(error) == TP_E_INVALID_ARGUMENT;
}
