/* What a worker does, one step after the other. */
#ifndef STEPS_H
#define STEPS_H

#include <stdint.h>

enum outcome {
    WRONG,
    RIGHT,   /* what the step is for */
    EXCUSED, /* what a slow machine or its resolver may make of it; never all the time */
};

struct worker {
    int number, round;
    long logins;
};

struct step {
    const char *name;
    enum outcome (*take)(struct worker *worker);
};

extern const struct step STEPS[];
extern const int STEP_COUNT;

#endif
