/* What these tests say again and again: this call shall end with that status. */
#ifndef EXPECT_H
#define EXPECT_H

/* cmocka.h needs these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <testpress.h>

/*
 * Fails unless `actual` is `expected` and the error agrees: none for TP_OK, else of that status.
 * `actual` may be the call that sets `error`: it is evaluated first.
 */
#define expect_status(expected, actual, error)                                                     \
    do {                                                                                           \
        int32_t status_ = (actual);                                                                \
        expect_status_at(expected, status_, error, __FILE__, __LINE__);                            \
    } while (0)
void expect_status_at(int32_t expected, int32_t actual, const tp_error *error, const char *file,
                      int line);

/* The same for TP_E_INVALID_ARGUMENT, where the message has to name `culprit`. Frees the error. */
#define expect_invalid(culprit, actual, error)                                                     \
    do {                                                                                           \
        int32_t status_ = (actual);                                                                \
        expect_invalid_at(culprit, status_, error, __FILE__, __LINE__);                            \
    } while (0)
void expect_invalid_at(const char *culprit, int32_t actual, tp_error *error, const char *file,
                       int line);

#define expect_contains(text, part) expect_part_at(text, part, true, __FILE__, __LINE__)
#define expect_lacks(text, part) expect_part_at(text, part, false, __FILE__, __LINE__)
void expect_part_at(const char *text, const char *part, bool wanted, const char *file, int line);

/* A client for `institute`. `options` are names and values in turn, ended by NULL; or NULL. */
tp_client *client_with(const char *institute, const char *const *options);
#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Logs in, expects that to succeed, and hands over the token. */
tp_token *log_in(const tp_client *client, const char *username, const char *password);

/* Logs in, expects `status`, and hands over the error. */
tp_error *fail_to_log_in(int32_t status, const tp_client *client, const char *username,
                         const char *password, tp_call *call);

#endif
