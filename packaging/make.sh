#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes dist/trawl_VERSION_ARCH.deb and dist/trawl-VERSION-linux-MACHINE.tar.gz:
# one binary that needs nothing beside it, the manual, completions and the
# sample incident. Called by ./dev package, which has installed what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/build-package
stage=$work/stage
say() { printf '%s\n' "$*" >&2; }

# Debian has no libcjson.a: its own source, with its own patches, makes one.
cjson() {
	local apt=$work/apt
	[ ! -f "$work/cjson/libcjson.a" ] || return 0
	rm -rf "$apt" "$work/cjson"
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$work/cjson"
	printf '%s\n' 'Types: deb-src' 'URIs: http://deb.debian.org/debian' \
		"Suites: $(. /etc/os-release && echo "$VERSION_CODENAME")" \
		'Components: main' \
		'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' \
		>"$apt/source.sources"
	local from=(-qq -o Dir::Etc::SourceList=/dev/null
		-o "Dir::Etc::SourceParts=$apt" -o "Dir::State::Lists=$apt/lists"
		-o "Dir::Cache=$apt" -o APT::Sandbox::User=)
	(cd "$work/cjson" && apt-get "${from[@]}" update &&
		apt-get "${from[@]}" source cjson >/dev/null)
	cc -O2 -c "$work"/cjson/cjson-*/cJSON.c -o "$work/cjson/cJSON.o"
	ar rcs "$work/cjson/libcjson.a" "$work/cjson/cJSON.o"
	# What pkg-config says of the other one, but for where it lies.
	sed "s|^libdir=.*|libdir=$work/cjson|" \
		"$(pkg-config --variable=pcfiledir libcjson)/libcjson.pc" \
		>"$work/cjson/libcjson.pc"
}

mkdir -p "$work"
cjson
export PKG_CONFIG_PATH=$work/cjson
cmake --preset package >/dev/null
cmake --build build-package -j "$(nproc)" --target trawl completions
rm -rf "$stage"
DESTDIR=$stage cmake --install build-package --prefix /usr --strip >/dev/null

version=$(sed -n 's/^project(trawl VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
machine=$(uname -m)
arch=$(dpkg --print-architecture)
# The same tree makes the same packages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y NEWS.md)}
export SOURCE_DATE_EPOCH

# What goes with it: samples, news, whose code is in the binary.
doc=$stage/usr/share/doc/trawl
mkdir -p "$doc/samples" "$doc/licenses"
cp -r samples/secutter "$doc/samples/"
cp samples/README.md "$doc/samples/"
cp README.md NEWS.md SECURITY.md "$doc/"
cp LICENSE "$doc/copyright"
for package in libc6 libncurses6 libcjson1 zlib1g libdeflate0 libarchive13 \
	libnettle8 liblzma5 libzstd1 libbz2-1.0 libpcre2-8-0 libyaml-0-2 \
	libutf8proc2 libssl3 libmaxminddb0; do
	cp "/usr/share/doc/$package/copyright" "$doc/licenses/$package" 2>/dev/null ||
		say "no copyright of $package here"
done
find "$stage/usr/share/man" -type f -exec gzip -9n {} +
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p dist

name=trawl-$version-linux-$machine
tar -C "$stage/usr" --sort=name --owner=0 --group=0 --numeric-owner \
	--mtime="@$SOURCE_DATE_EPOCH" --transform "s|^\.|$name|" -cf - . |
	gzip -9n >"dist/$name.tar.gz"

mkdir -p "$stage/DEBIAN"
cat >"$stage/DEBIAN/control" <<END
Package: trawl
Version: $version
Architecture: $arch
Maintainer: The trawl project <trawl@localhost>
Installed-Size: $(du -sk "$stage/usr" | cut -f1)
Section: admin
Priority: optional
Description: terminal workbench for investigating AWS CloudTrail
 Loads CloudTrail logs, runs Sigma rules, works out who became whom over
 credentials and accounts, and opens a screen on which an investigation is a
 matter of keys. All libraries are in the binary.
END
(cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$stage/DEBIAN" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$stage" "dist/trawl_${version}_$arch.deb" >/dev/null
(cd dist && sha256sum "$name.tar.gz" "trawl_${version}_$arch.deb" >SHA256SUMS)
ls -l dist
