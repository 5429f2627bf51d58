// hello.go: the hello hypervisor in Go, without cgo: the runtime makes the
// system calls itself, from threads that it chooses.
//
// hello_go -churn N makes and closes N VMs while other goroutines (-busy M)
// keep the garbage collector and the preemption signal SIGURG going, and tells
// on standard error how many KVM_CREATE_VM ended with EINTR
// (mm_take_all_locks gives up when a signal is pending). Some do untraced; the
// longer a tracer holds the call, the more. With -busy 0 the signals come at
// the scheduler's pace, every 10 ms, and untraced runs see next to none.
//
// A tracer must follow a call sequence that wanders between threads, pass
// every SIGURG on, and stay short in its stops.
package main

import (
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// _IO, _IOR and _IOW of linux/kvm.h, as numbers: Go has no macros for them.
const (
	kvmCreateVM            = 0xae01
	kvmGetVCPUMmapSize     = 0xae04
	kvmCreateVCPU          = 0xae41
	kvmSetUserMemoryRegion = 0x4020ae46
	kvmSetTSSAddr          = 0xae47
	kvmRun                 = 0xae80
	kvmSetRegs             = 0x4090ae82
	kvmGetSregs            = 0x8138ae83
	kvmSetSregs            = 0x4138ae84

	exitIO  = 2
	exitHLT = 5

	page = 4096
)

// Offsets in struct kvm_run, kvm_regs and kvm_sregs.
const (
	runExitReason   = 8
	runIODataOffset = 40
	regsBytes       = 144
	regsRflags      = 136
	sregsBytes      = 312
	sregsCSBase     = 0
	sregsCSSelector = 12
)

var guest = []byte{
	0xb0, 'H', // mov al, 'H'
	0xe6, 0xe9, // out 0xe9, al
	0xb0, 'i', // mov al, 'i'
	0xe6, 0xe9, // out 0xe9, al
	0xb0, '\n', // mov al, 10
	0xe6, 0xe9, // out 0xe9, al
	0xf4, // hlt
}

type memorySlot struct {
	slot, flags                              uint32
	guestPhysAddr, memorySize, userspaceAddr uint64
}

func request(fd int, number, arg uintptr) (int, error) {
	ret, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), number, arg)
	if errno != 0 {
		return -1, errno
	}
	return int(ret), nil
}

// Repeats what a signal cut short, as any Go program has to.
func mustRequest(what string, fd int, number, arg uintptr) int {
	for {
		ret, err := request(fd, number, arg)
		if err == nil {
			return ret
		}
		if err != syscall.EINTR {
			fail(what, err)
		}
	}
}

func fail(what string, err error) {
	fmt.Fprintf(os.Stderr, "hello: %s fails: %v\n", what, err)
	os.Exit(1)
}

func mmap(fd, bytes, flags int) []byte {
	at, err := syscall.Mmap(fd, 0, bytes, syscall.PROT_READ|syscall.PROT_WRITE, flags)
	if err != nil {
		fail("mmap", err)
	}
	return at
}

func setMemory(vm int, memory []byte) {
	slot := memorySlot{
		memorySize:    page,
		userspaceAddr: uint64(uintptr(unsafe.Pointer(&memory[0]))),
	}
	copy(memory, guest)
	mustRequest("KVM_SET_TSS_ADDR", vm, kvmSetTSSAddr, 0xfffbd000)
	mustRequest("KVM_SET_USER_MEMORY_REGION", vm, kvmSetUserMemoryRegion,
		uintptr(unsafe.Pointer(&slot)))
}

func setRegisters(vcpu int) {
	var sregs [sregsBytes]byte
	var regs [regsBytes]byte
	mustRequest("KVM_GET_SREGS", vcpu, kvmGetSregs, uintptr(unsafe.Pointer(&sregs)))
	copy(sregs[sregsCSBase:], make([]byte, 8))
	copy(sregs[sregsCSSelector:], make([]byte, 2))
	regs[regsRflags] = 2
	mustRequest("KVM_SET_SREGS", vcpu, kvmSetSregs, uintptr(unsafe.Pointer(&sregs)))
	mustRequest("KVM_SET_REGS", vcpu, kvmSetRegs, uintptr(unsafe.Pointer(&regs)))
}

func run(vcpu int, shared []byte) (text []byte) {
	for {
		mustRequest("KVM_RUN", vcpu, kvmRun, 0)
		switch reason := *(*uint32)(unsafe.Pointer(&shared[runExitReason])); reason {
		case exitHLT:
			return text
		case exitIO:
			offset := *(*uint64)(unsafe.Pointer(&shared[runIODataOffset]))
			text = append(text, shared[offset])
		default:
			fail("KVM_RUN", fmt.Errorf("unexpected exit %d", reason))
		}
	}
}

func hello(kvm int) {
	vm := mustRequest("KVM_CREATE_VM", kvm, kvmCreateVM, 0)
	setMemory(vm, mmap(-1, page, syscall.MAP_SHARED|syscall.MAP_ANON))
	vcpu := mustRequest("KVM_CREATE_VCPU", vm, kvmCreateVCPU, 0)
	bytes := mustRequest("KVM_GET_VCPU_MMAP_SIZE", kvm, kvmGetVCPUMmapSize, 0)
	shared := mmap(vcpu, bytes, syscall.MAP_SHARED)
	setRegisters(vcpu)
	os.Stdout.Write(run(vcpu, shared))
}

var kept atomic.Value

func keepBusy(done *uint32) {
	for atomic.LoadUint32(done) == 0 {
		kept.Store(make([]byte, 1<<16))
	}
}

func churn(kvm, vms, busy int) {
	var done uint32
	interrupted := 0
	for i := 0; i < busy; i++ {
		go keepBusy(&done)
	}
	for made := 0; made < vms; {
		vm, err := request(kvm, kvmCreateVM, 0)
		switch err {
		case nil:
			syscall.Close(vm)
			made++
		case syscall.EINTR:
			interrupted++
		default:
			fail("KVM_CREATE_VM", err)
		}
	}
	atomic.StoreUint32(&done, 1)
	fmt.Printf("%d VMs\n", vms)
	fmt.Fprintf(os.Stderr, "%d of %d KVM_CREATE_VM interrupted\n",
		interrupted, vms+interrupted)
}

func main() {
	vms := flag.Int("churn", 0, "make and close `N` VMs under signals")
	busy := flag.Int("busy", 2, "with `M` goroutines that allocate")
	flag.Parse()
	kvm, err := syscall.Open("/dev/kvm", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		fmt.Fprintf(os.Stderr, "skipped: opening /dev/kvm fails: %v\n", err)
		os.Exit(77)
	}
	if *vms > 0 {
		churn(kvm, *vms, *busy)
		return
	}
	hello(kvm)
}
