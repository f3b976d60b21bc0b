/* Options: what each takes, and that everything else is an error that names it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "canned.h"
#include "expect.h"
#include "surroundings.h"

static char directory[] = "/tmp/testpress-options-XXXXXX";

static const char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void write_file(const char *name, const char *content) {
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static int make_files(void **state) {
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    write_file("empty.pem", "");
    write_file("garbage.pem", "this is no certificate\n");
    write_file("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    const char *names[] = {"empty.pem", "garbage.pem", "broken.pem", "a.pem",
                           "b.pem",     "ak.pem",      "bk.pem"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(path_of(names[i]));
    return rmdir(directory);
}

static void bad_values_are_refused_when_they_are_set(void **state) {
    (void)state;
    const char *cases[][2] = {
        {"timeout_ms", "0"},
        {"timeout_ms", "-1"},
        {"timeout_ms", "abc"},
        {"timeout_ms", ""},
        {"timeout_ms", "1.5"},
        {"timeout_ms", "0x10"},
        {"timeout_ms", " 1"},
        {"timeout_ms", "1 "},
        {"timeout_ms", "+1"},
        {"timeout_ms", "86400001"},
        {"timeout_ms", "9223372036854775808"},
        {"timeout_ms", "99999999999999999999999999"},
        {"connect_timeout_ms", "0"},
        {"connect_timeout_ms", "9223372036854775808"},
        {"retries", "-1"},
        {"retries", "11"},
        {"retries", "two"},
        {"api_version", "2.5"},
        {"api_version", "v2"},
        {"api_version", "v2.5/../../evil"},
        {"api_version", ""},
        {"login_encoding", "xml"},
        {"login_encoding", "JSON "},
        {"allow_http", "maybe"},
        {"allow_http", ""},
        {"user_agent", ""},
        {"user_agent", "a\r\nX-Injected: y"},
        {"user_agent", "a\nb"},
        {"user_agent", "\xC3\xA9"},
        {"device_uid", "a\r\nb"},
        {"device_type", "a\r\nb"},
        {"ca_file", ""},
        {"ca_file", "a\nb"},
        {"client_cert_file", ""},
        {"client_key_file", ""},
        {"retries", "\xFF"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tp_config *config = tp_config_new();
        tp_error *error = NULL;
        int32_t status = tp_config_set(config, cases[i][0], cases[i][1], &error);
        if (status == TP_OK)
            fail_msg("%s=\"%s\" was taken", cases[i][0], cases[i][1]);
        expect_invalid(cases[i][0], status, error);
        tp_config_free(config);
    }
}

static void good_values_are_taken(void **state) {
    (void)state;
    const char *cases[][2] = {
        {"timeout_ms", "1"},
        {"timeout_ms", "86400000"},
        {"retries", "0"},
        {"retries", "10"},
        {"api_version", "v2.2"},
        {"login_encoding", "multipart"},
        {"allow_http", "false"},
        {"user_agent", "My App/1.0 (a; b)"},
        {"connect_timeout_ms", "1"},
        {"device_uid", "4711"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tp_client *client = client_with("demo", OPTIONS(cases[i][0], cases[i][1]));
        tp_client_free(client);
    }
}

static void unknown_names_are_refused_and_known_ones_listed(void **state) {
    (void)state;
    const char *unknown[] = {"", "timeout", "TIMEOUT_MS", "insecure", "verify", "retries ", "\xFF"};
    tp_config *config = tp_config_new();
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        tp_error *error = NULL;
        int32_t status = tp_config_set(config, unknown[i], "1", &error);
        expect_invalid(strcmp(unknown[i], "\xFF") == 0 ? "name" : "timeout_ms", status, error);
    }
    tp_config_free(config);
}

static void a_long_name_or_value_makes_a_short_message(void **state) {
    (void)state;
    const size_t megabyte = 1048576;
    char *text = malloc(megabyte + 1);
    memset(text, 'x', megabyte);
    text[megabyte] = '\0';
    const char *cases[][2] = {
        {text, "1"}, {"retries", text}, {"ca_file", text}, {"user_agent", text}, {"proxies", text}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tp_config *config = tp_config_new();
        tp_client *client = NULL;
        tp_error *error = NULL;
        int32_t status = tp_config_set(config, cases[i][0], cases[i][1], &error);
        if (status == TP_OK) /* a path may be any text: it is opened later */
            status = tp_client_new("demo", config, &client, &error);
        assert_true(strlen(tp_error_message(error)) < 1000);
        expect_invalid(cases[i][0] == text ? "retries" : cases[i][0], status, error);
        tp_config_free(config);
    }
    free(text);
}

