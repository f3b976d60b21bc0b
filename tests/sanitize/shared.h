/* What all of the threads share without a lock of their own, as the header allows. */
#ifndef SHARED_H
#define SHARED_H

#include <stdint.h>
#include <testpress.h>

#define WORKERS 56   /* log in and use tokens */
#define CANCELLERS 8 /* cancel what the others wait for */
#define THREADS (WORKERS + CANCELLERS)
#define ROUNDS 3   /* how often a worker takes each of its steps */
#define SESSIONS 3 /* of each place that has some */

#define USERNAME "ada"
#define PASSWORD "s3cret-s3cret"
#define OTHER_PASSWORD "0ther-s3cret"

/* Each has a server, and so a way for its logins to end, and is one client for all threads. */
enum place {
    TLS,          /* logs in, and keeps the connection */
    PLAIN,        /* the same in plain http */
    REJECTING,    /* says no */
    DEAD,         /* refuses connections */
    RESETTING,    /* resets the connection when the request is there */
    STALE,        /* closes a kept connection when the next request is there */
    IDLE,         /* closes a kept connection when its answer is there */
    UNKNOWN,      /* has a name that nobody knows */
    SILENT,       /* never answers */
    SILENT_PLAIN, /* the same in plain http */
    CHANGING,     /* gives another token to every login */
    SHORT_LIVED,  /* gives tokens for two seconds */
    SLOW,         /* takes its time for a good answer */
    STORED,       /* as SHORT_LIVED, and sessions keep their token in files */
    SILENT_LOGIN, /* as SILENT, for one login that many wait for */
    PLACES
};

/* A call that a worker waits in and that cancellers end. */
struct ending {
    tp_call *call;
    int64_t since; /* when the worker began, 0 before; atomic */
};

struct shared {
    tp_client *clients[PLACES];
    char store[64]; /* the option, with a directory of this run's own */
    /* Two of one account, and a third that has another password; NULL at places without sessions.
     */
    tp_session *sessions[PLACES][SESSIONS];
    tp_token *token;
    /* An owner for each worker, whose last one frees the token. */
    tp_token *owned[ROUNDS][WORKERS];
    /* A place where a worker leaves a token, and takes what another left; atomic. */
    tp_token *letterbox;
    struct ending endings[ROUNDS][PLACES][WORKERS];
    int at_work;            /* workers that have not ended; atomic */
    long messages, secrets; /* log messages, and those of them that have a secret; atomic */
};

extern struct shared shared;

void open_shared(void);
void close_shared(void);

/* A client for `place`, with options and a log: one of those above, or a thread's own. */
tp_client *open_client(enum place place);

/* A session of its own for the caller; it shares its token with others of the same account. */
tp_session *open_session(enum place place, const char *password);

/*
 * Atomic operations that order nothing else: the library shall not be saved by an order that is the
 * test's.
 */
#define READ(object) __atomic_load_n(&(object), __ATOMIC_RELAXED)
#define WRITE(object, value) __atomic_store_n(&(object), value, __ATOMIC_RELAXED)
#define ADD(object, amount) __atomic_fetch_add(&(object), amount, __ATOMIC_RELAXED)

#endif
