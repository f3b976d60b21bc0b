#include "json.h"

#include <inttypes.h>

/* U+0080 to U+009F, which some terminals obey like escape sequences. */
static bool is_c1_control(const unsigned char *text) {
    return text[0] == 0xC2 && text[1] >= 0x80 && text[1] <= 0x9F;
}

/* Escapes what JSON demands, and every control character, so that nothing acts on a terminal. */
static void write_quoted(FILE *file, const char *value) {
    fputc('"', file);
    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        if (*at == '"' || *at == '\\') {
            fprintf(file, "\\%c", *at);
        } else if (*at < 0x20 || *at == 0x7F) {
            fprintf(file, "\\u%04x", *at);
        } else if (is_c1_control(at)) {
            at++;
            fprintf(file, "\\u%04x", *at);
        } else {
            fputc(*at, file);
        }
    }
    fputc('"', file);
}

static void write_name(struct json *json, const char *name) {
    if (json->has_fields)
        fputs(", ", json->file);
    json->has_fields = true;
    fprintf(json->file, "\"%s\": ", name);
}

void json_begin(struct json *json, FILE *file) {
    *json = (struct json){file, false};
    fputc('{', file);
}

void json_string(struct json *json, const char *name, const char *value) {
    write_name(json, name);
    if (value)
        write_quoted(json->file, value);
    else
        fputs("null", json->file);
}

void json_integer(struct json *json, const char *name, int64_t value) {
    write_name(json, name);
    fprintf(json->file, "%" PRId64, value);
}

void json_boolean(struct json *json, const char *name, bool value) {
    write_name(json, name);
    fputs(value ? "true" : "false", json->file);
}

void json_null(struct json *json, const char *name) {
    write_name(json, name);
    fputs("null", json->file);
}

void json_raw(struct json *json, const char *name, const char *value) {
    write_name(json, name);
    fputs(value ? value : "null", json->file);
}

void json_end(struct json *json) {
    fputs("}\n", json->file);
}
