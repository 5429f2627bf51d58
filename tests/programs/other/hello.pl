#!/usr/bin/perl
# hello.pl: the hello hypervisor in Perl: system calls by syscall(), structures
# by pack(), memory by address.
#
# A tracer must follow calls that libc's syscall() makes, whose descriptors
# Perl itself doesn't know.
use strict;
use warnings;

# Of asm/unistd_64.h.
use constant {
    SYS_READ  => 0,
    SYS_MMAP  => 9,
    SYS_IOCTL => 16,
};

# _IO, _IOR and _IOW of linux/kvm.h, as numbers.
use constant {
    KVM_CREATE_VM              => 0xae01,
    KVM_GET_VCPU_MMAP_SIZE     => 0xae04,
    KVM_CREATE_VCPU            => 0xae41,
    KVM_SET_USER_MEMORY_REGION => 0x4020ae46,
    KVM_SET_TSS_ADDR           => 0xae47,
    KVM_RUN                    => 0xae80,
    KVM_SET_REGS               => 0x4090ae82,
    KVM_GET_SREGS              => 0x8138ae83,
    KVM_SET_SREGS              => 0x4138ae84,
    KVM_EXIT_IO                => 2,
    KVM_EXIT_HLT               => 5,
};

# Offsets in struct kvm_run and kvm_sregs.
use constant {
    RUN_EXIT_REASON    => 8,
    RUN_IO_DATA_OFFSET => 40,
    SREGS_BYTES        => 312,
    SREGS_CS_BASE      => 0,
    SREGS_CS_SELECTOR  => 12,
};

use constant {
    PAGE          => 4096,
    READ_WRITE    => 3,
    MAP_SHARED    => 1,
    MAP_ANONYMOUS => 32,
};

my $guest = pack('C*',
    0xb0, ord('H'),     # mov al, 'H'
    0xe6, 0xe9,         # out 0xe9, al
    0xb0, ord('i'),     # mov al, 'i'
    0xe6, 0xe9,         # out 0xe9, al
    0xb0, ord("\n"),    # mov al, 10
    0xe6, 0xe9,         # out 0xe9, al
    0xf4,               # hlt
);

# The third argument by its alias: the kernel may write there.
sub request {
    my ($fd, $number) = @_;
    my $ret = syscall(SYS_IOCTL, $fd, $number, $_[2]);
    die sprintf("hello: request 0x%x fails: %s\n", $number, $!) if $ret < 0;
    return $ret;
}

sub map_memory {
    my ($bytes, $flags, $fd) = @_;
    my $at = syscall(SYS_MMAP, 0, $bytes, READ_WRITE, $flags, $fd, 0);
    die "hello: mmap fails: $!\n" if $at == -1;
    return $at;
}

# Perl can't write to an address; read(2) can.
sub poke {
    my ($at, $bytes) = @_;
    pipe(my $from, my $to) or die "hello: pipe fails: $!\n";
    syswrite($to, $bytes);
    syscall(SYS_READ, fileno($from), $at, length($bytes)) == length($bytes)
        or die "hello: read fails: $!\n";
}

sub peek {
    my ($at, $bytes) = @_;
    return unpack("P$bytes", pack('Q', $at));
}

sub set_memory {
    my ($vm) = @_;
    my $memory = map_memory(PAGE, MAP_SHARED | MAP_ANONYMOUS, -1);
    poke($memory, $guest);
    request($vm, KVM_SET_TSS_ADDR, 0xfffbd000);
    request($vm, KVM_SET_USER_MEMORY_REGION,
        pack('LLQQQ', 0, 0, 0, PAGE, $memory));
}

sub set_registers {
    my ($vcpu) = @_;
    my $sregs = "\0" x SREGS_BYTES;
    my ($rip, $rflags) = (0, 2);
    request($vcpu, KVM_GET_SREGS, $sregs);
    substr($sregs, SREGS_CS_BASE, 8) = pack('Q', 0);
    substr($sregs, SREGS_CS_SELECTOR, 2) = pack('S', 0);
    request($vcpu, KVM_SET_SREGS, $sregs);
    request($vcpu, KVM_SET_REGS, pack('Q18', (0) x 16, $rip, $rflags));
}

sub run {
    my ($vcpu, $shared) = @_;
    my $text = '';
    while (1) {
        request($vcpu, KVM_RUN, 0);
        my $reason = unpack('L', peek($shared + RUN_EXIT_REASON, 4));
        return $text if $reason == KVM_EXIT_HLT;
        die "hello: unexpected exit $reason\n" if $reason != KVM_EXIT_IO;
        my $offset = unpack('Q', peek($shared + RUN_IO_DATA_OFFSET, 8));
        $text .= peek($shared + $offset, 1);
    }
}

open(my $file, '+<', '/dev/kvm') or do {
    print STDERR "skipped: opening /dev/kvm fails: $!\n";
    exit 77;
};
my $kvm = fileno($file);
my $vm = request($kvm, KVM_CREATE_VM, 0);
set_memory($vm);
my $vcpu = request($vm, KVM_CREATE_VCPU, 0);
my $shared = map_memory(request($kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
    MAP_SHARED, $vcpu);
set_registers($vcpu);
print run($vcpu, $shared);
