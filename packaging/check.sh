#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what packaging/make.sh made into an empty root and runs it there:
# nothing but the package and some evidence is in that root.
# usage: packaging/check.sh [DIST]
set -euo pipefail
cd "$(dirname "$0")/.."
dist=$(realpath "${1:-dist}")
status=0

wrong() {
	printf 'package: %s\n' "$*"
	status=1
}

deb=$(ls "$dist"/trawl_*.deb 2>/dev/null | head -n 1)
tar=$(ls "$dist"/trawl-*.tar.gz 2>/dev/null | head -n 1)
[ -n "$deb" ] && [ -n "$tar" ] || { echo "SKIP: there is no package, see ./dev package"; exit 77; }
(cd "$dist" && sha256sum --quiet -c SHA256SUMS) || wrong 'SHA256SUMS does not say what is there'

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/var/lib/dpkg/{info,updates} "$root/tmp" "$root/evidence"
touch "$root"/var/lib/dpkg/status
if [ "$(id -u)" -eq 0 ]; then
	dpkg --root="$root" --install "$deb" >/dev/null || wrong 'dpkg does not install it'
	[ "$(dpkg --root="$root" -s trawl | sed -n 's/^Status: //p')" = 'install ok installed' ] ||
		wrong 'dpkg does not say that it is installed'
	inside=(env -i TERM=xterm HOME=/nonexistent /usr/sbin/chroot "$root")
else
	dpkg-deb -x "$deb" "$root"
	inside=(env -i TERM=xterm HOME=/nonexistent unshare -r /usr/sbin/chroot "$root")
fi
[ -z "$(dpkg-deb -f "$deb" Depends)" ] || wrong 'the package depends on others'
! readelf -d "$root/usr/bin/trawl" | grep NEEDED || wrong 'the binary needs libraries'
! readelf -l "$root/usr/bin/trawl" | grep -q INTERP || wrong 'the binary needs a loader'

cp -r samples/secutter "$root/evidence/secutter"
tar -C samples -czf "$root/evidence/packed.tar.gz" secutter
cp -r samples/digests "$root/evidence/digests"
if "${inside[@]}" /usr/bin/trawl -V >/dev/null 2>&1; then
	run() { "${inside[@]}" /usr/bin/trawl "$@"; }
else
	echo 'package: no chroot here, run from / with an empty HOME instead'
	run() { (cd / && env -i HOME=/nonexistent "$root/usr/bin/trawl" "${@//\/evidence\//$root/evidence/}"); }
fi

says() { # text command...
	local text=$1 output
	shift
	output=$(run "$@" 2>&1) || true
	grep -qF -- "$text" <<<"$output" || wrong "trawl $* does not say: $text"
}
says 'screen: ncurses' -V
says 'OpenSSL' -V
says 'ATT&CK' -V
says '4,015 events' triage /evidence/secutter
says "Instance's credentials used outside" alerts /evidence/secutter
says 'szkpwned_211205b8c508753167ea' walk lambda-creator-user /evidence/secutter
says '4,408' summary /evidence/packed.tar.gz
says 'verified' verify --public-keys /evidence/digests/public-keys.json /evidence/digests/untouched
says 'Press the keys' help tutorial
says 'binds tightest' help query

# The tarball has the same, below a folder of its name.
name=$(basename "$tar" .tar.gz)
tar -C "$root/tmp" -xzf "$tar"
cmp -s "$root/tmp/$name/bin/trawl" "$root/usr/bin/trawl" || wrong 'the tarball has another binary'
for file in bin/trawl share/man/man1/trawl.1.gz share/man/man7/trawl-tutorial.7.gz \
	share/bash-completion/completions/trawl share/zsh/vendor-completions/_trawl \
	share/fish/vendor_completions.d/trawl.fish share/doc/trawl/copyright \
	share/doc/trawl/samples/secutter/nginx/access.log; do
	[ -s "$root/tmp/$name/$file" ] || wrong "the tarball has no $file"
	[ -s "$root/usr/$file" ] || wrong "the package has no /usr/$file"
done
for page in man/*.[1-9]; do
	[ -s "$root/usr/share/man/man${page##*.}/$(basename "$page").gz" ] || wrong "no $page"
done
[ "$status" -ne 0 ] || echo 'package: installed and run in an empty root'
exit "$status"
