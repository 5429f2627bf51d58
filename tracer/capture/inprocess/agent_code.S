/*
 * The agent: runs in the traced process, makes its KVM ioctls and writes down
 * what they passed and brought back, without a stop.
 *
 * A stub at the site jumps here, in place of a `syscall`, with
 *   rax = 16 (ioctl), rdi, rsi, rdx = its arguments, rcx = the address behind the
 *   site's `syscall`, r11 = anything.
 * Either the agent makes the call itself and goes on behind the site's
 * `syscall`, or it jumps to that `syscall` with everything as it was: then the
 * seccomp filter stops the thread and the tracer takes the call. Any doubt is
 * decided for the latter.
 *
 * The rules that make it safe:
 * - rsp is never moved and nothing is written below it: the red zone is the
 *   caller's, and stacks may be small. There is no push, call or ret.
 * - No vector or x87 register is touched, nor the direction flag; no string
 *   instruction depends on it. The other flags are kept in SLOT_FLAGS.
 * - No relocation: the code is copied to AGENT_CODE as it is.
 * - It reads memory of the program only where the kernel has just done so, or
 *   where the stack pointer shows that the page is there. Should it fault
 *   nevertheless, or a signal come, the tracer sees it first (a signal stop)
 *   and takes the thread out of here, by the place where it stands: see
 *   "places" below and eviction.c.
 *
 * Places (struct slot_head has the registers):
 *   agent_begin …     only rax and r11 differ from the caller's; rcx = ip
 *   agent_packing …   (one instruction on) flags in ax, rcx = ip << 16
 *   agent_packed …    rcx = ip << 16 | flags
 *   agent_saving …    the same; the slot is half written
 *   agent_claimed …   the caller's registers are in the slot; the call isn't made
 *   agent_syscall_end …   the call has been made; at the place itself its result
 *                     is in rax, behind it in the slot's `result`
 *   agent_committed … the record is in the ring; registers are being restored
 *   agent_restored …  only rcx and flags-free moves are left: as the caller
 *   agent_slow …      like agent_claimed: on the way back to the site
 */
#include <asm/unistd_64.h>

#include "layout.h"

	.section .rodata, "a", @progbits
	.global agent_begin, agent_packing, agent_packed, agent_saving
	.global agent_claimed, agent_syscall_end
	.global agent_committed, agent_restored, agent_sync_end, agent_slow
	.global agent_end
	.balign 64

	/* The private page, by its distance: the code stays as it is. */
	.set	private, agent_begin + (AGENT_PRIVATE - AGENT_CODE)

/* A section of a fixed length: its head, and r10 behind that. */
.macro SECTION kind, length
	movl	$\kind, (%r10)
	movl	$\length, 4(%r10)
	add	$SECTION_HEAD, %r10
.endm

/*
 * ecx bytes from rdx as a section; r10 goes behind it. Whole words, then
 * single bytes: never one byte more than asked for, the next page may not be
 * there. Uses rax, rcx, rdx.
 */
.macro COPY_SECTION kind
	movl	$\kind, (%r10)
	mov	%ecx, 4(%r10)
	add	$SECTION_HEAD, %r10
1:	sub	$8, %ecx
	jb	2f
	mov	(%rdx), %rax
	mov	%rax, (%r10)
	add	$8, %rdx
	add	$8, %r10
	jmp	1b
2:	add	$8, %ecx			/* 0 … 7 are left */
	jz	4f
3:	movb	(%rdx), %al
	movb	%al, (%r10)
	inc	%rdx
	inc	%r10
	dec	%ecx
	jnz	3b
	add	$7, %r10			/* the next section is aligned */
	and	$-8, %r10
4:
.endm

/* `length` bytes of kvm_run (r8), a multiple of 8, as a section. Uses rax. */
.macro COPY_RUN kind, length
	SECTION \kind, \length
	.set	at, 0
	.rept	\length / 8
	mov	at(%r8), %rax
	mov	%rax, at(%r10)
	.set	at, at + 8
	.endr
	add	$\length, %r10
.endm

/*
 * kvm_run (r8) as a section, short where the exit allows. Leaves the exit
 * reason in ecx. Uses rax.
 */
.macro COPY_RUN_BY_REASON kind
	mov	RUN_REASON(%r8), %ecx
	cmp	$31, %ecx
	ja	5f
	mov	$RUN_SHORT_REASONS, %eax
	bt	%ecx, %eax
	jnc	5f
	COPY_RUN \kind, RUN_SHORT_BYTES
	jmp	6f
