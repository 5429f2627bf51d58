#!/bin/sh
# install-packages.sh demo|test|fuzz|selftests: install the Debian packages that are
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
	libxml2-utils util-linux parallel strace qemu-system-x86 seabios
	protobuf-compiler python3-protobuf chromium
	zsh mandoc man-db groff-base dpkg-dev"
# Node's own packages bring npm along; Debian's are apart.
command -v npm >/dev/null || TEST="$TEST nodejs npm"

FUZZ="clang libclang-rt-14-dev"

SELFTESTS="linux-source-6.1 xz-utils python3 qemu-system-x86 seabios"

case "${1-}" in
demo) wanted="$BUILD jq" ;;
test) wanted="$BUILD $TEST" ;;
fuzz) wanted="$BUILD $FUZZ" ;;
selftests) wanted="$BUILD $SELFTESTS" ;;
*)
	echo "usage: $0 demo|test|fuzz|selftests" >&2
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

# What tests/test_html.py drives the browser with; without them it skips.
install_modules() {
	folder=$(dirname "$0")/html
	installed=$folder/node_modules/.package-lock.json
	[ ! -e "$installed" ] || [ "$folder/package-lock.json" -nt "$installed" ] ||
		return 0
	npm ci --prefix "$folder" --no-audit --no-fund --fetch-retries=1 >&2 ||
		echo "$0: npm ci failed: the tests of the HTML page will skip" >&2
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
if [ -z "$missing" ]; then
	[ "$1" != test ] || install_modules
	exit 0
fi

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
[ "$1" != test ] || install_modules
