#!/bin/sh
# deb-test.sh DEB ROOT: does the package install and run in a Debian 12 that has
# nothing else? Makes one in ROOT by debootstrap (root, a network, 300 MB), and
# removes it again. MIRROR says where Debian is.
set -eu

deb=$1
root=$2
mirror=${MIRROR-http://deb.debian.org/debian}

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
	echo "$0: needs root, and Debian's debootstrap" >&2
	exit 1
fi

# Mounts of a namespace of our own end with it, whatever happens.
if [ -z "${DEB_TEST_INSIDE-}" ]; then
	rm -rf "$root"
	debootstrap --variant=minbase bookworm "$root" "$mirror" \
		>"$root.log" 2>&1 || { tail "$root.log" >&2; exit 1; }
	status=0
	DEB_TEST_INSIDE=1 unshare --mount --pid --fork --kill-child \
		--propagation private "$0" "$@" || status=$?
	rm -rf --one-file-system "$root"
	exit "$status"
fi

mount -t proc proc "$root/proc"
mount -t devpts devpts "$root/dev/pts"
if [ -e /dev/kvm ]; then
	touch "$root/dev/kvm"
	mount --bind /dev/kvm "$root/dev/kvm"
fi
cp "$deb" "$root/kvmtrace.deb"

inside() {
	echo "\$ $*"
	DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$root" "$@"
}

inside apt-get -q install -y --no-install-recommends /kvmtrace.deb >"$root.log" ||
	{ tail "$root.log" >&2; exit 1; }
inside dpkg --verify kvmtrace
inside kvmtrace --version
inside kvmtrace explain KVM_RUN | head -n 12
inside kvmtrace --complete diff --gl
if inside hv --long; then
	inside kvmtrace --format text -o /trace.txt hv --long
	inside tail -n 12 /trace.txt
else
	echo "KVM can't be used here: hv was not traced"
fi
inside apt-get -q purge -y kvmtrace >"$root.log"
if [ -e "$root/usr/share/kvmtrace" ] || [ -e "$root/usr/bin/hv" ]; then
	echo "$0: the removed package left files behind" >&2
	exit 1
fi
echo "the package installs, runs and goes again"
