// hello.java: the hello hypervisor in Java: system calls through JNI
// (hello_jni.c), structures in direct buffers, kvm_run mapped as one.
//
// A tracer must follow a program of a dozen threads, whose main() is not in
// the first, and which lives with SIGSEGVs of its own making; the caller lies
// in a library that was loaded late, called by code that has no symbols.

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

final class Hello {
	// _IO, _IOR and _IOW of linux/kvm.h, as numbers.
	private static final int KVM_CREATE_VM = 0xae01;
	private static final int KVM_GET_VCPU_MMAP_SIZE = 0xae04;
	private static final int KVM_CREATE_VCPU = 0xae41;
	private static final int KVM_SET_USER_MEMORY_REGION = 0x4020ae46;
	private static final int KVM_SET_TSS_ADDR = 0xae47;
	private static final int KVM_RUN = 0xae80;
	private static final int KVM_SET_REGS = 0x4090ae82;
	private static final int KVM_GET_SREGS = 0x8138ae83;
	private static final int KVM_SET_SREGS = 0x4138ae84;

	private static final int KVM_EXIT_IO = 2;
	private static final int KVM_EXIT_HLT = 5;

	// Offsets in struct kvm_run, kvm_regs and kvm_sregs.
	private static final int RUN_EXIT_REASON = 8;
	private static final int RUN_IO_DATA_OFFSET = 40;
	private static final int REGS_BYTES = 144;
	private static final int REGS_RFLAGS = 136;
	private static final int SREGS_BYTES = 312;
	private static final int SREGS_CS_BASE = 0;
	private static final int SREGS_CS_SELECTOR = 12;

	private static final int SLOT_BYTES = 32;
	private static final int PAGE = 4096;
	private static final int MAP_SHARED = 1;
	private static final int MAP_ANONYMOUS = 32;

	private static final byte[] GUEST = {
		(byte) 0xb0, 'H',		// mov al, 'H'
		(byte) 0xe6, (byte) 0xe9,	// out 0xe9, al
		(byte) 0xb0, 'i',		// mov al, 'i'
		(byte) 0xe6, (byte) 0xe9,	// out 0xe9, al
		(byte) 0xb0, '\n',		// mov al, 10
		(byte) 0xe6, (byte) 0xe9,	// out 0xe9, al
		(byte) 0xf4,			// hlt
	};

	private Hello() {
	}

	// hello_jni.c. Two ioctls, as a buffer must not be freed in the call.
	private static native int openKvm() throws IOException;

	private static native int ioctl(int fd, int request, long number)
		throws IOException;

	private static native int ioctlBuffer(int fd, int request,
		ByteBuffer buffer) throws IOException;

	private static native ByteBuffer mmap(int bytes, int flags, int fd)
		throws IOException;

	private static native long addressOf(ByteBuffer buffer);

	private static ByteBuffer newStruct(int bytes) {
		return ByteBuffer.allocateDirect(bytes)
			.order(ByteOrder.nativeOrder());
	}

	private static void setMemory(int vm) throws IOException {
		ByteBuffer memory = mmap(PAGE, MAP_SHARED | MAP_ANONYMOUS, -1);
		ByteBuffer slot = newStruct(SLOT_BYTES);

		memory.put(GUEST);
		slot.putInt(0).putInt(0).putLong(0).putLong(PAGE);
		slot.putLong(addressOf(memory));
		ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000L);
		ioctlBuffer(vm, KVM_SET_USER_MEMORY_REGION, slot);
	}

	private static void setRegisters(int vcpu) throws IOException {
		ByteBuffer sregs = newStruct(SREGS_BYTES);
		ByteBuffer regs = newStruct(REGS_BYTES);

		ioctlBuffer(vcpu, KVM_GET_SREGS, sregs);
		sregs.putLong(SREGS_CS_BASE, 0);
		sregs.putShort(SREGS_CS_SELECTOR, (short) 0);
		regs.putLong(REGS_RFLAGS, 2);
		ioctlBuffer(vcpu, KVM_SET_SREGS, sregs);
		ioctlBuffer(vcpu, KVM_SET_REGS, regs);
	}

	private static byte[] run(int vcpu, ByteBuffer shared)
		throws IOException {
		ByteArrayOutputStream text = new ByteArrayOutputStream();

		for (;;) {
			ioctl(vcpu, KVM_RUN, 0);
			int reason = shared.getInt(RUN_EXIT_REASON);
			if (reason == KVM_EXIT_HLT)
				return text.toByteArray();
			if (reason != KVM_EXIT_IO)
				throw new IOException("unexpected exit "
					+ reason);
			text.write(shared.get((int) shared.getLong(
				RUN_IO_DATA_OFFSET)));
		}
	}

	private static void hello(int kvm) throws IOException {
		int vm = ioctl(kvm, KVM_CREATE_VM, 0);

		setMemory(vm);
		int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
		int bytes = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
		ByteBuffer shared = mmap(bytes, MAP_SHARED, vcpu)
			.order(ByteOrder.nativeOrder());
		setRegisters(vcpu);
		System.out.write(run(vcpu, shared));
		System.out.flush();
	}

	private static int openOrSkip() {
		try {
			return openKvm();
		} catch (IOException error) {
			System.err.println("skipped: " + error.getMessage());
			System.exit(77);
			return -1;
		}
	}

	public static void main(String[] args) {
		System.loadLibrary("hello_jni");
		try {
			hello(openOrSkip());
		} catch (IOException error) {
			System.err.println("hello: " + error.getMessage());
			System.exit(1);
		}
	}
}
