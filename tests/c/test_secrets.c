/* After a login the password is in this process only where the caller has it, after a free the
 * token nowhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "surroundings.h"

#define MASK 0x55
#define PART 16 /* bytes of a secret that are looked for */

/* What is looked for, masked: the search must not find itself. */
struct canary {
    unsigned char masked[PART];
};

static struct canary canary_of(const char *secret) {
    struct canary canary;
    for (int i = 0; i < PART; i++)
        canary.masked[i] = (unsigned char)secret[i] ^ MASK;
    return canary;
}

static bool is_at(const struct canary *canary, const unsigned char *bytes) {
    for (int i = 0; i < PART; i++)
        if ((bytes[i] ^ MASK) != canary->masked[i])
            return false;
    return true;
}

/* The buffer of the search is a mapping of its own, which the search leaves out. */
static unsigned char window[1 << 16];

static int count_between(FILE *memory, unsigned long from, unsigned long to,
                         const struct canary *canary) {
    int found = 0;
    unsigned long mine = (unsigned long)window;
    for (unsigned long at = from; at < to; at += sizeof window - PART) {
        if (at + sizeof window > mine && at < mine + sizeof window)
            continue;
        size_t wanted = to - at < sizeof window ? to - at : sizeof window;
        if (fseek(memory, (long)at, SEEK_SET) != 0)
            continue;
        size_t count = fread(window, 1, wanted, memory);
        for (size_t i = 0; i + PART <= count; i++)
            found += is_at(canary, window + i);
    }
    memset(window, 0, sizeof window);
    return found;
}

/* How often it is in the writable memory of this process. */
static int copies(const struct canary *canary) {
    char line[512], rights[8];
    unsigned long from, to;
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r"), *memory = fopen("/proc/self/mem", "r");
    assert_true(maps != NULL && memory != NULL);
    setvbuf(memory, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3 && strncmp(rights, "rw", 2) == 0)
            found += count_between(memory, from, to, canary);
    fclose(maps);
    fclose(memory);
    return found;
}

static const char PASSWORD[] = "\x16\x14\x1b\x14\x07\x0c\x78"; /* "CANARY-", masked */

/* A password of `size` bytes that is nowhere else: made here, to be wiped and freed by the caller.
 */
static char *new_password(size_t size) {
    char *password = malloc(size + 1);
    assert_non_null(password);
    for (size_t i = 0; i < size; i++)
        password[i] = i < 7 ? PASSWORD[i] ^ MASK : (char)('a' + (i * 7 + size) % 26);
    password[size] = '\0';
    return password;
}

static void forget(char *secret) {
    explicit_bzero(secret, strlen(secret));
    free(secret);
}

static tp_client *client_of(const char *name, const char *encoding) {
    char *origin = fault(name);
    tp_client *client = client_with(origin,
                                    OPTIONS("ca_file", faults_ca(), "login_encoding", encoding));
    free(origin);
    return client;
}

/* Searching is slow in a tool that slows everything down, and its own copies would be found. */
static void only_alone(void) {
    if (slowdown() > 1)
        skip();
}

static void a_login_leaves_no_password_and_a_free_no_token(void **state) {
    (void)state;
    only_alone();
    const char *encodings[] = {"json", "multipart"};
    for (int i = 0; i < 2; i++) {
        tp_client *client = client_of("ok", encodings[i]);
        char *password = new_password(40 + 3000 * i);
        struct canary secret = canary_of(password);
        assert_true(copies(&secret) >= 1); /* the search finds what is there */

        tp_token *token = log_in(client, "ada", password);
        forget(password);
        assert_int_equal(copies(&secret), 0);

        const char *jwt = tp_token_jwt(token);
        struct canary held = canary_of(jwt + strlen(jwt) - PART);
        assert_int_equal(copies(&held), 1); /* the header, once */
        tp_token_free(token);
        assert_int_equal(copies(&held), 0); /* while the connection is kept */
        tp_client_free(client);
    }
}

static void a_failed_login_leaves_no_password(void **state) {
    (void)state;
    only_alone();
    const char *faults[] = {"rejected", "echoes-request", "reset-before-answer", "captive-portal"};
    for (int i = 0; i < 4; i++) {
        tp_client *client = client_of(faults[i], "json");
        char *password = new_password(41 + i);
        struct canary secret = canary_of(password);
        tp_error *error = NULL;
        tp_token *token = NULL;
        assert_int_not_equal(tp_client_login(client, "ada", password, NULL, &token, &error), TP_OK);
        forget(password);
        assert_int_equal(copies(&secret), 0);
        tp_error_free(error);
        tp_client_free(client);
    }
}

static void a_session_keeps_one_password_and_its_end_none(void **state) {
    (void)state;
    only_alone();
    tp_client *client = client_of("ok", "json");
    tp_session *session = NULL;
    tp_token *token = NULL;
    char *password = new_password(52);
    struct canary secret = canary_of(password);
    assert_int_equal(tp_session_new(client, "ada", password, &session, NULL), TP_OK);
    assert_int_equal(tp_session_token(session, NULL, &token, NULL), TP_OK);
    forget(password);
    assert_int_equal(copies(&secret), 1);
    const char *jwt = tp_token_jwt(token);
    struct canary held = canary_of(jwt + strlen(jwt) - PART);
    assert_int_equal(copies(&held), 1); /* the session's, and ours, are the same */
    tp_token_free(token);
    assert_int_equal(copies(&held), 1);
    tp_session_free(session);
    assert_int_equal(copies(&secret), 0);
    assert_int_equal(copies(&held), 0);
    tp_client_free(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_leaves_no_password_and_a_free_no_token),
        cmocka_unit_test(a_failed_login_leaves_no_password),
        cmocka_unit_test(a_session_keeps_one_password_and_its_end_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
