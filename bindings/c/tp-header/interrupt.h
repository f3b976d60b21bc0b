/* Ends a login in flight when a signal would end the program. */
#ifndef TP_HEADER_INTERRUPT_H
#define TP_HEADER_INTERRUPT_H

#include <testpress.h>

/*
 * From here on SIGINT, SIGTERM and SIGHUP cancel `call`. They are taken by a thread of their own,
 * for tp_call_cancel may be called from any thread, but not from a signal handler.
 */
void interrupt_watch(tp_call *call);

/* Ends that. Returns the signal that came, else 0. */
int interrupt_end(void);

/* Ends the program by the signal, as if it had never been caught: the shell sees 128 + number. */
void interrupt_die_of(int number);

#endif
