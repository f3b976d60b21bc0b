/* Writes one JSON object, a field a line of code. Failures show in ferror(file). */
#ifndef TP_HEADER_JSON_H
#define TP_HEADER_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *file;
    bool has_fields;
};

void json_begin(struct json *json, FILE *file);
void json_string(struct json *json, const char *name, const char *value); /* NULL: null */
void json_integer(struct json *json, const char *name, int64_t value);
void json_boolean(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);
void json_raw(struct json *json, const char *name,
              const char *value); /* JSON already; NULL: null */
void json_end(struct json *json);

#endif
