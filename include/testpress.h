/*
 * libtestpress: log in to a Testpress institute, and get the "Authorization: JWT ..." header for every later request.
 *
 *     tp_token *token = NULL;
 *     tp_error *error = NULL;
 *     if (tp_login("demo", username, password, &token, &error) != TP_OK) {
 *         fprintf(stderr, "%s\n", tp_error_message(error));
 *         tp_error_free(error);
 *         return 1;
 *     }
 *     headers = curl_slist_append(headers, tp_auth_header(token));
 *     tp_token_free(token);
 *
 * CONVENTIONS, kept by every function
 *
 * Results. A function that can fail returns an int32_t: TP_OK (0) or a TP_E_ code. It sets its output pointers to
 * NULL first (what they held is not freed) and writes them when it succeeds; it writes the error object when it
 * fails. "tp_error **error" may be NULL. There is no "last error", neither of the thread nor of the process.
 *
 * Ownership. What a function hands out as a handle is the caller's to free, with the _free of its type; _free(NULL)
 * does nothing. A "const char *" that a function returns belongs to the handle that was asked, and lives until that
 * is freed. Arguments are borrowed until the function returns.
 *
 * Strings are UTF-8 and end at their NUL. What is not UTF-8 is refused. Username and password are sent exactly as
 * given; institutes, options and tokens have no control characters.
 *
 * NULL. A getter of NULL returns NULL, 0, or what it calls unknown; a function that can fail returns
 * TP_E_INVALID_ARGUMENT and names the argument.
 *
 * Threads. "const" on a handle means: safe to use from many threads at once. tp_call is thread-safe, too; tp_config is
 * for one thread at a time. A _free must not overlap another call on the same handle. No thread runs between calls;
 * during a call one may, to look up a name, and it is left behind if the deadline passes first.
 *
 * Forks. A child may use every handle it inherited; it makes connections of its own and leaves its parent's alone.
 *
 * Environment. It is read by tp_client_new and tp_login alone, and by no later call: do not change it (setenv, putenv)
 * in another thread meanwhile. The variables are those of the options proxy and store, SSL_CERT_FILE and SSL_CERT_DIR. A
 * lookup of a name is the system's, which may read some of its own (RES_OPTIONS).
 *
 * Time. Timeouts are milliseconds, waits and expiry are seconds, dates are Unix seconds. A deadline is absolute and
 * monotonic: neither signals nor a change of the clock move it.
 *
 * Secrets. No message, log line or error carries a password or a token.
 *
 * The library prints nothing, changes no signal handler, and has no setting of the process. Loading it starts no
 * thread and opens no file; it stays loaded until the process ends.
 */


#ifndef TESTPRESS_H
#define TESTPRESS_H

#include <stdint.h>

/* What this header was made for; tp_abi_version() and tp_version_number() tell what was loaded. */
#define TP_ABI_VERSION 1
#define TP_VERSION "0.1.0"
#define TP_VERSION_NUMBER 1000 /* major * 1000000 + minor * 1000 + patch */

/*
 * Statuses. The numbers are fixed and never reused; expect codes that are newer than your program.
 */

