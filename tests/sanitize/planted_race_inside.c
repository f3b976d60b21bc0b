/*
 * Proof that a race inside the library is found: two threads set an option of one configuration,
 * which is for one thread at a time, and have to be reported for it. It is never a test.
 */
#include <pthread.h>
#include <stddef.h>
#include <testpress.h>

static void *set(void *config) {
    tp_config_set(config, "retries", "3", NULL);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    tp_config *config = tp_config_new();
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, set, config))
            return 0;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    tp_config_free(config);
    return 0;
}
