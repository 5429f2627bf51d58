#!/bin/sh
# demo.sh: what kvmtrace shows of ./hv --long: for a person, and through jq.
# Where KVM can't be used, a recorded run is decoded in its place.
set -eu
cd "$(dirname "$0")/.."

RECORDED=tests/golden/hv-long/records.jsonl

# One line for each byte that the guest wrote to its port.
RECIPE='select(.exit.io) | "\(.seq)  vm\(.vm)/vcpu\(.vcpu)  port \(.exit.io.port)  \(.exit.io.text // .exit.io.data_hex | @json)"'

# Opening is not enough to know: the node may lead to no driver.
has_kvm() {
	[ -r /dev/kvm ] && [ -w /dev/kvm ] && ./hv --long >/dev/null 2>&1
}

colour=never
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	colour=always
fi

if has_kvm; then
	set -- ./hv --long
	shown='./hv --long'
else
	echo "/dev/kvm can't be used here: this is a recorded run of ./hv --long"
	set -- --replay "$RECORDED"
	shown="--replay $RECORDED"
fi

echo "\$ ./kvmtrace $shown"
./kvmtrace --format text --color "$colour" -o - "$@"
echo
echo "\$ ./kvmtrace $shown | jq -r '$RECIPE'"
./kvmtrace -o - "$@" 2>/dev/null | jq -r "$RECIPE"
