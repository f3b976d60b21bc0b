/* The servers that these tests run against, and how patient a test has to be. */
#ifndef SURROUNDINGS_H
#define SURROUNDINGS_H

#include <stdint.h>

/* The origin of the real institute: $TESTPRESS_INSTITUTE. Its certificate: $SSL_CERT_FILE. */
const char *institute(void);

/* The origin of a fault of the bad server, from the file $TESTPRESS_FAULTS; free it. */
char *fault(const char *name);

/* What the bad server's certificate is signed by: $TESTPRESS_FAULTS_CA. */
const char *faults_ca(void);

/* With all that is in it; mkdtemp(3) made it for one test. */
void remove_directory(const char *path);

int64_t now_ms(void); /* monotonic */
void sleep_ms(int64_t milliseconds);

/*
 * $TEST_SLOWDOWN: how many times slower than alone a test runs, under valgrind for instance.
 * A limit that a test measures against is multiplied by it.
 */
int64_t slowdown(void);

#endif
