/* The environment is read when a client is made, and in no later call: another thread's setenv
 * crashes whoever reads it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

extern char **environ;

static int reads;

/* What the library's own calls of getenv(3) come to, as this program is looked at before libc. */
char *getenv(const char *name) {
    size_t length = strlen(name);
    reads++;
    for (char **entry = environ; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

static void a_client_reads_it_and_nobody_afterwards(void **state) {
    (void)state;
    char directory[] = "/tmp/testpress-XXXXXX", made[64];
    assert_non_null(mkdtemp(directory));
    setenv("XDG_RUNTIME_DIR", directory, 1);
    char *origin = fault("another-each-time");
    /* The system's trust is read with the first connection, and would be from the environment. */
    setenv("SSL_CERT_FILE", faults_ca(), 1);
    reads = 0;
    tp_client *client = client_with(origin, OPTIONS("store", "file"));
    assert_true(reads > 0);

    unsetenv("SSL_CERT_FILE");
    setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
    reads = 0;
    tp_session *session = NULL;
    tp_token *token = NULL;
    assert_int_equal(tp_session_new(client, "ada", "lovelace", &session, NULL), TP_OK);
    assert_null(tp_session_cached(session));
    assert_int_equal(tp_session_token(session, NULL, &token, NULL), TP_OK);
    tp_session_reject(session, token);
    tp_token_free(token);
    assert_int_equal(tp_session_token(session, NULL, &token, NULL), TP_OK);
    tp_token_free(token);
    assert_int_equal(tp_session_check_store(session, NULL), TP_OK);
    assert_int_equal(tp_client_login(client, "ada", "lovelace", NULL, &token, NULL), TP_OK);
    tp_token_free(token);
    tp_session_free(session);
    tp_client_free(client);
    assert_int_equal(reads, 0);

    snprintf(made, sizeof made, "%s/testpress", directory);
    assert_int_equal(access(made, F_OK), 0); /* where the client was told to keep tokens */
    remove_directory(directory);
    free(origin);
}

#define NOBODY 65534

/* Exits with 0 when nobody's home has the store. */
static void become_nobody(const tp_session *session, const char *home) {
    char store[64];
    tp_token *token = NULL;
    alarm((unsigned)(20 * slowdown())); /* a child that hangs has failed */
    bool right = setgid(NOBODY) == 0 && setuid(NOBODY) == 0 &&
                 tp_session_check_store(session, NULL) == TP_OK &&
                 tp_session_token(session, NULL, &token, NULL) == TP_OK;
    snprintf(store, sizeof store, "%s/.cache/testpress", home);
    right = right && access(store, W_OK) == 0;
    /* It leaves its parent's things behind: as another program, no leak checker counts them. */
    execlp(right ? "true" : "false", "child", (char *)NULL);
    _exit(1);
}

static void a_process_that_becomes_another_user_uses_that_users_store(void **state) {
    (void)state;
    if (geteuid() != 0)
        skip();
    char home[] = "/tmp/testpress-XXXXXX";
    assert_non_null(mkdtemp(home));
    assert_int_equal(chown(home, NOBODY, NOBODY), 0);
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", home, 1);
    char *origin = fault("another-each-time");
    tp_client *client = client_with(origin, OPTIONS("ca_file", faults_ca(), "store", "file"));
    tp_session *session = NULL;
    assert_int_equal(tp_session_new(client, "ada", "lovelace", &session, NULL), TP_OK);
    pid_t child = fork();
    if (child == 0)
        become_nobody(session, home);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    tp_session_free(session);
    tp_client_free(client);
    remove_directory(home);
    free(origin);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_reads_it_and_nobody_afterwards),
        cmocka_unit_test(a_process_that_becomes_another_user_uses_that_users_store),
    };
    return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
