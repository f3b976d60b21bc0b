/* tp-header: logs in to Testpress and prints the Authorization header, for `curl -H @-`. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "command_line.h"
#include "exit_codes.h"
#include "interrupt.h"
#include "password.h"
#include "report.h"

static const char help[] =
    "Usage: tp-header [OPTION]... INSTITUTE USERNAME\n"
    "Logs in to Testpress and prints one line, \"Authorization: JWT ...\":\n"
    "    tp-header demo USERNAME | curl -H @- https://demo.testpress.in/api/v2.2/me/\n"
    "\n"
    "  -j, --json               print one JSON object with every detail, of failures, too\n"
    "  -o, --option NAME=VALUE  set an option of the library (repeatable), such as ca_file=FILE\n"
    "  -t, --timeout SECONDS    give up after that long; 30 unless told\n"
    "  -h, --help               print this\n"
    "  -V, --version            print the versions\n"
    "\n"
    "The password comes from TESTPRESS_PASSWORD if that is set, else from the first line of\n"
    "standard input, or it is asked for when that is a terminal. It is no argument: every user\n"
    "of the machine could read it there.\n"
    "\n"
    "Exit codes:\n"
    "  0  logged in\n"
    "  1  the server refused: credentials, a lock, too many devices, throttled, ...\n"
    "  2  the command line, an option or the password can't be used\n"
    "  3  no answer: DNS, connect, TLS, proxy, timeout, connection lost\n"
    "  4  the server is ill: a fault, or an answer that makes no sense\n"
    "  5  trouble on this machine: the wrong library, no memory, an internal error\n"
    "  6  the output could not be written\n"
    "  128 + N  ended by signal N: 130 for Ctrl-C\n";

/* Without this a socket could become "standard output", and be sent the header. */
static void keep_standard_files_apart(void) {
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

static bool library_fits(void) {
    if (tp_abi_version() == TP_ABI_VERSION && tp_version_number() >= TP_VERSION_NUMBER)
        return true;
    fprintf(stderr, "tp-header: needs libtestpress %s or newer with ABI %d; found %s with ABI %d\n",
            TP_VERSION, TP_ABI_VERSION, tp_version(), (int)tp_abi_version());
    return false;
}

static tp_client *new_client(const struct command_line *line, tp_error **error) {
    tp_client *client = NULL;
    tp_config *config = tp_config_new();
    int32_t status = TP_OK;
    for (size_t i = 0; i < line->setting_count && status == TP_OK; i++)
        status = tp_config_set(config, line->settings[i].name, line->settings[i].value, error);
    if (status == TP_OK)
        tp_client_new(line->institute, config, &client, error);
    tp_config_free(config);
    return client;
}

/* Fills token or error. Returns the signal that cancelled the login, else 0. */
static int log_in(const tp_client *client, const char *username, struct password *password,
                  tp_token **token, tp_error **error) {
    tp_call *call = tp_call_new(0);
    interrupt_watch(call);
    tp_client_login(client, username, password->text, call, token, error);
    password_wipe(password);
    int number = interrupt_end();
    tp_call_free(call);
    return number;
}

static int run_with(const tp_client *client, const struct command_line *line) {
    static struct password password; /* 64 KiB: no matter for the stack */
    const char *problem = password_obtain(&password);
    if (password.interrupted_by != 0)
        interrupt_die_of(password.interrupted_by);
    if (problem)
        return report_problem(TP_E_INVALID_ARGUMENT, problem, line->json);

    tp_token *token = NULL;
    tp_error *error = NULL;
    int number = log_in(client, line->username, &password, &token, &error);
    int code = EXIT_SIGNAL + number;
    if (!token)
        code = report_error(error, line->json);
    else if (number == 0) /* a login that the signal came too late for is not wanted any more */
        code = report_token(token, line->json);
    tp_token_free(token);
    tp_error_free(error);
    if (number != 0)
        interrupt_die_of(number);
    return code;
}

static int run(const struct command_line *line) {
    /* Before anything is asked or sent: the header would be lost, and the login with it. */
    if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY) {
        fputs("tp-header: standard output is closed\n", stderr);
        return EXIT_OUTPUT;
    }
    tp_error *error = NULL;
    tp_client *client = new_client(line, &error);
    int code = client ? run_with(client, line) : report_error(error, line->json);
    tp_client_free(client);
    tp_error_free(error);
    return code;
}

int main(int argc, char **argv) {
    keep_standard_files_apart();
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is told by the write */
    if (!library_fits())
        return EXIT_LOCAL;

    struct command_line line;
    const char *problem = command_line_parse(&line, argc, argv);
    int code = EXIT_USAGE;
    if (problem) {
        fprintf(stderr, "tp-header: %s\nTry 'tp-header --help'.\n", problem);
    } else if (line.help) {
        fputs(help, stdout);
        code = report_flush(EXIT_LOGGED_IN);
    } else if (line.version) {
        printf("tp-header %s (libtestpress %s, ABI %d)\n", TP_VERSION, tp_version(),
               (int)tp_abi_version());
        code = report_flush(EXIT_LOGGED_IN);
    } else {
        code = run(&line);
    }
    command_line_free(&line);
    return code;
}
