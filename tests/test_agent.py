"""The code that runs inside traced programs (agent_code.S), disassembled: it
keeps its own rules, which are all that stands between a bug in it and the program.
And programs that attack it from inside.

What it may consist of is listed here, not what it may not: an instruction that
nobody has thought of is refused.
"""
import re
import signal
import subprocess

import pytest

from tracing import BUILD, ROOT, program, skip_if_told

SOURCES = ROOT / "tracer/capture/inprocess"
OBJECT = BUILD / "tracer/capture/inprocess/agent_code.o"
# As agent_code.S and layout.h say; both are compared with them.
PLACES = ("begin packing packed saving claimed syscall_end committed restored "
          "sync_end slow end").split()
CODE_BYTES = 4096
# What it may read by its distance from the code: three words of one page.
PRIVATE = range(0x10000, 0x10000 + 64)

JUMPS = set("ja jae jb jbe je jg jge jl jle jmp jne jns jo jno js".split())
COMPARISONS = set("bt cmp test".split())
WRITERS = set("add and dec imul inc lea mov movzb movzw neg not or seto shl "
              "shr sub xor cmova rdfsbase".split())
# What they read and write is no operand. Flags, rax, rdx, rcx, r11 are free.
FIXED = {"lahf": {"rax"}, "sahf": set(), "rdtsc": {"rax", "rdx"},
         "syscall": {"rax", "rcx", "r11"}}
MNEMONICS = JUMPS | COMPARISONS | WRITERS | set(FIXED)

# The slot keeps them; rdi and rsi stay as they are. rsp, rbp, r12 … r15 too.
MAY_CHANGE = set("rax rbx rcx rdx r8 r9 r10 r11".split())
FIRST_FREE = {"rax", "rcx", "r11"}
READABLE = MAY_CHANGE | set("rdi rsi rsp rbp".split())
STACK = {"rsp", "rbp"}


def all_names():
    """Each name of a general register, and the register that it is part of."""
    names = {}
    for letter in "abcd":
        for name in (f"r{letter}x", f"e{letter}x", f"{letter}x", f"{letter}l",
                     f"{letter}h"):
            names[name] = f"r{letter}x"
    for name in ("si", "di", "sp", "bp"):
        for part in (f"r{name}", f"e{name}", name, f"{name}l"):
            names[part] = f"r{name}"
    for number in range(8, 16):
        for suffix in ("", "d", "w", "b"):
            names[f"r{number}{suffix}"] = f"r{number}"
    return names


REGISTERS = all_names()
MEMORY = re.compile(r"(?P<offset>-?0x[0-9a-f]+)?"
                    r"\((?P<base>%\w+)?(,(?P<index>%\w+),(?P<scale>\d))?\)")


class Instruction:
    """A line of objdump -dw: address, bytes, text in the AT&T syntax."""

    def __init__(self, address, raw, text):
        self.address = address
        self.raw = bytes.fromhex(raw)
        self.end = address + len(self.raw)
        self.text, _, target = text.partition("#")
        words = self.text.split(None, 1)
        self.name = words[0] if words else ""
        self.operands = re.findall(r"(?:[^,(]|\([^)]*\))+",
                                   words[1].strip()) if words[1:] else []
        # What a rip-relative operand refers to stands in the comment.
        self.target = int(target.split()[0], 16) if target else None

    def __str__(self):
        return f"{self.address:#x}: {self.text.strip()}"

    @property
    def kind(self):
        """The mnemonic without the size of what is in memory."""
        if self.name in MNEMONICS:
            return self.name
        bare = self.name[:-1] if self.name[-1:] in set("bwlq") else self.name
        return bare if bare in MNEMONICS else None

    @property
    def destination(self):
        return self.operands[-1] if self.kind in WRITERS else None

    @property
    def is_direct_jump(self):
        return self.kind in JUMPS and not self.operands[0].startswith("*")

    @property
    def jump_target(self):
        return int(self.operands[0].split()[0], 16)