/** Success. */
#define TP_OK 0
/** An argument or option breaks a rule; the message names it and what it takes. */
#define TP_E_INVALID_ARGUMENT 1
/** A bug in the library, or the process is out of descriptors or threads. */
#define TP_E_INTERNAL 2
/** The call was cancelled. */
#define TP_E_CANCELLED 3
/** The token store can't be used. */
#define TP_E_STORE 4
/** The name of the host could not be resolved. */
#define TP_E_DNS 10
/** No address of the host accepted a connection. */
#define TP_E_CONNECT 11
/** No trusted connection: the certificate was refused, or the handshake failed. */
#define TP_E_TLS 12
/** The proxy could not be used. */
#define TP_E_PROXY 13
/** The deadline passed; request_sent tells whether the server may have seen the request. */
#define TP_E_TIMEOUT 14
/** The connection was lost after the request was sent and before its answer came. */
#define TP_E_OUTCOME_UNKNOWN 15
/** The server rejected the credentials: wrong name or password, or an inactive user. */
#define TP_E_REJECTED 20
/** The account is locked after too many failed logins (max_login_exceeded). */
#define TP_E_LOCKED 21
/** The user is logged in on too many devices (parallel_login_restriction). */
#define TP_E_TOO_MANY_DEVICES 22
/** Too many requests; retry_after tells the wait when the server named one. */
#define TP_E_THROTTLED 23
/** The server did not accept the token: expired, withdrawn, or of a disabled user. */
#define TP_E_UNAUTHORIZED 24
/** The user may not do this. */
#define TP_E_FORBIDDEN 25
/** No such page: check the institute and api_version. */
#define TP_E_NOT_FOUND 26
/** The server did not accept the request; its answer names the fields. */
#define TP_E_BAD_REQUEST 27
/** The server failed (HTTP 5xx). */
#define TP_E_SERVER 40
/** The answer is not one of the Testpress API: a captive portal, a redirect, malformed or cut short. */
#define TP_E_BAD_RESPONSE 41

/* Levels of log messages; each includes those before it. */
#define TP_LOG_ERROR 1
#define TP_LOG_WARN 2
#define TP_LOG_INFO 3
#define TP_LOG_DEBUG 4


/**
 * One call's deadline and cancellation. Thread-safe.
 */
typedef struct tp_call tp_call;

/**
 * A client of one institute, with its connections. Thread-safe.
 */
typedef struct tp_client tp_client;

/**
 * Options for a client. One thread at a time.
 */
typedef struct tp_config tp_config;

/**
 * Why a call failed. Immutable; it belongs to the call's caller alone, and outlives every other handle.
 */
typedef struct tp_error tp_error;

/**
 * Credentials, and always a valid token for them. Thread-safe.
 */
typedef struct tp_session tp_session;

/**
 * A login that succeeded. Immutable: share it between threads, clone it, free each clone once.
 */
typedef struct tp_token tp_token;

/**
 * Receives a log message: level is one of TP_LOG_, message is UTF-8 and lives until the callback returns. It may call
 * this library, but must not free the client or session that calls it, and must not unwind (longjmp, C++ exceptions).
 */
typedef void (*tp_log_callback)(void *context, int32_t level, const char *message);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- The library ---- */

/**
 * The version of the loaded library, such as "0.1.0". Lives as long as the library.
 */
const char *tp_version(void);

/**
 * The version of the loaded library as TP_VERSION_NUMBER counts: major * 1000000 + minor * 1000 + patch. A program
 * asks that it be at least the TP_VERSION_NUMBER that it was built with.
 */
int32_t tp_version_number(void);

/**
 * The ABI of the loaded library. A program that loads it at run time asks that it equal TP_ABI_VERSION, before it
 * calls anything else.
 */
int32_t tp_abi_version(void);

/**
 * The name of a status, such as "TP_E_TLS"; "TP_OK" for 0, and "TP_E_?" for a number that this version does not know.
 * Never NULL; lives as long as the library.
 */
const char *tp_status_name(int32_t status);

/* ---- Log in: the whole story for a simple program ---- */

/**
 * Logs in once, with the default options.
 *
 * institute is a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com") or an https URL without a
 * path. username and password are 1 byte to 64 KiB each, sent exactly as given, to the institute and nowhere else.
 *
 * Blocks for at most 30 seconds. Returns TP_OK and writes *token, which the caller frees with tp_token_free; or
 * returns another status and, where error is not NULL, writes *error, which the caller frees with tp_error_free.
 * Every TP_E_ status is possible but TP_E_CANCELLED, TP_E_STORE, and TP_E_UNAUTHORIZED, which is for later requests.
 *
 * From any thread. A program that logs in more than once makes a tp_client, which keeps its connections.
 */
int32_t tp_login(const char *institute,
                 const char *username,
                 const char *password,
                 tp_token **token,
                 tp_error **error);

/* ---- Tokens: immutable, shareable ---- */