static void expect_refused_client(const char *culprit, const char *const *options) {
    tp_config *config = tp_config_new();
    for (; *options; options += 2)
        expect_status(TP_OK, tp_config_set(config, options[0], options[1], NULL), NULL);
    tp_client *client = NULL;
    tp_error *error = NULL;
    int32_t status = tp_client_new("demo", config, &client, &error);
    assert_null(client);
    expect_invalid(culprit, status, error);
    tp_config_free(config);
}

static void files_that_are_no_certificates_are_refused(void **state) {
    (void)state;
    const char *names[] = {"missing.pem", "empty.pem", "garbage.pem", "broken.pem", "."};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect_refused_client("ca_file", OPTIONS("ca_file", path_of(names[i])));
    expect_refused_client("ca_file", OPTIONS("ca_file", "/dev/null"));
}

/* Two self-signed certificates, of keys ak.pem and bk.pem. */
static void make_certificates(void) {
    const char *names[] = {"a", "b"};
    for (size_t i = 0; i < 2; i++) {
        char command[512];
        snprintf(command, sizeof command,
                 "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "
                 "/CN=%s -keyout %s/%sk.pem -out %s/%s.pem -days 1 2>/dev/null",
                 names[i], directory, names[i], directory, names[i]);
        assert_int_equal(system(command), 0);
    }
}

static void a_client_certificate_needs_its_own_key(void **state) {
    (void)state;
    make_certificates();
    char certificate[128], key[128], other_key[128];
    strcpy(certificate, path_of("a.pem"));
    strcpy(key, path_of("ak.pem"));
    strcpy(other_key, path_of("bk.pem"));

    tp_client_free(
        client_with("demo", OPTIONS("client_cert_file", certificate, "client_key_file", key)));
    expect_refused_client("client_key_file",
                          OPTIONS("client_cert_file", certificate, "client_key_file", other_key));
    expect_refused_client("client_key_file", OPTIONS("client_cert_file", certificate));
    expect_refused_client("client_cert_file", OPTIONS("client_key_file", key));
    expect_refused_client("client_key_file", OPTIONS("client_cert_file", certificate,
                                                     "client_key_file", path_of("missing.pem")));
    expect_refused_client("client_cert_file", OPTIONS("client_cert_file", path_of("empty.pem"),
                                                      "client_key_file", key));
}

static void the_config_is_copied(void **state) {
    (void)state;
    tp_config *config = tp_config_new();
    expect_status(TP_OK, tp_config_set(config, "timeout_ms", "100", NULL), NULL);
    static struct canned server;
    canned_start(&server, CANNED_SILENCE);
    tp_client *client = NULL;
    expect_status(TP_OK, tp_client_new(server.origin, config, &client, NULL), NULL);
    expect_status(TP_OK, tp_config_set(config, "timeout_ms", "86400000", NULL), NULL);
    tp_config_free(config);
    tp_error_free(fail_to_log_in(TP_E_TIMEOUT, client, "u", "p", NULL));
    tp_client_free(client);
    canned_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_values_are_refused_when_they_are_set),
        cmocka_unit_test(good_values_are_taken),
        cmocka_unit_test(unknown_names_are_refused_and_known_ones_listed),
        cmocka_unit_test(a_long_name_or_value_makes_a_short_message),
        cmocka_unit_test(files_that_are_no_certificates_are_refused),
        cmocka_unit_test(a_client_certificate_needs_its_own_key),
        cmocka_unit_test(the_config_is_copied),
    };
    return cmocka_run_group_tests_name("options", tests, make_files, remove_files);
}
