/*
 * Logs in to Testpress and prints the user's profile, with libcurl:
 *
 *     cc example.c $(pkg-config --cflags --libs testpress libcurl) -o example
 *     TESTPRESS_INSTITUTE=demo TESTPRESS_USERNAME=... TESTPRESS_PASSWORD=... ./example
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <testpress.h>

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value ? value : otherwise;
}

/* Prints what the server sends. Returns 0, or -1 after saying what went wrong. */
static int print_profile(CURL *curl, const tp_token *token) {
    char url[512]; /* a host name has at most 253 characters */
    snprintf(url, sizeof url, "%s/api/v2.2/me/", tp_token_origin(token));
    struct curl_slist *headers = curl_slist_append(NULL, tp_auth_header(token));

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L); /* 400 and above are failures */
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    /* The library trusts this file when it is set; libcurl has to be told. */
    if (getenv("SSL_CERT_FILE"))
        curl_easy_setopt(curl, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));

    /* Without the list there would be no header, and the server's refusal would mislead. */
    CURLcode result = headers ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    if (result == CURLE_OK && status == 200)
        return 0;
    fprintf(stderr, "%s: %s (HTTP %ld)\n", url, curl_easy_strerror(result), status);
    return -1;
}

static int show(const char *username, const tp_token *token) {
    CURL *curl = curl_easy_init();
    int result = curl ? print_profile(curl, token) : -1;
    curl_easy_cleanup(curl);
    /* Of a token only the start is ever shown: who has it is logged in. */
    if (result == 0)
        printf("\nC ok %s Authorization: JWT %.8s…\n", username, tp_token_jwt(token));
    return result;
}

int main(void) {
    const char *username = setting("TESTPRESS_USERNAME", "testpress");
    const char *password = setting("TESTPRESS_PASSWORD", "demo");
    tp_token *token = NULL;
    tp_error *error = NULL;

    if (tp_login(setting("TESTPRESS_INSTITUTE", "demo"), username, password, &token, &error)) {
        fprintf(stderr, "%s\n", tp_error_message(error));
        tp_error_free(error);
        return EXIT_FAILURE;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int result = show(username, token);
    curl_global_cleanup();
    tp_token_free(token);
    return result == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
