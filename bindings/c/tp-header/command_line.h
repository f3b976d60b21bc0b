/* What the command line asks for. */
#ifndef TP_HEADER_COMMAND_LINE_H
#define TP_HEADER_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* One option for tp_config_set: NAME and VALUE, both inside `name`'s allocation. */
struct setting {
    char *name;
    const char *value;
};

struct command_line {
    bool help;
    bool version;
    bool json;
    const char *institute;
    const char *username;
    struct setting *settings;
    size_t setting_count;
};

/*
 * Reads argv, which has to outlive `line`. Returns NULL, or what is wrong with it. No argument is
 * ever repeated in that text: someone may have put the password there.
 */
const char *command_line_parse(struct command_line *line, int argc, char **argv);

void command_line_free(struct command_line *line);

#endif
