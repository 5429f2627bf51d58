/*
 * The guests' flat images, as bytes of hv. `guests.c` has the table of them;
 * guests/rules.mk makes the files.
 */
	.macro	image name
	.globl	image_\name, image_\name\()_end
image_\name:
	.incbin	"\name\().bin"
image_\name\()_end:
	.endm

	.section .rodata
	image	hello16
	image	hello32
	image	hello64
	image	hypercalls16
	image	hypercalls32
	image	hypercalls64

	/* Says that this object needs no executable stack. */
	.section .note.GNU-stack, "", @progbits
