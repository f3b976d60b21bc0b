/*
 * Proof that a leak is found: this program loses tokens of the library, and has to be reported for
 * it. It runs with the leak checkers, never as a test.
 */
#include <stddef.h>
#include <testpress.h>

static void lose_a_token(void) {
    tp_token *token = NULL;
    tp_token_from_jwt("demo", "a.b.c", &token, NULL);
}

int main(void) {
    /* A pointer to the last one may be left on the stack, where it counts as still in use. */
    for (int i = 0; i < 10; i++)
        lose_a_token();
    return 0;
}