/**
 * The whole header line, "Authorization: JWT eyJ...", as curl_slist_append takes it. NULL for NULL.
 *
 * A secret: send it to tp_token_origin only, and keep it out of logs.
 */
const char *tp_auth_header(const tp_token *token);

/**
 * Frees a token, and wipes it once its last clone is freed. NULL is allowed.
 */
void tp_token_free(tp_token *token);

/**
 * Makes a token from a JWT that was kept elsewhere: 1 byte to 8 KiB of visible ASCII. institute is as for tp_login, or
 * any http URL, and tells where the header may go. Nothing is sent, and nothing is verified: only the server can.
 *
 * Fails with TP_E_INVALID_ARGUMENT. Frees and errors as for tp_login; from any thread.
 */
int32_t tp_token_from_jwt(const char *institute,
                          const char *jwt,
                          tp_token **token,
                          tp_error **error);

/**
 * Another owner of the same token, to be freed on its own. NULL for NULL. Copies nothing; from any thread.
 */
tp_token *tp_token_clone(const tp_token *token);

/**
 * The header's value, "JWT eyJ...", for HTTP clients that take name and value apart. A secret. NULL for NULL.
 */
const char *tp_auth_value(const tp_token *token);

/**
 * The JWT alone, "eyJ...". A secret. NULL for NULL.
 */
const char *tp_token_jwt(const tp_token *token);

/**
 * Where the header may go: scheme, host, and port if it is not the default, such as "https://demo.testpress.in".
 * NULL for NULL.
 */
const char *tp_token_origin(const tp_token *token);

/**
 * When the token expires (claim "exp"), in Unix seconds; 0 when unknown.
 */
int64_t tp_token_expires_at(const tp_token *token);

/**
 * Seconds left by this machine's clock, negative when past; INT64_MAX when unknown.
 */
int64_t tp_token_expires_in(const tp_token *token);

/**
 * The claim "username", an integer as its digits. NULL when absent. Claims are what the token says: a hint, no proof.
 */
const char *tp_token_username(const tp_token *token);

/**
 * The claim "email". NULL when absent.
 */
const char *tp_token_email(const tp_token *token);

/**
 * The claim "user_id"; -1 when absent.
 */
int64_t tp_token_user_id(const tp_token *token);

/**
 * All claims: the JWT's payload, a JSON object in UTF-8. NULL when the token has none that can be read.
 */
const char *tp_token_claims(const tp_token *token);

/* ---- Errors: immutable ---- */

/**
 * The status that the call returned: a TP_E_ code. 0 for NULL.
 */
int32_t tp_error_status(const tp_error *error);

/**
 * For the developer, in English: what happened, to which host, in which phase, and what to do. Never a secret.
 */
const char *tp_error_message(const tp_error *error);

/**
 * The HTTP status of the answer, such as 429; 0 when there was no answer.
 */
int32_t tp_error_http_status(const tp_error *error);

/**
 * The server's "error_code", such as "max_login_exceeded". NULL when it sent none.
 */
const char *tp_error_server_code(const tp_error *error);

/**
 * For the user: the server's own words, in the language it chose. NULL when it sent none. It may hold anything:
 * escape it before it goes into a page.
 */
const char *tp_error_server_message(const tp_error *error);

/**
 * The server's whole JSON answer, with the errors of each field. NULL when it was no JSON object, or longer than
 * 8 KiB.
 */
const char *tp_error_server_body(const tp_error *error);

/**
 * Seconds to wait before the next try, where the server named them (Retry-After); -1 when unknown.
 */
int64_t tp_error_retry_after(const tp_error *error);

/**
 * 1 when the same call may work later, else 0.
 */
int32_t tp_error_retryable(const tp_error *error);

/**
 * 1 when the server may have seen the request, else 0.
 */
int32_t tp_error_request_sent(const tp_error *error);

/**
 * Frees an error. NULL is allowed.
 */
void tp_error_free(tp_error *error);

/* ---- Options ---- */

/**
 * A configuration with every option at its default. The caller frees it with tp_config_free. One thread at a time.
 */
tp_config *tp_config_new(void);

