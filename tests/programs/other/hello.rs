// hello.rs: the hello hypervisor in Rust: std and libc's own functions, one
// file for rustc.
//
// A tracer must follow a program that reaches the kernel from Rust, and name
// callers whose symbols are Rust's.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::raw::{c_int, c_ulong, c_void};
use std::os::unix::io::{AsRawFd, FromRawFd};
use std::process::ExitCode;

// _IO, _IOR and _IOW of linux/kvm.h, as numbers: Rust has no macros for them.
const KVM_CREATE_VM: c_ulong = 0xae01;
const KVM_GET_VCPU_MMAP_SIZE: c_ulong = 0xae04;
const KVM_CREATE_VCPU: c_ulong = 0xae41;
const KVM_SET_USER_MEMORY_REGION: c_ulong = 0x4020ae46;
const KVM_SET_TSS_ADDR: c_ulong = 0xae47;
const KVM_RUN: c_ulong = 0xae80;
const KVM_SET_REGS: c_ulong = 0x4090ae82;
const KVM_GET_SREGS: c_ulong = 0x8138ae83;
const KVM_SET_SREGS: c_ulong = 0x4138ae84;

const KVM_EXIT_IO: u32 = 2;
const KVM_EXIT_HLT: u32 = 5;

// Offsets in struct kvm_run, kvm_regs and kvm_sregs.
const RUN_EXIT_REASON: usize = 8;
const RUN_IO_DATA_OFFSET: usize = 40;
const REGS_BYTES: usize = 144;
const REGS_RFLAGS: usize = 136;
const SREGS_BYTES: usize = 312;
const SREGS_CS_BASE: usize = 0;
const SREGS_CS_SELECTOR: usize = 12;

const PAGE: usize = 4096;
const PROT_READ_WRITE: c_int = 3;
const MAP_SHARED: c_int = 1;
const MAP_ANONYMOUS: c_int = 32;

const GUEST: [u8; 13] = [
    0xb0, b'H', // mov al, 'H'
    0xe6, 0xe9, // out 0xe9, al
    0xb0, b'i', // mov al, 'i'
    0xe6, 0xe9, // out 0xe9, al
    0xb0, b'\n', // mov al, 10
    0xe6, 0xe9, // out 0xe9, al
    0xf4, // hlt
];

#[repr(C)]
struct Slot {
    slot: u32,
    flags: u32,
    guest_phys_addr: u64,
    memory_size: u64,
    userspace_addr: u64,
}

extern "C" {
    fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
    fn mmap(
        at: *mut c_void,
        bytes: usize,
        protection: c_int,
        flags: c_int,
        fd: c_int,
        offset: i64,
    ) -> *mut c_void;
}

fn request(file: &File, number: c_ulong, arg: usize) -> Result<c_int> {
    match unsafe { ioctl(file.as_raw_fd(), number, arg) } {
        ret if ret < 0 => Err(Error::last_os_error()),
        ret => Ok(ret),
    }
}

fn new_file(parent: &File, number: c_ulong) -> Result<File> {
    Ok(unsafe { File::from_raw_fd(request(parent, number, 0)?) })
}

fn map(bytes: usize, flags: c_int, fd: c_int) -> Result<*mut u8> {
    let at = unsafe { mmap(std::ptr::null_mut(), bytes, PROT_READ_WRITE, flags, fd, 0) };
    if at as isize == -1 {
        return Err(Error::last_os_error());
    }
    Ok(at as *mut u8)
}

fn set_memory(vm: &File) -> Result<()> {
    let memory = map(PAGE, MAP_SHARED | MAP_ANONYMOUS, -1)?;
    unsafe { std::ptr::copy_nonoverlapping(GUEST.as_ptr(), memory, GUEST.len()) };
    let slot = Slot {
        slot: 0,
        flags: 0,
        guest_phys_addr: 0,
        memory_size: PAGE as u64,
        userspace_addr: memory as u64,
    };
    request(vm, KVM_SET_TSS_ADDR, 0xfffbd000)?;
    request(vm, KVM_SET_USER_MEMORY_REGION, &slot as *const Slot as usize)?;
    Ok(())
}

fn set_registers(vcpu: &File) -> Result<()> {
    let mut sregs = [0u8; SREGS_BYTES];
    let mut regs = [0u8; REGS_BYTES];
    request(vcpu, KVM_GET_SREGS, sregs.as_mut_ptr() as usize)?;
    sregs[SREGS_CS_BASE..SREGS_CS_BASE + 8].fill(0);
    sregs[SREGS_CS_SELECTOR..SREGS_CS_SELECTOR + 2].fill(0);
    regs[REGS_RFLAGS] = 2;
    request(vcpu, KVM_SET_SREGS, sregs.as_ptr() as usize)?;
    request(vcpu, KVM_SET_REGS, regs.as_ptr() as usize)?;
    Ok(())
}

fn run(vcpu: &File, shared: *const u8) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    loop {
        request(vcpu, KVM_RUN, 0)?;
        let reason = unsafe { *(shared.add(RUN_EXIT_REASON) as *const u32) };
        if reason == KVM_EXIT_HLT {
            return Ok(text);
        }
        if reason != KVM_EXIT_IO {
            let what = format!("unexpected exit {reason}");
            return Err(Error::new(ErrorKind::Other, what));
        }
        unsafe {
            let offset = *(shared.add(RUN_IO_DATA_OFFSET) as *const u64);
            text.push(*shared.add(offset as usize));
        }
    }
}

fn hello(kvm: &File) -> Result<()> {
    let vm = new_file(kvm, KVM_CREATE_VM)?;
    set_memory(&vm)?;
    let vcpu = new_file(&vm, KVM_CREATE_VCPU)?;
    let bytes = request(kvm, KVM_GET_VCPU_MMAP_SIZE, 0)?;
    let shared = map(bytes as usize, MAP_SHARED, vcpu.as_raw_fd())?;
    set_registers(&vcpu)?;
    std::io::stdout().write_all(&run(&vcpu, shared)?)
}

fn main() -> ExitCode {
    let kvm = match OpenOptions::new().read(true).write(true).open("/dev/kvm") {
        Ok(kvm) => kvm,
        Err(error) => {
            eprintln!("skipped: opening /dev/kvm fails: {error}");
            return ExitCode::from(77);
        }
    };
    if let Err(error) = hello(&kvm) {
        eprintln!("hello: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
