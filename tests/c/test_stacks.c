/* No call leaves a part of a password on the stack that it ran on. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

#define STACK (1 << 20)
#define PART 8 /* bytes of a password that are looked for, wherever in it */

/* Letters and digits in an order of their own: no eight in a row stand anywhere else. */
static char *new_password(size_t length) {
    static unsigned seed = 20261;
    char *password = malloc(length + 1);
    assert_non_null(password);
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1103515245 + 12345;
        password[i] =
            "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"[(seed >> 16) % 57];
    }
    password[length] = '\0';
    return password;
}

/* How many places of a stack hold a part of the password. */
static int parts_in(const char *stack, const char *password) {
    int found = 0;
    size_t length = strlen(password);
    for (size_t at = 0; at + PART <= STACK; at++) {
        if (stack[at] == 0)
            continue;
        for (size_t from = 0; from + PART <= length; from++)
            if (stack[at] == password[from] && memcmp(stack + at, password + from, PART) == 0) {
                found++;
                break;
            }
    }
    return found;
}

struct calls {
    const char *order; /* a letter for each call */
    const char *store;
    const char *encoding;
    const char *origin;
    const char *password;
};

static tp_client *client_of(const struct calls *calls) {
    return client_with(calls->origin, OPTIONS("ca_file", faults_ca(), "store", calls->store,
                                              "login_encoding", calls->encoding));
}

/* Every call that a password, or what was made of it, passes through. */
static void *make(void *context) {
    const struct calls *calls = context;
    tp_client *client = client_of(calls);
    tp_session *session = NULL;
    tp_token *token = NULL;
    for (const char *call = calls->order; *call; call++) {
        tp_token *next = NULL;
        switch (*call) {
        case 'o':
            tp_login(institute(), "testpress", calls->password, &next, NULL);
            break;
        case 'l':
            tp_client_login(client, "ada", calls->password, NULL, &next, NULL);
            break;
        case 's':
            tp_session_new(client, "ada", calls->password, &session, NULL);
            break;
        case 't':
            tp_session_token(session, NULL, &next, NULL);
            break;
        case 'c':
            next = tp_session_cached(session);
            break;
        case 'r':
            tp_session_reject(session, token);
            break;
        case 'k':
            tp_session_check_store(session, NULL);
            break;
        case 'f':
            tp_session_free(session);
            session = NULL;
            break;
        }
        if (next) {
            tp_token_free(token);
            token = next;
        }
    }
    tp_token_free(token);
    tp_session_free(session);
    tp_client_free(client);
    return NULL;
}

/* On a stack of the test's own, which is left as it is. */
static int parts_left_by(struct calls *calls) {
    pthread_t thread;
    pthread_attr_t attributes;
    char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(stack != MAP_FAILED);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, make, calls), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    int found = parts_in(stack, calls->password);
    munmap(stack, STACK);
    return found;
}

static const char *const ORDERS[] = {
    "o",       /* all of it in one call */
    "ll",      /* two logins */
    "st",      /* a session */
    "stl",     /* an explicit login beside one */
    "lstcf",   /* and after it was freed */
    "stfl",    /* a login once a session is gone */
    "strtrtc", /* rejected tokens */
    "stkcflst",
};

static void no_call_leaves_a_part_of_a_password_on_its_stack(void **state) {
    (void)state;
    if (slowdown() > 1)
        skip(); /* tools that watch memory have stacks of their own */
    char directory[] = "/tmp/testpress-XXXXXX", store[64];
    assert_non_null(mkdtemp(directory));
    snprintf(store, sizeof store, "file:%s/store", directory);
    const size_t lengths[] = {8, 15, 40, 55, 64, 65, 119, 128, 347, 1000};
    const char *const faults[] = {"another-each-time", "rejected", "echoes-request"};
    const char *const stores[] = {"memory", store}, *const encodings[] = {"json", "multipart"};
    int number = 0;
    for (size_t order = 0; order < sizeof ORDERS / sizeof *ORDERS; order++)
        for (size_t length = 0; length < sizeof lengths / sizeof *lengths; length++) {
            number++;
            char *origin = fault(faults[number % 3]), *password = new_password(lengths[length]);
            struct calls calls = {ORDERS[order], stores[number % 2], encodings[number / 2 % 2],
                                  origin, password};
            int found = parts_left_by(&calls);
            if (found)
                print_error("%d parts of %zu bytes: %s, %s, %s, %s\n", found, lengths[length],
                            calls.order, faults[number % 3], calls.store, calls.encoding);
            assert_int_equal(found, 0);
            free(password);
            free(origin);
        }
    remove_directory(directory);
}

static void a_part_that_is_left_is_found(void **state) {
    (void)state;
    char *stack = calloc(1, STACK), *password = new_password(40);
    assert_non_null(stack);
    assert_int_equal(parts_in(stack, password), 0);
    memcpy(stack + 12345, password + 20, PART);
    assert_int_equal(parts_in(stack, password), 1);
    free(stack);
    free(password);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_that_is_left_is_found),
        cmocka_unit_test(no_call_leaves_a_part_of_a_password_on_its_stack),
    };
    return cmocka_run_group_tests_name("stacks", tests, NULL, NULL);
}