5:	COPY_RUN \kind, RUN_LONG_BYTES
6:
.endm

/*
 * The data of a port exit (ecx = reason) in this direction, where kvm_run
 * says, as far as they lie in the mapping. More than RUN_DATA_MAX: to `many`.
 * Uses rax, rcx, rdx.
 */
.macro COPY_DATA kind, direction, many
	cmp	$2, %ecx			/* KVM_EXIT_IO */
	jne	7f
	cmpb	$\direction, RUN_IO_DIRECTION(%r8)
	jne	7f
	movzbl	RUN_IO_SIZE(%r8), %ecx
	mov	RUN_IO_COUNT(%r8), %eax
	imul	%rax, %rcx			/* both are below 2^32 */
	mov	RUN_IO_DATA_OFFSET(%r8), %rdx
	mov	SLOT_RUN_BYTES(%rbx), %rax
	sub	%rdx, %rax			/* bytes from there to the end */
	jbe	7f
	cmp	%rax, %rcx
	cmova	%rax, %rcx
	cmp	$RUN_DATA_MAX, %rcx
	ja	\many
	test	%ecx, %ecx
	jz	7f
	add	%r8, %rdx
	COPY_SECTION \kind
7:
.endm

agent_begin:
	/* Flags into ax: SF ZF AF PF CF in ah, OF in al. */
	lahf
	seto	%al
	/* With them behind it, the address frees rax: addresses have 47 bits. */
agent_packing:
	shl	$16, %rcx
	or	%rax, %rcx
agent_packed:
	/* In a child of fork nobody has said yet where its tables are. */
	cmpq	$0, private + PRIVATE_TABLES(%rip)
	je	leave

	/* The thread, by its fs base: at most THREAD_PROBES places. */
	rdfsbase %rax
	imul	$THREAD_HASH, %rax, %r11
	shl	$32, %r11			/* the high bits of the low … */
	shr	$64 - THREAD_BITS, %r11		/* … word are the hash */
	shl	$THREAD_SHIFT, %r11
	add	private + PRIVATE_THREADS(%rip), %r11
	.rept	THREAD_PROBES
	cmp	%rax, (%r11)
	je	found
	add	$1 << THREAD_SHIFT, %r11
	.endr

	/* rcx = ip << 16 | flags: back to the site's `syscall`. */
leave:
	mov	%rcx, %r11
	shr	$16, %r11
	lea	-2(%r11), %r11
	mov	%ecx, %eax
	add	$0x7f, %al			/* OF: 1 + 0x7f overflows */
	sahf
	mov	$__NR_ioctl, %eax
	jmp	*%r11

found:
	mov	THREAD_SLOT(%r11), %r11
	cmpl	$0, SLOT_STATE(%r11)
	jne	leave
agent_saving:
	mov	%rcx, SLOT_FLAGS(%r11)
	mov	%rcx, %rax
	shr	$16, %rax
	mov	%rax, SLOT_IP(%r11)
	mov	%rbx, SLOT_RBX(%r11)
	mov	%r8, SLOT_R8(%r11)
	mov	%r9, SLOT_R9(%r11)
	mov	%r10, SLOT_R10(%r11)
	mov	%rdi, SLOT_RDI(%r11)
	mov	%rsi, SLOT_RSI(%r11)
	mov	%rdx, SLOT_RDX(%r11)

	/*
	 * From here on rbx = the slot; r10 = end of the record in the making;
	 * r9 = row of the request; r8 = row of the descriptor, for KVM_RUN then
	 * kvm_run; rax, rcx, rdx, r11 are free.
	 */
agent_claimed:
	mov	%r11, %rbx
	mov	private + PRIVATE_TABLES(%rip), %r11
	cmpl	$0, TABLES_PAUSE(%r11)
	jne	agent_slow

	/* From the beginning again, or is there room for the longest record? */
	mov	SLOT_HEAD(%rbx), %rax
	mov	%rax, %r10
	sub	SLOT_TAIL(%rbx), %rax
	jnz	1f
	mov	%r10, SLOT_ORIGIN(%rbx)
