/* The JSON Schemas that are written by hand: schema_documents.h. */
	.macro document name, file
	.section .rodata
	.globl schema_\name\()_start, schema_\name\()_end
schema_\name\()_start:
	.incbin "\file"
schema_\name\()_end:
	.endm

	document diff, "schemas/diff.schema.json"
	document report, "schemas/report.schema.json"
	document grade, "schemas/grade.schema.json"
	document rubric, "schemas/rubric.schema.json"
	document stat, "schemas/stat.schema.json"

	.section .note.GNU-stack, "", @progbits
