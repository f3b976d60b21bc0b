#include "exit_codes.h"

#include <testpress.h>

int exit_code_of(int32_t status) {
    switch (status) {
    case TP_OK:
        return EXIT_LOGGED_IN;
    case TP_E_INVALID_ARGUMENT:
        return EXIT_USAGE;
    case TP_E_DNS:
    case TP_E_CONNECT:
    case TP_E_TLS:
    case TP_E_PROXY:
    case TP_E_TIMEOUT:
    case TP_E_OUTCOME_UNKNOWN:
        return EXIT_NETWORK;
    case TP_E_REJECTED:
    case TP_E_LOCKED:
    case TP_E_TOO_MANY_DEVICES:
    case TP_E_THROTTLED:
    case TP_E_UNAUTHORIZED:
    case TP_E_FORBIDDEN:
    case TP_E_NOT_FOUND:
    case TP_E_BAD_REQUEST:
        return EXIT_REFUSED;
    case TP_E_SERVER:
    case TP_E_BAD_RESPONSE:
        return EXIT_SERVER_ILL;
    default: /* TP_E_INTERNAL, TP_E_CANCELLED, and whatever a newer library may add */
        return EXIT_LOCAL;
    }
}
