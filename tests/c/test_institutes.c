/* What an institute may be called: one origin comes of it, or an error, and never another origin.
 */
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static void each_spelling_means_one_origin(void **state) {
    (void)state;
    const char *cases[][2] = {
        {"demo", "https://demo.testpress.in"},
        {"DEMO", "https://demo.testpress.in"},
        {"learn.example.com", "https://learn.example.com"},
        {"https://learn.example.com", "https://learn.example.com"},
        {"https://learn.example.com/", "https://learn.example.com"},
        {"https://learn.example.com:443", "https://learn.example.com"},
        {"https://learn.example.com:8443", "https://learn.example.com:8443"},
        {"http://localhost:8000", "http://localhost:8000"},
        {"http://127.0.0.1:8000", "http://127.0.0.1:8000"},
        {"http://[::1]:8000", "http://[::1]:8000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tp_client *client = client_with(cases[i][0], NULL);
        assert_string_equal(tp_client_origin(client), cases[i][1]);
        tp_client_free(client);
    }
}

static void expect_refused(const char *institute) {
    tp_client *client = (tp_client *)0x1;
    tp_error *error = NULL;
    int32_t status = tp_client_new(institute, NULL, &client, &error);
    if (status == TP_OK)
        fail_msg("\"%.80s\" was taken as %s", institute, tp_client_origin(client));
    assert_null(client);
    expect_invalid("institute", status, error);

    tp_token *token = NULL;
    status = tp_login(institute, "u", "p", &token, &error);
    assert_null(token);
    expect_invalid("institute", status, error);
}

static void doubtful_institutes_are_refused(void **state) {
    (void)state;
    const char *doubtful[] = {
        "",
        " ",
        "evil.com/#",
        "evil.com/",
        "evil.com?",
        "evil.com#",
        "evil.com\\",
        "a b",
        " demo",
        "demo ",
        "demo@x",
        "demo.testpress.in@evil.com",
        "https://user:pw@demo.testpress.in",
        "https://demo.testpress.in/api",
        "https://demo.testpress.in/?a",
        "https://demo.testpress.in/#a",
        "https://",
        "https:///",
        "https://:443",
        "https://demo.testpress.in:0",
        "https://demo.testpress.in:65536",
        "https://demo.testpress.in:80a",
        "https://demo.testpress.in:",
        "ftp://demo.testpress.in",
        "javascript:alert(1)",
        "//demo.testpress.in",
        "demo:443",
        "demo..testpress.in",
        ".testpress.in",
        "-demo",
        "demo-",
        "de_mo!",
        "demo%2e",
        "demo\n",
        "demo\r\nHost: evil.com",
        "demo\x7F",
        "d\xC3\xA9mo",
        "demo\xFF",
        "\xE2\x80\xAE"
        "demo",
        "\xEF\xBC\xA5vil.com",
        "https://[::1",
        "https://[::g]",
        "https://1.2.3.4.5.",
    };
    for (size_t i = 0; i < sizeof doubtful / sizeof doubtful[0]; i++)
        expect_refused(doubtful[i]);
}

static void plain_http_needs_leave(void **state) {
    (void)state;
    expect_refused("http://demo.testpress.in");
    expect_refused("http://127.0.0.1.evil.com");
    expect_refused("http://localhost.evil.com");
    tp_client *client = client_with("http://demo.testpress.in", OPTIONS("allow_http", "true"));
    assert_string_equal(tp_client_origin(client), "http://demo.testpress.in");
    tp_client_free(client);
}

static void a_password_in_a_url_is_not_repeated(void **state) {
    (void)state;
    tp_client *client = NULL;
    tp_error *error = NULL;
    int32_t status = tp_client_new("https://u:s3cret@demo.testpress.in", NULL, &client, &error);
    expect_lacks(tp_error_message(error), "s3cret");
    expect_invalid("institute", status, error);
}

static void a_long_institute_is_refused_in_a_short_message(void **state) {
    (void)state;
    const size_t megabyte = 1048576;
    char *name = malloc(megabyte + 1);
    memset(name, 'a', megabyte);
    name[megabyte] = '\0';
    tp_error *error = NULL;
    tp_client *client = NULL;
    int32_t status = tp_client_new(name, NULL, &client, &error);
    assert_true(strlen(tp_error_message(error)) < 1000);
    expect_invalid("institute", status, error);
    name[64] = '\0'; /* a label has at most 63 characters */
    expect_refused(name);
    free(name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_spelling_means_one_origin),
        cmocka_unit_test(doubtful_institutes_are_refused),
        cmocka_unit_test(plain_http_needs_leave),
        cmocka_unit_test(a_password_in_a_url_is_not_repeated),
        cmocka_unit_test(a_long_institute_is_refused_in_a_short_message),
    };
    return cmocka_run_group_tests_name("institutes", tests, NULL, NULL);
}
