/*
 * Lays a guest out as the flat image that hv copies to guest physical 0, where
 * it starts. Goes through the C preprocessor for the address in ports.h.
 */
#include "ports.h"

ENTRY(start)

/* Only for the linker, which warns of pages to be both written and executed. */
PHDRS
{
	image PT_LOAD FLAGS(5); /* read, execute */
}

SECTIONS
{
	.image 0 : {
		*(.text.entry)
		*(.text .text.*)
		*(.rodata .rodata.*)
		*(.data .data.*)
	} :image

	/* A flat image has no .bss; guests use the stack, or set a variable. */
	.bss : {
		*(.bss .bss.* COMMON)
	}

	guest_result = RESULT_GPA;

	/DISCARD/ : {
		*(.comment .note .note.* .eh_frame .eh_frame_hdr)
	}
}

ASSERT(SIZEOF(.bss) == 0, "a guest has variables that start as 0")
ASSERT(SIZEOF(.image) <= RESULT_GPA, "a guest reaches its own result")
