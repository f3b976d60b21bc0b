/*
 * Proof that a race in the program is found: the log callback of a client, which runs in many
 * threads at once, counts without a lock, and has to be reported for it. It is never a test.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <testpress.h>

static int messages;

static void count(void *context, int32_t level, const char *message) {
    (void)context, (void)level, (void)message;
    messages++;
}

/* Nobody listens on port 1. */
static void *fail_to_log_in(void *client) {
    tp_token *token = NULL;
    tp_client_login(client, "u", "p", NULL, &token, NULL);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    tp_client *client = NULL;
    tp_config *config = tp_config_new();
    tp_config_set_log(config, TP_LOG_DEBUG, count, NULL);
    if (tp_client_new("http://127.0.0.1:1", config, &client, NULL) != TP_OK)
        return 0;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, fail_to_log_in, client))
            return 0;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    tp_client_free(client);
    tp_config_free(config);
    return messages == 0;
}
