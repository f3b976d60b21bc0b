#include "command_line.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT_OF_MEMORY "out of memory"

/* '-' hands over the positional arguments in order, as option 1; ':' tells a missing value apart.
 */
static const char short_options[] = "-:jo:t:hV";

static const struct option long_options[] = {
    {"json", no_argument, NULL, 'j'},          {"option", required_argument, NULL, 'o'},
    {"timeout", required_argument, NULL, 't'}, {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},       {NULL, 0, NULL, 0},
};

static const char *add_positional(struct command_line *line, const char *text) {
    if (!line->institute)
        line->institute = text;
    else if (!line->username)
        line->username = text;
    else
        return "too many arguments: it takes INSTITUTE and USERNAME. A password is never taken "
               "from "
               "the command line, where every user of this machine can read it: type it when "
               "asked, "
               "pipe it in, or set TESTPRESS_PASSWORD";
    return NULL;
}

static const char *add_setting(struct command_line *line, const char *text) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return "--option needs NAME=VALUE";
    char *name = strdup(text);
    if (!name)
        return OUT_OF_MEMORY;
    char *end_of_name = name + (equals - text);
    *end_of_name = '\0';
    line->settings[line->setting_count++] = (struct setting){name, end_of_name + 1};
    return NULL;
}

/* Seconds, maybe with a fraction, to the whole milliseconds that the library takes. */
static const char *add_timeout(struct command_line *line, const char *text) {
    char *end;
    double seconds = strtod(text, &end);
    /* Up to a day, as the library takes it; written so that NaN fails, too. */
    if (end == text || *end || !(seconds >= 0.001 && seconds <= 86400))
        return "--timeout needs a number of seconds, 0.001 to 86400";
    char setting[32];
    snprintf(setting, sizeof setting, "timeout_ms=%.0f", seconds * 1000);
    return add_setting(line, setting);
}

static const char *take(struct command_line *line, int option, const char *argument) {
    switch (option) {
    case 1:
        return add_positional(line, argument);
    case 'o':
        return add_setting(line, argument);
    case 't':
        return add_timeout(line, argument);
    case 'j':
        line->json = true;
        return NULL;
    case 'h':
        line->help = true;
        return NULL;
    case 'V':
        line->version = true;
        return NULL;
    case ':':
        return "the last option lacks its value";
    default:
        return "an option is unknown";
    }
}

const char *command_line_parse(struct command_line *line, int argc, char **argv) {
    *line = (struct command_line){0};
    line->settings = calloc((size_t)argc + 1, sizeof *line->settings);
    if (!line->settings)
        return OUT_OF_MEMORY;

    opterr = 0; /* getopt's own messages repeat what was typed */
    const char *problem = NULL;
    int option;
    while (!problem && (option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1)
        problem = take(line, option, optarg);
    while (!problem && optind < argc) /* after "--" */
        problem = add_positional(line, argv[optind++]);

    if (!problem && !line->help && !line->version && !line->username)
        problem = "it takes INSTITUTE and USERNAME";
    return problem;
}

void command_line_free(struct command_line *line) {
    for (size_t i = 0; i < line->setting_count; i++)
        free(line->settings[i].name);
    free(line->settings);
}
