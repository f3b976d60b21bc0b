/*
 * Proof that an overflow is found: this program reads one byte past the end of a header of its own,
 * and has to be reported for it. It runs with the address checkers, never as a test.
 */
#include <stdlib.h>
#include <string.h>
#include <testpress.h>

int main(void) {
    tp_token *token = NULL;
    if (tp_token_from_jwt("demo", "a.b.c", &token, NULL) != TP_OK)
        return 0;
    size_t length = strlen(tp_auth_header(token));
    char *copy = malloc(length);
    memcpy(copy, tp_auth_header(token), length);
    tp_token_free(token);
    volatile char past_the_end = copy[length];
    free(copy);
    return past_the_end == 'x';
}