def is_memory(operand):
    return "(" in operand


def register_of(operand):
    return REGISTERS.get(operand.lstrip("%"))


def registers_in(operand):
    return [REGISTERS.get(name) for name in re.findall(r"%(\w+)", operand)
            if name != "rip"]


def writes(instruction):
    """Registers that it changes."""
    fixed = FIXED.get(instruction.kind)
    if fixed is not None:
        return fixed
    operand = instruction.destination
    if operand is None or is_memory(operand):
        return set()
    return {register_of(operand)}


def writes_memory(instruction):
    operand = instruction.destination
    return operand is not None and is_memory(operand)


class Agent:
    """The code of an object with the agent's places, disassembled."""

    def __init__(self, path):
        self.path = path
        self.symbols = self.read_symbols()
        self.end = self.symbols["agent_end"]
        self.start = self.symbols["agent_begin"]
        self.code = self.disassemble()
        self.starts = {one.address for one in self.code}

    def tool(self, *command):
        return subprocess.run([*command, self.path], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def read_symbols(self):
        lines = [line.split() for line in self.tool("nm").splitlines()]
        return {line[-1]: int(line[0], 16) for line in lines
                if line[-2] in "rRtT"}

    def disassemble(self):
        text = self.tool("objdump", "-Dwz", "-j", ".rodata",
                         f"--start-address={self.start}",
                         f"--stop-address={self.end}")
        found = re.findall(r"^ *([0-9a-f]+):\t([0-9a-f ]+?) *\t(.*)$", text,
                           re.M)
        return [Instruction(int(address, 16), raw, text)
                for address, raw, text in found]

    def place(self, name):
        return self.symbols[f"agent_{name}"]

    def between(self, first, last):
        return [one for one in self.code
                if self.place(first) <= one.address < self.place(last)]


def check_memory(one, operand):
    match = MEMORY.fullmatch(operand)
    if not match or not match["base"]:
        yield f"{one}: memory at no register, or in a segment"
    elif one.destination is operand and one.kind != "lea" and \
            (match["base"] == "%rip" or STACK & set(registers_in(operand))):
        yield f"{one}: writes the program's stack, or the code"


def check_operands(one):
    for operand in one.operands:
        if one.kind in JUMPS or operand.startswith("$"):
            continue
        if set(registers_in(operand)) - READABLE:
            yield f"{one}: a register that it has nothing to do with"
        if is_memory(operand):
            yield from check_memory(one, operand)
        elif not register_of(operand):
            yield f"{one}: neither a register nor memory"


def check_instruction(one):
    if one.kind is None:
        yield f"{one}: not one of the agent's instructions"
        return
    if one.kind not in FIXED:
        yield from check_operands(one)
    if writes(one) - MAY_CHANGE:
        yield f"{one}: changes a register that nobody restores"


def check_jump(agent, one):
    if one.is_direct_jump:
        if one.jump_target not in agent.starts:
            yield f"{one}: lands on no instruction of the agent"
    elif one.operands[0] not in ("*%rcx", "*%r11"):
        yield f"{one}: jumps to anywhere"


def check_flow(agent):
    for one in agent.code:
        if one.kind in JUMPS:
            yield from check_jump(agent, one)
        if one.target is not None and one.target not in PRIVATE:
            yield f"{one}: reads what is not in its page"
    last = agent.code[-1]
    if last.kind != "jmp":
        yield f"{last}: runs on to anywhere"


def check_bytes(agent):
    """All are instructions, one behind the other."""
    at = agent.start
    for one in agent.code:
        if one.address != at:
            yield f"{one}: something lies before it"
        at = one.end
    if at != agent.end:
        yield f"{at:#x}: something lies behind the code"
    if agent.start != 0 or agent.end > CODE_BYTES:
        yield f"{agent.end - agent.start} bytes: more than fit"
    if "R_X86_64" in agent.tool("objdump", "-r"):
        yield "the linker has to change it: it can't be copied"


def check_places(agent):
    addresses = [agent.place(name) for name in PLACES]
    if addresses != sorted(set(addresses)):
        yield "the places are in another order"
    for name in PLACES[:-1]:
        if agent.place(name) not in agent.starts:
            yield f"agent_{name} is at no instruction"
    calls = [one.end for one in agent.code if one.kind == "syscall"]
    if calls != [agent.place("syscall_end"), agent.place("sync_end")]:
        yield "the places of its system calls are others"


def check_states(agent):
    """What eviction.c believes of a thread by where it stands."""
    for one in agent.between("begin", "claimed"):
        if writes(one) - FIRST_FREE:
            yield f"{one}: the register is in no slot yet"
    for one in agent.between("begin", "saving"):
        if writes_memory(one):
            yield f"{one}: writes before there is a slot"
    for one in agent.between("saving", "claimed"):
        if writes_memory(one) and "(%r11)" not in one.operands[-1]:
            yield f"{one}: writes elsewhere than to the slot"
        if writes(one) - {"rax"}:
            yield f"{one}: rcx and r11 have what is to be restored"
    for one in agent.code:
        if one.address == agent.place("restored") and \
                one.operands != ["*%rcx"]:
            yield f"{one}: not as behind the program's own call"


def check(path):
    """Sentences about what is wrong with it."""
    agent = Agent(path)
    found = [sentence for one in agent.code
             for sentence in check_instruction(one)]
    for rule in (check_flow, check_bytes, check_places, check_states):
        found += rule(agent)
    return found


def test_the_agent_keeps_its_rules():
    assert check(OBJECT) == []


def test_the_whole_agent_was_read():
    agent = Agent(OBJECT)
    assert len(agent.code) > 500
    assert {"rdfsbase", "rdtsc", "lahf", "sahf", "seto"} <= \
        {one.kind for one in agent.code}
    assert sum(one.text.strip() in ("jmp    *%rcx", "jmp    *%r11")
               for one in agent.code) == 2


def test_places_are_those_of_the_source():
    """The comment that explains them, but for the one that it leaves out."""
    source = (SOURCES / "agent_code.S").read_text()
    told = re.findall(r"^ \*   agent_(\w+) …", source, re.M)
    assert told == [name for name in PLACES if name not in ("sync_end", "end")]


def test_it_fits_as_the_tracer_believes():
    layout = (SOURCES / "layout.h").read_text()
    size, = re.findall(r"^#define AGENT_CODE_BYTES\t(\d+)$", layout, re.M)
    assert int(size) == CODE_BYTES


def test_the_tracer_has_it_unchanged(tmp_path):
    """The linker has copied it to the binary as it is in the object."""
    code = tmp_path / "code"
    subprocess.run(["objcopy", "-O", "binary", "-j", ".rodata", OBJECT, code],
                   check=True)
    agent = Agent(OBJECT)
    wanted = code.read_bytes()[agent.start:agent.end]
    binary = BUILD / "kvmtrace" if (BUILD / "kvmtrace").exists() \
        else ROOT / "kvmtrace"
    assert wanted in binary.read_bytes()


# A small agent with all its places, into which each bad line is put.
GOOD = """
	.section .rodata, "a", @progbits
	.global agent_begin, agent_packing, agent_packed, agent_saving
	.global agent_claimed, agent_syscall_end, agent_committed
	.global agent_restored, agent_sync_end, agent_slow, agent_end
agent_begin:
	.set	private, agent_begin + 0x10000
	lahf
	seto	%al
	shl	$16, %rcx
agent_packing:
	or	%rax, %rcx
agent_packed:
	rdfsbase %rax
	{begin}
	add	private+8(%rip), %r11
	je	agent_slow
agent_saving:
	mov	%rcx, 136(%r11)
	{saving}
agent_claimed:
	mov	%r11, %rbx
	mov	16(%rsp), %rax
	lea	(%rsp, %rcx), %rax
	{claimed}
	syscall
agent_syscall_end:
	movb	%al, (%r10)
	bt	%ecx, %eax
	cmova	%rax, %rcx
	{after}
agent_committed:
	mov	208(%r11), %rax
	{committed}
agent_restored:
	jmp	*%rcx
	syscall
agent_sync_end:
	jmp	agent_committed
agent_slow:
	sahf
	{slow}
	jmp	*%r11
	{code}
agent_end:
"""


def assemble(folder, **lines):
    names = ("begin", "saving", "claimed", "after", "committed", "slow",
             "code")
    source, made = folder / "agent.S", folder / "agent.o"
    source.write_text(GOOD.format(**{name: lines.get(name, "")
                                     for name in names}))
    subprocess.run(["gcc", "-c", "-o", made, source], check=True)
    return made


def test_a_good_one_is_accepted(tmp_path):
    assert check(assemble(tmp_path)) == []


BAD_ANYWHERE = [
    # The stack, and what moves its pointer.
    "push %rax", "pop %rax", "pushf", "popf", "call agent_slow", "ret",
    "enter $16, $0", "leave", "sub $8, %rsp", "mov %rax, %rsp", "add $8, %esp",
    "lea -128(%rsp), %rsp", "xchg %rax, %rsp", "mov %rax, -8(%rsp)",
    "movl $1, -8(%rbp)", "mov %rax, -8(%rsp, %rcx)", "mov %al, (%rcx, %rbp)",
    "incl (%rsp)", "mov %rsp, %rbp",
    # Registers that nobody restores.
    "mov %rax, %r12", "xor %r15d, %r15d", "inc %rdi", "mov $1, %sil",
    "mov (%r13), %rax",
    # Vectors, x87, and what uses them.
    "movdqu (%rdx), %xmm0", "movq %rax, %xmm1", "vzeroupper", "fld1", "emms",
    "vmovups (%rdx), %ymm0", "fxsave (%r10)", "xsave (%r10)", "ldmxcsr (%r10)",
    "kmovw %k1, %eax", "pxor %mm0, %mm0",
    # Strings and their direction; other flags.
    "rep movsb", "movsq", "stosb", "lodsl", "cmpsb", "repne scasb", "std",
    "cld", "sti", "clac",
    # Segments and absolute addresses.
    "mov %fs:0, %rax", "mov %rax, %gs:(%rcx)", "movabs 0x6b766d750000, %rax",
    "mov 0x1000, %eax", "mov %rax, 0x1000(, %rcx, 8)", "wrfsbase %rax",
    "mov %fs, %eax",
    # To the kernel, elsewhere, or nowhere.
    "int $0x80", "int3", "sysenter", "ud2", "hlt", "iretq", "jmp *%rax",
    "jmp *(%rcx)", "jmp *8(%r11)", "jmp agent_slow + 2", "je agent_begin - 4",
    "jmp agent_end", "loop agent_begin", "xbegin agent_slow",
    # The code itself; what is no constant.
    "mov %rax, private(%rip)", "mov agent_begin(%rip), %rax",
    "mov private+64(%rip), %rax",
    # Costly, or telling.
    "cpuid", "rdtscp", "lock incl (%rbx)", "xchg %rax, (%rbx)", "mfence",
]


@pytest.mark.parametrize("line", BAD_ANYWHERE)
def test_bad_code_is_found(tmp_path, line):
    assert check(assemble(tmp_path, after=line)) != []


@pytest.mark.parametrize("where, line", [
    ("begin", "mov %rdx, %r10"), ("begin", "mov %rax, (%r11)"),
    ("begin", "mov %rax, %rdx"), ("saving", "mov %rdx, (%rbx)"),
    ("saving", "mov %rax, %rcx"), ("saving", "xor %edx, %edx"),
    ("claimed", "syscall"), ("committed", "syscall"),
    ("code", "nop"), ("code", "mov %rax, %rcx"),
    ("code", ".quad 0x1122334455667788"), ("code", ".zero 16"),
    ("code", ".zero 4096"), ("code", ".quad agent_begin"),
    ("code", ".quad printf"), ("claimed", "mov $agent_begin, %rax"),
])
def test_bad_code_is_found_there(tmp_path, where, line):
    assert check(assemble(tmp_path, **{where: line})) != []


@pytest.mark.parametrize("first, second", [
    ("committed", "restored"), ("begin", "saving"), ("slow", "sync_end"),
])
def test_other_orders_are_found(tmp_path, first, second):
    made = assemble(tmp_path)
    source = tmp_path / "agent.S"
    text = source.read_text()
    text = text.replace(f"agent_{first}:", "X:") \
        .replace(f"agent_{second}:", f"agent_{first}:") \
        .replace("X:", f"agent_{second}:")
    source.write_text(text)
    subprocess.run(["gcc", "-c", "-o", made, source], check=True)
    assert check(made) != []


# Programs that attack it from inside (tests/programs/hostile). They may die of
# it, but the tracer must come to an end, with a trace that is whole.

def attack(trace, name, *arguments):
    """The result: of the program's own end, not the tracer's; within 30 s."""
    result = trace(program(f"hostile/{name}"), *arguments,
                   options=["--engine", "auto"], timeout=30)
    skip_if_told(result)
    lines = result.timeline.lines
    assert lines[-1]["type"] == "trace_end", result
    assert b"Sanitizer" not in result.stderr, result
    assert b"runtime error" not in result.stderr, result
    # Its honest work came before.
    assert result.timeline.written(0x10, vm=0)[:1] == b"h"
    ended = lines[-1]["status"]
    if "signal" in ended:
        number = getattr(signal, ended["signal"])
        assert result.status == 128 + number, result
    else:
        assert result.status == ended["exited"], result
    return result


@pytest.mark.parametrize("part", ["code", "private", "shared", "stubs"])
@pytest.mark.parametrize("how", ["away", "barred", "empty"])
@pytest.mark.parametrize("thread", [(), ("thread",)])
def test_pages_that_are_gone(kvm, trace, part, how, thread):
    result = attack(trace, "unmap", part, how, *thread)
    # Zeros where a call under way keeps its registers are the program's end.
    is_fatal = (part, how, thread) == ("shared", "empty", ("thread",))
    if is_fatal and result.status == 128 + signal.SIGSEGV:
        return
    if part != "stubs":
        assert result.status == 0 and result.stdout == b"went on\n", result
    # In pages that nobody sees, its records can't be seen either.
    if (part, how) != ("shared", "empty") and part != "stubs":
        calls = result.timeline.calls("KVM_GET_API_VERSION")
        assert len(calls) == 1100 + 20000 * bool(thread)


@pytest.mark.parametrize("part", [(), ("0",), ("1",), ("2",)])
@pytest.mark.parametrize("seed", range(4))
def test_scribbling(kvm, trace, seed, part):
    attack(trace, "scribble", str(seed), *part)


@pytest.mark.parametrize("seed", range(4))
def test_jumps_to_anywhere(kvm, trace, seed):
    attack(trace, "jump", str(seed))


def test_a_storm_of_threads(kvm, trace):
    """1 + 4 groups of 100 threads a wave; half of the groups don't wait."""
    result = attack(trace, "storm", "5")
    assert result.status == 0 and result.stdout == b"went on\n"
    calls = result.timeline.calls("KVM_GET_API_VERSION")
    assert len(calls) >= 5 * 3 * 100
    assert not [call for call in calls
                if not call.get("unfinished") and call["ret"] != 12]