1:	cmp	$RING_BYTES - RECORD_MAX, %rax
	ja	ring_is_full
	sub	SLOT_ORIGIN(%rbx), %r10
	and	$RING_BYTES - 1, %r10d
	lea	SLOT_RING(%rbx, %r10), %r10

	/* The request, in all its 32 bits; the kernel ignores those above. */
	mov	%esi, %eax			/* REQUEST_INDEX() */
	shr	$31, %eax
	shl	$8, %eax
	mov	%sil, %al
	lea	TABLES_REQUESTS(%r11, %rax, 1 << REQUEST_SHIFT), %r9
	cmp	%esi, (%r9)
	jne	agent_slow

	/* The descriptor. */
	cmp	$AGENT_FDS, %edi
	jae	agent_slow
	mov	%edi, %eax
	shl	$FD_SHIFT, %eax
	lea	TABLES_FDS(%r11, %rax), %r8
	mov	FD_FILE(%r8), %eax
	test	%eax, %eax
	jz	agent_slow

	/* The record's head. */
	mov	%r10, SLOT_RECORD(%rbx)
	movl	$0, RECORD_SIZE(%r10)
	mov	%edi, RECORD_FD(%r10)
	mov	%eax, RECORD_FILE(%r10)
	mov	%rsi, RECORD_REQUEST(%r10)
	mov	%rdx, RECORD_ARGUMENT(%r10)
	mov	SLOT_IP(%rbx), %rax
	mov	%rax, RECORD_IP(%r10)
	mov	%rsp, RECORD_RSP(%r10)
	mov	%rbp, RECORD_RBP(%r10)
	mov	FD_RUN_BYTES(%r8), %rax
	mov	%rax, RECORD_RUN_BYTES(%r10)
	mov	%rax, SLOT_RUN_BYTES(%rbx)

	/*
	 * The top of the stack, for the caller: it is there as far as the page
	 * goes, or the mapping that the thread's stack is in.
	 */
	lea	RECORD_SECTIONS(%r10), %r10
	mov	TABLES_STACK(%r11), %ecx
	cmp	$STACK_MAX, %ecx
	ja	agent_slow
	mov	%esp, %eax
	and	$4095, %eax
	add	%ecx, %eax
	cmp	$4096, %eax
	jbe	2f
	cmp	SLOT_STACK_LOW(%rbx), %rsp
	jb	agent_slow
	lea	(%rsp, %rcx), %rax
	cmp	SLOT_STACK_HIGH(%rbx), %rax
	ja	agent_slow
2:	mov	%rsp, %rdx
	COPY_SECTION SECTION_STACK
	mov	SLOT_RDX(%rbx), %rdx

	/* What is to be copied before the call, by the kind of request. */
	movzbl	REQUEST_KIND(%r9), %eax
	cmp	$KIND_RUN, %eax
	je	run_before
	cmp	$KIND_STRUCT, %eax
	je	struct_before
	cmp	$KIND_VALUE, %eax
	je	call
	jmp	agent_slow

	/*
	 * A structure that the kernel reads and writes is copied now; only when
	 * it lies in the stack pointer's own page is it sure to be there. What
	 * the kernel only reads is copied behind the call.
	 */
struct_before:
	cmpb	$FLOWS_IN | FLOWS_OUT, REQUEST_FLOW(%r9)
	jne	call
	movzwl	REQUEST_BYTES(%r9), %ecx
	test	%ecx, %ecx
	jz	agent_slow
	lea	-1(%rdx, %rcx), %rax		/* its last byte */
	xor	%rsp, %rax
	test	$-4096, %rax
	jnz	agent_slow
	mov	%rdx, %rax			/* and its first */
	xor	%rsp, %rax
	test	$-4096, %rax
	jnz	agent_slow
	COPY_SECTION SECTION_ARGUMENT_BEFORE
	jmp	call

run_before:
	cmpl	$0, FD_LOOKS(%r8)
	jne	agent_slow
	mov	FD_RUN(%r8), %r8
	test	%r8, %r8
	jz	agent_slow
	/* Registers in kvm_run are the tracer's to copy: api.rst, sync_regs. */
	mov	RUN_VALID_REGS(%r8), %rax
	or	RUN_DIRTY_REGS(%r8), %rax
	jnz	agent_slow
	COPY_RUN_BY_REASON SECTION_RUN_BEFORE
	COPY_DATA SECTION_DATA_BEFORE, 0, agent_slow

call:
	mov	%r10, SLOT_CURSOR(%rbx)
	mov	SLOT_RECORD(%rbx), %rcx
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	mov	%rax, RECORD_START(%rcx)
	mov	SLOT_RDX(%rbx), %rdx
	movl	$1, SLOT_STATE(%rbx)
	mov	$__NR_ioctl, %eax
	syscall					/* the filter lets this one pass */
