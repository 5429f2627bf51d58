/*
 * The JSON Schema of a trace's lines. Its envelope, the keys that every line
 * of a type has, is written by hand: schemas/envelope.json, put into the
 * program by schema_envelope.S. The arguments of ioctls and the bodies of exits are
 * definitions printed from the rows of abi/, so that a new row is in the
 * schema without an edit.
 *
 * In those definitions no key is required: what was unreadable is absent.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <jansson.h>

#include "abi/abi.h"

/* The whole schema; the caller's reference. */
json_t *schema_new_timeline(void);

/* For schema.c: the definitions' writer, which names each type once. */
struct schema_types {
	json_t *definitions;		/* borrowed */
	const struct abi_type **types;	/* that have a definition already */
	const char **names;
	size_t count;
};

/* {"$ref":"#/definitions/NAME"}; a new reference. */
json_t *schema_refer(const char *name);

/* The definition of an object with the members of a type, made when new. */
json_t *schema_refer_type(struct schema_types *types,
			  const struct abi_type *type);

/* The keys that stand for one field, into `properties`. */
void schema_add_field(struct schema_types *types, json_t *properties,
		      const struct abi_field *field);

void schema_types_done(struct schema_types *types);

#endif
