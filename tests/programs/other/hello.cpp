/*
 * hello.cpp: the hello hypervisor in C++: descriptors and mappings are objects,
 * released in reverse order, an error is an exception.
 *
 * A tracer must name the caller by its mangled symbol, and follow the closing
 * of vCPU, VM and system at the end.
 */
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <linux/kvm.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace
{

const std::uint8_t guest[] = {
	0xb0, 'H',  // mov al, 'H'
	0xe6, 0xe9, // out 0xe9, al
	0xb0, 'i',  // mov al, 'i'
	0xe6, 0xe9, // out 0xe9, al
	0xb0, '\n', // mov al, 10
	0xe6, 0xe9, // out 0xe9, al
	0xf4,	    // hlt
};

class Descriptor
{
      public:
	explicit Descriptor(int fd) : fd_(fd)
	{
		if (fd < 0)
			throw std::system_error(errno, std::generic_category(),
						"no descriptor");
	}

	Descriptor(const Descriptor &) = delete;
	Descriptor &operator=(const Descriptor &) = delete;

	~Descriptor()
	{
		close(fd_);
	}

	int fd() const
	{
		return fd_;
	}

	template <typename Argument>
	int request(unsigned long number, Argument argument) const
	{
		int ret = ioctl(fd_, number, argument);

		if (ret < 0)
			throw std::system_error(errno, std::generic_category(),
						"KVM request");
		return ret;
	}

      private:
	int fd_;
};

template <typename Type> class Mapping
{
      public:
	Mapping(std::size_t bytes, int flags, int fd)
	    : bytes_(bytes),
	      at_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0))
	{
		if (at_ == MAP_FAILED)
			throw std::system_error(errno, std::generic_category(),
						"mmap");
	}

	Mapping(const Mapping &) = delete;
	Mapping &operator=(const Mapping &) = delete;

	~Mapping()
	{
		munmap(at_, bytes_);
	}

	Type *get() const
	{
		return static_cast<Type *>(at_);
	}

      private:
	std::size_t bytes_;
	void *at_;
};

void start(const Descriptor &vcpu)
{
	kvm_regs regs = {};
	kvm_sregs sregs;

	regs.rflags = 2;
	vcpu.request(KVM_GET_SREGS, &sregs);
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	vcpu.request(KVM_SET_SREGS, &sregs);
	vcpu.request(KVM_SET_REGS, &regs);
}

std::string run(const Descriptor &vcpu, const kvm_run *shared)
{
	std::string text;

	for (;;) {
		vcpu.request(KVM_RUN, 0);
		if (shared->exit_reason == KVM_EXIT_HLT)
			return text;
		if (shared->exit_reason != KVM_EXIT_IO)
			throw std::runtime_error("an unexpected exit");
		text.append(reinterpret_cast<const char *>(shared) +
				    shared->io.data_offset,
			    shared->io.size * shared->io.count);
	}
}

std::string hello()
{
	const Descriptor kvm(open("/dev/kvm", O_RDWR | O_CLOEXEC));
	const Descriptor vm(kvm.request(KVM_CREATE_VM, 0));
	const Mapping<std::uint8_t> memory(4096, MAP_SHARED | MAP_ANONYMOUS,
					   -1);
	kvm_userspace_memory_region slot = {};

	std::memcpy(memory.get(), guest, sizeof(guest));
	slot.memory_size = 4096;
	slot.userspace_addr = reinterpret_cast<std::uintptr_t>(memory.get());
	vm.request(KVM_SET_TSS_ADDR, 0xfffbd000UL);
	vm.request(KVM_SET_USER_MEMORY_REGION, &slot);

	const Descriptor vcpu(vm.request(KVM_CREATE_VCPU, 0));
	const Mapping<kvm_run> shared(kvm.request(KVM_GET_VCPU_MMAP_SIZE, 0),
				      MAP_SHARED, vcpu.fd());

	start(vcpu);
	return run(vcpu, shared.get());
}

} // namespace

int main()
{
	if (access("/dev/kvm", R_OK | W_OK) != 0) {
		std::cerr << "skipped: /dev/kvm can't be used\n";
		return 77;
	}
	try {
		std::cout << hello();
	} catch (const std::exception &error) {
		std::cerr << "hello: " << error.what() << '\n';
		return 1;
	}
	return 0;
}
