#!/bin/sh
# deb.sh FOLDER VERSION: Debian's package FOLDER/kvmtrace_VERSION_ARCH.deb of
# what stands installed in FOLDER/root. No debhelper: dpkg-dev is enough.
set -eu

here=$(dirname "$0")
folder=$1
version=$2
root=$folder/root
architecture=$(dpkg --print-architecture)
doc=$root/usr/share/doc/kvmtrace

# The same source makes the same package: times are the last commit's.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null ||
	stat -c %Y "$here/changelog.in")}
export SOURCE_DATE_EPOCH

fill() {
	sed -e "s|@VERSION@|$version|g" -e "s|@ARCHITECTURE@|$architecture|g" \
		-e "s|@DATE@|$(date -R -u -d "@$SOURCE_DATE_EPOCH")|g" "$@"
}

# hv keeps its line numbers: traces of it are for learning.
strip --remove-section=.comment --remove-section=.note \
	"$root/usr/bin/kvmtrace"

# Debian has zsh's completions elsewhere.
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_kvmtrace" \
	"$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"

fill "$here/copyright" >"$doc/copyright"
fill "$here/changelog.in" | gzip -9n >"$doc/changelog.Debian.gz"
gzip -9nf "$root"/usr/share/man/man*/*.[15]
mkdir -p "$root/usr/share/lintian/overrides" "$root/DEBIAN"
cp "$here/lintian-overrides" "$root/usr/share/lintian/overrides/kvmtrace"

# dpkg-shlibdeps wants to stand in a source package.
mkdir -p "$folder/debian"
fill "$here/control.in" >"$folder/debian/control"
depends=$(cd "$folder" && dpkg-shlibdeps -O --warnings=0 \
	-eroot/usr/bin/kvmtrace -eroot/usr/bin/hv)

find "$root" -type d -exec chmod 755 {} +
find "$root" -type f ! -path "*/bin/*" -exec chmod 644 {} +
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z |
	xargs -0 md5sum >DEBIAN/md5sums)
# The source's paragraph is for dpkg-shlibdeps only.
fill "$here/control.in" | sed -e '1,/^$/d' \
	-e "s|@DEPENDS@|${depends#shlibs:Depends=}|" \
	-e "s|@SIZE@|$(du -k -s --apparent-size "$root/usr" | cut -f1)|" \
	>"$root/DEBIAN/control"

dpkg-deb --root-owner-group --build "$root" \
	"$folder/kvmtrace_${version}_$architecture.deb"
