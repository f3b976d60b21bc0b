/* Those who log in: this library, the same without wiping, and libcurl with the usual ten lines. */
#ifndef CONTESTANTS_H
#define CONTESTANTS_H

#include <stdbool.h>

struct contestant {
    const char *name;
    /* A client for logins to `origin`, trusting `ca_file` (NULL: the system's or SSL_CERT_FILE). */
    void *(*client)(const struct contestant *self, const char *origin, const char *ca_file);
    /* Logs in; false when no token came. */
    bool (*login)(const struct contestant *self, void *client);
    void (*close)(const struct contestant *self, void *client);
    /* The functions of a loaded libtestpress. */
    const struct library *library;
};

/* Ends the program when there is no such library. */
struct contestant testpress(const char *name, const char *path);
struct contestant libcurl(void);

#endif
