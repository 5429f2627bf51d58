#!/bin/sh
# install-packages.sh demo|test|selftests: install the Debian packages that are
# missing. Says nothing when none is. Where it can't install, it says in one message
# which command would, and fails.
set -eu

BUILD="gcc make binutils libc6-dev linux-libc-dev
	libseccomp-dev libjansson-dev libdw-dev libelf-dev libzydis-dev
	libjq-dev"

# The programs that make test traces are in many languages on purpose. Rust is
# large: its program is skipped where rustc is not installed.
TEST="jq procps perl python3 python3-pytest python3-jsonschema libcmocka-dev
	g++ gcc-multilib musl-tools golang-go clang clang-format
	libxml2-utils util-linux strace qemu-system-x86 seabios"

SELFTESTS="linux-source-6.1 xz-utils python3 qemu-system-x86 seabios"

case "${1-}" in
demo) wanted="$BUILD jq" ;;
test) wanted="$BUILD $TEST" ;;
selftests) wanted="$BUILD $SELFTESTS" ;;
*)
	echo "usage: $0 demo|test|selftests" >&2
	exit 2
	;;
esac

is_installed() {
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$'
}

refuse() {
	echo "$0: $1. As root, run:" >&2
	echo "  apt-get update && apt-get install --no-install-recommends" \
		"$missing" >&2
	exit 1
}

missing=
if command -v dpkg-query >/dev/null; then
	for package in $wanted; do
		is_installed "$package" || missing="$missing $package"
	done
else
	missing=" $(echo $wanted)"
fi
missing=${missing# }
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null ||
	refuse "there is no apt-get here; the packages (Debian's names) are missing"
sudo=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null ||
		refuse "packages are missing, and this is not root"
	sudo=sudo
fi
install() {
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >&2
}
# Without a network the lists stay old; what they have may do.
install update || true
# shellcheck disable=SC2086
install install -y --no-install-recommends $missing ||
	refuse "installing packages failed"
