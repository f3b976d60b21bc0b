/* The header alone, before any other and twice: it has to need nothing and bear repetition. */
#include <testpress.h>

#include <stdio.h>
#include <string.h>

#include "expect.h"

static void the_header_fits_the_library(void **state) {
    (void)state;
    assert_int_equal(tp_abi_version(), TP_ABI_VERSION);
    assert_int_equal(tp_version_number(), TP_VERSION_NUMBER);
    assert_string_equal(tp_version(), TP_VERSION);
}

static void the_number_is_the_version(void **state) {
    (void)state;
    char text[64];
    snprintf(text, sizeof text, "%d.%d.%d", TP_VERSION_NUMBER / 1000000,
             TP_VERSION_NUMBER / 1000 % 1000, TP_VERSION_NUMBER % 1000);
    assert_string_equal(text, TP_VERSION);
}

/* Every status with its name; the numbers are fixed, for they are in linked programs. */
static const struct {
    int32_t status, number;
    const char *name;
} statuses[] = {
#define STATUS(name, number)                                                                       \
    { name, number, #name }
    STATUS(TP_OK, 0),
    STATUS(TP_E_INVALID_ARGUMENT, 1),
    STATUS(TP_E_INTERNAL, 2),
    STATUS(TP_E_CANCELLED, 3),
    STATUS(TP_E_DNS, 10),
    STATUS(TP_E_CONNECT, 11),
    STATUS(TP_E_TLS, 12),
    STATUS(TP_E_PROXY, 13),
    STATUS(TP_E_TIMEOUT, 14),
    STATUS(TP_E_OUTCOME_UNKNOWN, 15),
    STATUS(TP_E_REJECTED, 20),
    STATUS(TP_E_LOCKED, 21),
    STATUS(TP_E_TOO_MANY_DEVICES, 22),
    STATUS(TP_E_THROTTLED, 23),
    STATUS(TP_E_UNAUTHORIZED, 24),
    STATUS(TP_E_FORBIDDEN, 25),
    STATUS(TP_E_NOT_FOUND, 26),
    STATUS(TP_E_BAD_REQUEST, 27),
    STATUS(TP_E_SERVER, 40),
    STATUS(TP_E_BAD_RESPONSE, 41),
};

static void every_status_has_its_number_and_name(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        assert_int_equal(statuses[i].status, statuses[i].number);
        assert_string_equal(tp_status_name(statuses[i].status), statuses[i].name);
    }
}

static void other_numbers_have_a_name_too(void **state) {
    (void)state;
    const int32_t strange[] = {-1, 4, 99, 1000, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        assert_non_null(tp_status_name(strange[i]));
        for (size_t k = 0; k < sizeof statuses / sizeof statuses[0]; k++)
            assert_string_not_equal(tp_status_name(strange[i]), statuses[k].name);
    }
}

static void log_levels_rise_with_their_chattiness(void **state) {
    (void)state;
    const int32_t levels[] = {TP_LOG_ERROR, TP_LOG_WARN, TP_LOG_INFO, TP_LOG_DEBUG};
    for (int32_t i = 0; i < 4; i++)
        assert_int_equal(levels[i], i + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_fits_the_library),
        cmocka_unit_test(the_number_is_the_version),
        cmocka_unit_test(every_status_has_its_number_and_name),
        cmocka_unit_test(other_numbers_have_a_name_too),
        cmocka_unit_test(log_levels_rise_with_their_chattiness),
    };
    return cmocka_run_group_tests_name("macros", tests, NULL, NULL);
}
