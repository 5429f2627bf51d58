/*
 * The JSON Schemas that are written by hand and put into the program by
 * schema_texts.S, a row for each; that of a trace's lines is printed from
 * the tables instead (schema.h).
 */
#ifndef SCHEMA_DOCUMENTS_H
#define SCHEMA_DOCUMENTS_H

#include <jansson.h>
#include <stddef.h>

/* The text of the schema with this name, or NULL. */
const char *schema_find_document(const char *name, size_t *ret_length);

/* The same as a document, the caller's; aborts when there is none. */
json_t *schema_new_document(const char *name);

/* For a list: the name of number `index`, NULL behind the last. */
const char *schema_document_name(size_t index);

#endif
