/* What a worker does, one step after the other. */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stdint.h>
#include <testpress.h>

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

/* Whether it is a token of the one user that the bad server knows. */
bool is_ada(const tp_token *token);

/* Of sessions, in session_steps.c. */
enum outcome share_one_login(struct worker *worker);
enum outcome renew_a_token(struct worker *worker);
enum outcome renew_a_stored_token(struct worker *worker);
enum outcome come_and_go_beside_a_store(struct worker *worker);
enum outcome reject_a_token(struct worker *worker);
enum outcome be_refused_without_asking(struct worker *worker);
enum outcome be_cancelled_in_a_session(struct worker *worker);
enum outcome run_out_of_time_in_a_session(struct worker *worker);

extern const struct step STEPS[];
extern const int STEP_COUNT;

#endif
