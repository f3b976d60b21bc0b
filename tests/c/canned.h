/*
 * A server inside the test, on loopback and in plain http, that gives every request the same bytes
 * for an answer: what is to be seen is then in the test itself.
 */
#ifndef CANNED_H
#define CANNED_H

#include <pthread.h>

/* Answers of a special kind. */
#define CANNED_SILENCE NULL /* takes the request and never answers */
#define CANNED_HANG_UP ""   /* takes the request and closes the connection */

struct canned {
    char origin[64];     /* "http://127.0.0.1:PORT" */
    char tls_origin[64]; /* the same with https: the handshake is never answered */
    char request[16384]; /* the last one, to be read after canned_stop */
    int requests;        /* how many came; likewise */
    const char *answer;
    int listener;
    int stop[2];
    pthread_t thread;
};

void canned_start(struct canned *server, const char *answer);
void canned_stop(struct canned *server);

/* An origin on which nobody listens: every connection is refused. */
const char *dead_origin(void);

/* A whole answer, as a server sends JSON. */
#define CANNED_JSON(status, headers, body)                                                         \
    "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n" headers       \
    "\r\n" body

#endif