/**
 * Sets one option; name and value are copied. Each with its default:
 *
 * - api_version (v2.5): "v" and two numbers; v2.2, v2.3 and v2.5 are known.
 * - login_encoding (json): json or multipart.
 * - timeout_ms (30000): 1 to 86400000: the whole call.
 * - connect_timeout_ms (10000): 1 to 86400000: lookup, connection and TLS handshake; the smaller of the two counts.
 * - retries (2): 0 to 10: new tries when the request was provably not processed. With 0 no connection is kept.
 * - ca_file (none): PEM file of CA certificates that replaces the system's trust. Without it SSL_CERT_FILE counts, else
 *   SSL_CERT_DIR, else the system's bundle.
 * - client_cert_file, client_key_file (none): PEM files: the client's certificate chain, and its private key,
 *   unencrypted; both or neither.
 * - proxy (env): env, none, or http://[user:password@]host[:port], special characters percent-encoded. env reads
 *   https_proxy or HTTPS_PROXY, else all_proxy or ALL_PROXY, but for the hosts of no_proxy or NO_PROXY, when a client is
 *   made. With plain http, http_proxy takes the place of the first two; HTTP_PROXY is never read.
 * - user_agent (libtestpress/<version>): visible ASCII and spaces.
 * - device_uid, device_type (none): sent as X-Device-UID and X-Device-Type: visible ASCII and spaces.
 * - allow_http (false): true lets plain http go to more than this machine.
 * - store (memory): where sessions keep their token: memory, file (a directory of the user's own, for all of the user's
 *   processes), or file:DIRECTORY, an absolute path.
 * - expiry_leeway (auto): seconds before its end that a session renews a token; auto: a tenth of its lifetime, 5 to 60.
 *
 * Fails with TP_E_INVALID_ARGUMENT for an unknown name or a bad value, and then changes nothing; the message names
 * the option and what it takes. Files are read, and checked, by tp_client_new.
 */
int32_t tp_config_set(tp_config *config,
                      const char *name,
                      const char *value,
                      tp_error **error);

/**
 * Sends messages up to level (TP_LOG_ERROR to TP_LOG_DEBUG) to callback, with context as its first argument. NULL
 * for callback turns them off, whatever the level. No message carries a password or a token.
 *
 * The callback runs only on a thread that is inside a call of a client made from this configuration, perhaps on many
 * at once; callback and context must stay valid until these clients and their sessions are freed.
 *
 * Returns TP_OK, or TP_E_INVALID_ARGUMENT for NULL as config or another level.
 */
int32_t tp_config_set_log(tp_config *config,
                          int32_t level,
                          tp_log_callback callback,
                          void *context);

/**
 * Frees a configuration; clients made from it have their own copy. NULL is allowed.
 */
void tp_config_free(tp_config *config);

/* ---- Calls: a deadline and a cancellation ---- */

/**
 * A deadline and a cancellation for one call, which may be shared with a thread that cancels it. The caller frees it
 * with tp_call_free once the call has returned and no thread will cancel it any more.
 *
 * timeout_ms counts from the start of the call that it is passed to: 0 leaves the client's timeout_ms, a negative
 * value is a deadline that has passed already, and more than 86400000 (a day) counts as a day.
 */
tp_call *tp_call_new(int64_t timeout_ms);

/**
 * Ends the call that this was passed to with TP_E_CANCELLED, within 150 ms; or the next one, as it stays cancelled.
 * From any thread, before or during the call, any number of times; not from a signal handler. NULL is allowed.
 */
void tp_call_cancel(tp_call *call);

/**
 * Frees a call. NULL is allowed.
 */
void tp_call_free(tp_call *call);

/* ---- Clients: thread-safe ---- */

/**
 * Makes a client of one institute (as for tp_login), with a copy of config; NULL for config takes the defaults.
 *
 * Reads the files that options name, makes no connection; the system's trusted certificates are read before the first
 * one. The caller frees *client with tp_client_free. Fails with TP_E_INVALID_ARGUMENT; with TP_E_PROXY when the
 * environment's proxy is malformed; with TP_E_INTERNAL. From any thread.
 */
