/* What the library says, and to whom: the log callback only, never the terminal, never a secret. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

#define PASSWORD "correct horse battery"
#define TOKEN "eyJhbGciOiJIUzI1NiJ9.e30.c2VjcmV0LXNpZ25hdHVyZQ"

/* Everything that came, a line a message, and from where. */
struct journal {
    char text[65536];
    int messages, of_level[TP_LOG_DEBUG + 1], from_elsewhere;
    pthread_t caller;
};

static void write_down(void *context, int32_t level, const char *message) {
    struct journal *journal = context;
    journal->messages++;
    if (level >= TP_LOG_ERROR && level <= TP_LOG_DEBUG)
        journal->of_level[level]++;
    journal->from_elsewhere += !pthread_equal(journal->caller, pthread_self());
    size_t used = strlen(journal->text);
    snprintf(journal->text + used, sizeof journal->text - used, "%s\n", message);
}

static tp_client *logging_client(const char *where, int32_t level, struct journal *journal) {
    memset(journal, 0, sizeof *journal);
    journal->caller = pthread_self();
    tp_config *config = tp_config_new();
    assert_int_equal(tp_config_set_log(config, level, write_down, journal), TP_OK);
    tp_client *client = NULL;
    expect_status(TP_OK, tp_client_new(where, config, &client, NULL), NULL);
    tp_config_free(config);
    return client;
}

static struct journal journal;

static void messages_come_on_the_calling_thread(void **state) {
    (void)state;
    tp_client *client = logging_client(institute(), TP_LOG_DEBUG, &journal);
    tp_token_free(log_in(client, "testpress", "demo"));
    assert_true(journal.messages > 0);
    assert_int_equal(journal.from_elsewhere, 0);
    expect_contains(journal.text, institute());
    tp_client_free(client);

    /* The same where the name has to be looked up, which may take another thread. */
    client = logging_client("nobody.invalid", TP_LOG_DEBUG, &journal);
    tp_call *call = tp_call_new(3000);
    tp_token *token = NULL;
    assert_int_not_equal(tp_client_login(client, "u", "p", call, &token, NULL), TP_OK);
    assert_true(journal.messages > 0);
    assert_int_equal(journal.from_elsewhere, 0);
    tp_call_free(call);
    tp_client_free(client);
}

static void a_level_lets_the_more_important_through(void **state) {
    (void)state;
    int before = 0;
    for (int32_t level = TP_LOG_ERROR; level <= TP_LOG_DEBUG; level++) {
        tp_client *client = logging_client(institute(), level, &journal);
        tp_token_free(log_in(client, "testpress", "demo"));
        tp_error_free(fail_to_log_in(TP_E_REJECTED, client, "testpress", "wrong-password", NULL));
        for (int32_t chattier = level + 1; chattier <= TP_LOG_DEBUG; chattier++)
            assert_int_equal(journal.of_level[chattier], 0);
        assert_true(journal.messages >= before);
        before = journal.messages;
        tp_client_free(client);
    }
    assert_true(journal.of_level[TP_LOG_DEBUG] > 0 && journal.of_level[TP_LOG_INFO] > 0);
}

static void nothing_comes_after_the_client_is_freed_or_without_a_callback(void **state) {
    (void)state;
    tp_client *client = logging_client(institute(), TP_LOG_DEBUG, &journal);
    tp_client_free(client);
    int messages = journal.messages;
    client = client_with(institute(), NULL);
    tp_token_free(log_in(client, "testpress", "demo"));
    tp_client_free(client);
    assert_int_equal(journal.messages, messages);

    tp_config *config = tp_config_new();
    tp_config_set_log(config, TP_LOG_DEBUG, write_down, &journal);
    assert_int_equal(tp_config_set_log(config, TP_LOG_DEBUG, NULL, NULL), TP_OK); /* off again */
    expect_status(TP_OK, tp_client_new(institute(), config, &client, NULL), NULL);
    tp_config_free(config);
    tp_token_free(log_in(client, "testpress", "demo"));
    tp_client_free(client);
    assert_int_equal(journal.messages, messages);
}