agent_syscall_end:
	mov	%rax, SLOT_RESULT(%rbx)
	mov	SLOT_RECORD(%rbx), %r11
	mov	%rax, RECORD_RESULT(%r11)
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	mov	%rax, RECORD_END(%r11)
	mov	SLOT_RESULT(%rbx), %rax
	cmpb	$KIND_RUN, REQUEST_KIND(%r9)
	je	run_after

	/* Why a call fails, the tracer finds out. */
	test	%rax, %rax
	js	sync
	cmpb	$KIND_STRUCT, REQUEST_KIND(%r9)
	jne	commit
	mov	SLOT_RDX(%rbx), %rdx
	movzwl	REQUEST_BYTES(%r9), %ecx
	test	%rdx, %rdx
	jz	commit
	cmpb	$FLOWS_IN, REQUEST_FLOW(%r9)
	je	struct_in
	COPY_SECTION SECTION_ARGUMENT_AFTER
	jmp	commit
struct_in:
	COPY_SECTION SECTION_ARGUMENT_BEFORE
	jmp	commit

run_after:
	test	%rax, %rax
	jns	run_done
	cmp	$-4, %rax			/* EINTR */
	je	run_copy
	cmp	$-11, %rax			/* EAGAIN */
	je	run_copy
	jmp	sync
run_done:
	/* Where the guest came to grief, its memory is looked at. */
	mov	RUN_REASON(%r8), %ecx
	cmp	$8, %ecx			/* KVM_EXIT_SHUTDOWN */
	je	sync
	cmp	$17, %ecx			/* KVM_EXIT_INTERNAL_ERROR */
	je	sync
run_copy:
	COPY_RUN_BY_REASON SECTION_RUN_AFTER
	COPY_DATA SECTION_DATA_AFTER, 1, sync
	/* The ring of coalesced MMIO, when it holds something. */
	cmpq	$RUN_RING_OFFSET + 4096, SLOT_RUN_BYTES(%rbx)
	jb	commit
	mov	RUN_RING_OFFSET(%r8), %eax
	cmp	RUN_RING_OFFSET + 4(%r8), %eax
	je	commit
	lea	RUN_RING_OFFSET(%r8), %rdx
	mov	$4096, %ecx
	COPY_SECTION SECTION_RING

commit:
	mov	SLOT_RECORD(%rbx), %r11
	mov	%r10, %rax
	sub	%r11, %rax
	mov	%eax, RECORD_LENGTH(%r11)
	add	$RECORD_UNIT - 1, %rax
	and	$-RECORD_UNIT, %rax
	mov	%eax, RECORD_SIZE(%r11)
	add	SLOT_HEAD(%rbx), %rax
	/* Stores are seen in order: who sees the head sees the record. */
	mov	%rax, SLOT_HEAD(%rbx)
agent_committed:
	mov	SLOT_R8(%rbx), %r8
	mov	SLOT_R9(%rbx), %r9
	mov	SLOT_R10(%rbx), %r10
	mov	SLOT_RDX(%rbx), %rdx
	mov	SLOT_FLAGS(%rbx), %rax
	add	$0x7f, %al
	sahf
	mov	%rbx, %r11
	mov	SLOT_RBX(%r11), %rbx
	mov	SLOT_RESULT(%r11), %rax
	mov	SLOT_IP(%r11), %rcx
	movl	$0, SLOT_STATE(%r11)
agent_restored:
	jmp	*%rcx

	/*
	 * The tracer is needed for the rest of this call: the same call again,
	 * at a place that the filter knows. The tracer cancels it, completes
	 * the record and takes the thread to the site.
	 */
sync:
	mov	SLOT_RDX(%rbx), %rdx
	mov	$__NR_ioctl, %eax
	syscall
agent_sync_end:
	jmp	agent_committed			/* never reached */

agent_slow:
	mov	SLOT_R8(%rbx), %r8
	mov	SLOT_R9(%rbx), %r9
	mov	SLOT_R10(%rbx), %r10
	mov	SLOT_RDX(%rbx), %rdx
	mov	SLOT_FLAGS(%rbx), %rcx
	mov	SLOT_RBX(%rbx), %rbx
	jmp	leave

ring_is_full:
	movl	$1, SLOT_FULL(%rbx)
	jmp	agent_slow

agent_end:
	.section .note.GNU-stack, "", @progbits
