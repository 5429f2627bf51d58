/* The hand-written part of the JSON Schema of a trace's lines: schema.h. */
	.section .rodata
	.globl schema_envelope_start, schema_envelope_end
schema_envelope_start:
	.incbin "schemas/envelope.json"
schema_envelope_end:
	.section .note.GNU-stack, "", @progbits