int32_t tp_client_new(const char *institute,
                      const tp_config *config,
                      tp_client **client,
                      tp_error **error);

/**
 * Where the client sends credentials, such as "https://demo.testpress.in". NULL for NULL.
 */
const char *tp_client_origin(const tp_client *client);

/**
 * Logs in, as tp_login does, over a connection that is kept for the next login where the server allows it.
 *
 * Blocks until there is an answer, the deadline has passed, or call is cancelled (TP_E_CANCELLED). NULL for call
 * takes the client's timeout_ms and no cancellation. From many threads at once; none waits for another.
 */
int32_t tp_client_login(const tp_client *client,
                        const char *username,
                        const char *password,
                        tp_call *call,
                        tp_token **token,
                        tp_error **error);

/**
 * Frees a client and closes its connections. Its tokens live on. NULL is allowed.
 */
void tp_client_free(tp_client *client);

/* ---- Sessions: always a valid token; thread-safe ---- */

/**
 * Makes a session of client's institute for one user. username and password are as for tp_login; they are copied, and
 * wiped when the session is freed. Nothing is sent: the first tp_session_token logs in.
 *
 * Sessions of a process with the same origin, user and password share one token and one login, unless their clients
 * differ in trust, client certificate, proxy, API version, login encoding or store. With the option store set to file,
 * all processes of the user do.
 *
 * A session is for an application's own account. To check somebody else's password, call tp_client_login: a session
 * may have a token already, and then sends nothing.
 *
 * The session holds its client, which may be freed before it. The caller frees *session with tp_session_free. Fails
 * with TP_E_INVALID_ARGUMENT. From any thread.
 */
int32_t tp_session_new(const tp_client *client,
                       const char *username,
                       const char *password,
                       tp_session **session,
                       tp_error **error);

/**
 * Gives a valid token: at once while there is one, else from a login, one for all who ask meanwhile. The caller frees
 * *token with tp_token_free.
 *
 * A token that is about to expire is renewed by one caller, for at most 5 seconds while it is good; the others get it
 * as it is. After a login that failed, the same error comes back at once until the back-off has ended, with the seconds
 * that are left in tp_error_retry_after: 0.5 s to 30 s after a failure of the server or the network, 60 s to an hour
 * after a refusal, and the server's own Retry-After where it sent one. An explicit login (tp_client_login) is always
 * sent, and ends the back-off when it succeeds.
 *
 * Blocks, fails, and takes call as tp_client_login does; each caller with a call of its own. From many threads at once.
 */
int32_t tp_session_token(const tp_session *session,
                         tp_call *call,
                         tp_token **token,
                         tp_error **error);

/**
 * The token that tp_session_token would give at once, or NULL where it would have to wait, log in or renew. The caller
 * frees it with tp_token_free. NULL for NULL.
 *
 * Never blocks on another thread, the network or a lock. Where this process has no token yet, it reads the store, and no
 * other file. From many threads at once.
 */
tp_token *tp_session_cached(const tp_session *session);

/**
 * Tells that the server answered 401 to token: the next tp_session_token gives another. Nothing happens when it was
 * replaced already, so every thread may tell it. After two rejected tokens within a minute no login is made for a
 * minute, and the newest token is given: the server's 401 is an answer, and one page that says 401 must not stop the
 * others. NULL for either is allowed. Never waits; from any thread.
 */
void tp_session_reject(const tp_session *session,
                       const tp_token *token);

/**
 * Tries the store that the option store of the session's client names: reads, locks and writes. TP_OK, also for memory;
 * or TP_E_STORE, with what is wrong and what to do.
 *
 * A login never fails for its store: one that can't be used is passed over, with a warning to the log. This is for those
 * who want to know, such as a health check. From any thread.
 */
int32_t tp_session_check_store(const tp_session *session,
                               tp_error **error);

/**
 * Frees a session and wipes its credentials; its tokens live on. NULL is allowed.
 */
void tp_session_free(tp_session *session);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TESTPRESS_H */