/* Answers that carry the secrets back, or fail, each logged at the chattiest level. */
static void no_message_has_a_secret(void **state) {
    (void)state;
    const char *answers[] = {
        CANNED_JSON("200 OK", "", "{\"token\":\"" TOKEN "\"}"),
        CANNED_JSON("200 OK", "", "{\"token\":\"" TOKEN "\"} and more"),
        CANNED_JSON("200 OK", "", "{\"token\":\"" TOKEN "\",\"token\":\"" TOKEN "\"}"),
        CANNED_JSON("200 OK", "X-Echo: " TOKEN "\r\n", "{\"token\":[\"" TOKEN "\"]}"),
        CANNED_JSON("400 Bad Request", "", "{\"password\":[\"" PASSWORD " is weak\"]}"),
        CANNED_JSON("500 Oops", "", "<pre>password=" PASSWORD " token=" TOKEN "</pre>"),
        CANNED_JSON("302 Found", "Location: https://x.example/?p=" TOKEN "\r\n", ""),
        "HTTP/1.1 " TOKEN "\r\n\r\n",
        CANNED_HANG_UP,
    };
    static struct canned server;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        canned_start(&server, answers[i]);
        tp_client *client = logging_client(server.origin, TP_LOG_DEBUG, &journal);
        tp_token *token = NULL;
        tp_error *error = NULL;
        tp_client_login(client, "testpress", PASSWORD, NULL, &token, &error);
        canned_stop(&server);
        expect_contains(server.request, PASSWORD); /* it was there to be leaked */
        assert_true(journal.messages > 0);
        expect_lacks(journal.text, PASSWORD);
        expect_lacks(journal.text, "battery");
        expect_lacks(journal.text, TOKEN);
        expect_lacks(journal.text, "c2VjcmV0");
        if (error) {
            expect_lacks(tp_error_message(error), PASSWORD);
            expect_lacks(tp_error_message(error), "c2VjcmV0");
        }
        tp_token_free(token);
        tp_error_free(error);
        tp_client_free(client);
    }
}

/* A series of failures of every kind. */
static void fail_in_many_ways(void) {
    const char *answers[] = {CANNED_JSON("500 Oops", "", "oops"), "garbage\r\n\r\n",
                             CANNED_HANG_UP};
    static struct canned server;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        tp_token *token;
        canned_start(&server, answers[i]);
        tp_login(server.origin, "u", PASSWORD, &token, NULL);
        canned_stop(&server);
        tp_login(server.tls_origin, "u", PASSWORD, &token, NULL);
        tp_login(NULL, NULL, NULL, NULL, NULL);
        tp_login("a b", "u", "\xFF", &token, NULL);
        tp_login(institute(), "testpress", PASSWORD, &token, NULL);
        tp_login(dead_origin(), "testpress", PASSWORD, &token, NULL);
        tp_token_from_jwt("demo", "\xFF", &token, NULL);
        tp_client *client = client_with(institute(), OPTIONS("ca_file", faults_ca()));
        tp_error_free(fail_to_log_in(TP_E_TLS, client, "testpress", PASSWORD, NULL));
        tp_client_free(client);
    }
}

static void nothing_is_ever_printed(void **state) {
    (void)state;
    FILE *caught = tmpfile();
    fflush(stdout);
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    dup2(fileno(caught), STDOUT_FILENO);
    dup2(fileno(caught), STDERR_FILENO);
    fail_in_many_ways();
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    long length = lseek(fileno(caught), 0, SEEK_END);
    char text[1024] = "";
    if (length > 0 && pread(fileno(caught), text, sizeof text - 1, 0) > 0)
        fail_msg("the library printed: %s", text);
    fclose(caught);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_on_the_calling_thread),
        cmocka_unit_test(a_level_lets_the_more_important_through),
        cmocka_unit_test(nothing_comes_after_the_client_is_freed_or_without_a_callback),
        cmocka_unit_test(no_message_has_a_secret),
        cmocka_unit_test(nothing_is_ever_printed),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
