/* libtestpress, loaded by path: two builds of it can race in one process. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <testpress.h>

#include "contestants.h"

/* Each function by its own type, from the header. */
#define FUNCTIONS(X)                                                                               \
    X(tp_config_new)                                                                               \
    X(tp_config_set)                                                                               \
    X(tp_config_free)                                                                              \
    X(tp_client_new)                                                                               \
    X(tp_client_login)                                                                             \
    X(tp_client_free)                                                                              \
    X(tp_token_free)

struct library {
#define FIELD(function) __typeof__(function) *function;
    FUNCTIONS(FIELD)
#undef FIELD
};

static void *symbol(void *handle, const char *name) {
    void *found = dlsym(handle, name);
    if (!found) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    return found;
}

static const struct library *load(const char *path) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    struct library *library = calloc(1, sizeof *library);
    if (!handle || !library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
#define LOOK_UP(function) *(void **)&library->function = symbol(handle, #function);
    FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    return library;
}

static void *client(const struct contestant *self, const char *origin, const char *ca_file) {
    const struct library *tp = self->library;
    tp_client *made = NULL;
    tp_config *config = tp->tp_config_new();
    if (ca_file)
        tp->tp_config_set(config, "ca_file", ca_file, NULL);
    tp->tp_client_new(origin, config, &made, NULL);
    tp->tp_config_free(config);
    return made;
}

static bool login(const struct contestant *self, void *client) {
    tp_token *token = NULL;
    int32_t status = self->library->tp_client_login(client, "ada", "lovelace", NULL, &token, NULL);
    self->library->tp_token_free(token);
    return status == TP_OK;
}

static void close_client(const struct contestant *self, void *client) {
    self->library->tp_client_free(client);
}

struct contestant testpress(const char *name, const char *path) {
    struct contestant made = {name, client, login, close_client, load(path)};
    return made;
}
