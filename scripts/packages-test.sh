#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# packages-test.sh - builds from README's package list alone: makes a Debian 12 root with debootstrap, installs the packages
# of README's row "Debian" and nothing else, configures, builds, installs, moves the installation, and starts it through a
# symbolic link. Needs root; the root file system is kept in a cache directory and made anew when the list changes.
# The last line is "N passed, N failed".
. "$(dirname "$0")/lib.sh"

CACHE=${XDG_CACHE_HOME:-/var/cache}/execbig-top-packages
ROOT=$CACHE/root
LOG=$CACHE/log
. "$(dirname "$0")/bare.sh"

mapfile -t packages < <(sed -n 's/^| Debian[^|]*| *\([^|]*[^| ]\) *|$/\1/p' "$EBT_ROOT/README.md" | tr ' ' '\n')
[ ${#packages[@]} -gt 5 ] || ebt_die "README.md has no row of Debian packages"

mkdir -p "$CACHE"
list=$(printf '%s\n' "${packages[@]}" | sort)
if [ ! -d "$ROOT/etc" ] || [ "$(cat "$CACHE/list" 2>/dev/null)" != "$list" ]; then
	rm -f "$CACHE/list"
	step "debootstrap" make_bare "$ROOT"
	step "install README's packages" inside apt-get -qq -y --no-install-recommends install "${packages[@]}"
	printf '%s\n' "$list" >"$CACHE/list"
fi

rm -rf "$ROOT/src" "$ROOT/inst" "$ROOT/moved" "$ROOT/usr/local/bin/ebt"
mkdir -p "$ROOT/src"
git -c safe.directory='*' -C "$EBT_ROOT" ls-files -z --cached --others --exclude-standard |
	(cd "$EBT_ROOT" && tar --null --ignore-failed-read -cf - -T -) 2>/dev/null | tar -xf - -C "$ROOT/src"
[ -d "$ROOT/proc/self" ] || mount -t proc proc "$ROOT/proc"
trap 'umount "$ROOT/proc"' EXIT
step "configure" inside cmake -S /src -B /src/build -G Ninja -DEBT_WERROR=ON -DCMAKE_INSTALL_PREFIX=/inst
step "build" inside ninja -C /src/build
step "install" inside cmake --install /src/build
step "move" mv "$ROOT/inst" "$ROOT/moved"
step "link" ln -s /moved/bin/execbig-top "$ROOT/usr/local/bin/ebt"
step "start through a link" inside ebt --version
step "compile BPF text from a moved installation" inside sh -c 'ebt check; [ $? != 127 ] && ebt --print-bpf >/dev/null'
for file in share/man/man8/execbig-top.8 lib/systemd/system/execbig-top.service libexec/execbig-top/execbig-compile \
	share/execbig-top/kinclude share/doc/execbig-top/LICENSE share/doc/execbig-top/docs/lessons \
	share/bash-completion/completions/execbig-top share/zsh/site-functions/_execbig-top \
	share/fish/vendor_completions.d/execbig-top.fish; do
	step "installed: $file" test -e "$ROOT/moved/$file"
done
step "images are shipped" inside sh -c 'ls /moved/libexec/execbig-top/images/* >/dev/null'
rm -rf "$ROOT/src" "$ROOT/moved" "$ROOT/usr/local/bin/ebt"
echo "$passed passed, $failed failed"
