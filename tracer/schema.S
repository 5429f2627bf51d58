/* The JSON Schema of a trace's lines, for `kvmtrace schema`. */
	.section .rodata
	.globl schema_timeline_start, schema_timeline_end
schema_timeline_start:
	.incbin "schemas/timeline.schema.json"
schema_timeline_end:
	.section .note.GNU-stack, "", @progbits
