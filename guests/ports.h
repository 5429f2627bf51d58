/*
 * What a guest and hv have agreed on: the ports of the hypercalls and the
 * addresses in guest memory that both sides use. Included by the guests and
 * by hypervisor/, in C, assembler and linker scripts: plain numbers only.
 *
 * A hypercall is one IN or OUT instruction. It makes the processor leave the
 * guest (KVM_EXIT_IO), and hv does the work before it lets the guest go on.
 */
#ifndef GUESTS_PORTS_H
#define GUESTS_PORTS_H

/* OUT 1: prints the character. Bochs and QEMU have a console there, too. */
#define PORT_PRINT8 0xe9

/* Four apart, because an access of 4 bytes to port N takes N to N + 3. */
#define PORT_PRINT32 0x500	 /* OUT 4: prints it, unsigned, and \n */
#define PORT_PRINT_STR 0x504	 /* OUT 4: where the string is; ends with 0 */
#define PORT_NUM_EXITS 0x508	 /* IN 4: exits so far, this one counted */
#define PORT_EXITS_BY_TYPE 0x50c /* IN 4: where the text is, EXITS_TEXT_GPA */
#define PORT_GVA_TO_HVA 0x510	 /* OUT 4: gva, then IN 4: low half of hva */
#define PORT_TIMESTAMP 0x514	 /* IN 4: microseconds since hv started */

/* A guest that did its work leaves this number here and in AX/EAX/RAX. */
#define RESULT_GPA 0x400
#define RESULT_VALUE 42

/* Where hv puts the text of PORT_EXITS_BY_TYPE: "IO in: x\nIO out: y\n". */
#define EXITS_TEXT_GPA 0x500
#define EXITS_TEXT_SIZE 64

#endif
