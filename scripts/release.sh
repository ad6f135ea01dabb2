#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# release.sh [--key ID] [--snapshot] [DIR] - make what a release consists of, in DIR (default: release/): the source archive, the
# Debian packages and a signed apt repository of them, the source RPM, a list of what the program is linked to (SPDX), and checksums.
#
#   --key ID    sign the repository and the checksums with this key of gpg; without it they are not signed
#   --snapshot  allow a commit that has no tag of the version
#
# The version is that of CMakeLists.txt, and debian/changelog, the RPM spec and the PKGBUILD must agree with it. Only what is committed
# goes into a release. The same commit gives the same archive and the same packages.
. "$(dirname "$0")/lib.sh"

KEY='' SNAPSHOT='' OUT=$EBT_ROOT/release
while [ $# -gt 0 ]; do
	case $1 in
	--key)
		[ $# -gt 1 ] || ebt_die "--key: which key? gpg --list-secret-keys names them"
		KEY=$2
		shift
		;;
	--snapshot) SNAPSHOT=1 ;;
	-*) ebt_die "not an option: $1 (--key ID, --snapshot)" ;;
	*) OUT=$(realpath -m "$1") ;;
	esac
	shift
done

cd "$EBT_ROOT"
git_here() { git -c safe.directory='*' -C "$EBT_ROOT" "$@"; }
VERSION=$(sed -n 's/^project(execbig-top VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
NAME=execbig-top-$VERSION
says() { [ "$2" = "$VERSION" ] || ebt_die "$1 says version $2, CMakeLists.txt says $VERSION"; }
says debian/changelog "$(sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' debian/changelog)"
says packaging/rpm/execbig-top.spec "$(sed -n 's/^Version: *//p' packaging/rpm/execbig-top.spec)"
says packaging/arch/PKGBUILD "$(sed -n 's/^pkgver=//p' packaging/arch/PKGBUILD)"
[ -z "$(git_here status --porcelain --untracked-files=no)" ] || ebt_die "there are changes that are not committed"
[ -n "$SNAPSHOT" ] || git_here tag --points-at HEAD | grep -qx "v$VERSION" ||
	ebt_die "this commit has no tag v$VERSION: make one, or try --snapshot"
[ ! -e "$OUT" ] || [ -z "$(ls -A "$OUT")" ] || ebt_die "$OUT is not empty: name another directory, or remove it"
ebt_install "${EBT_BUILD_PACKAGES[@]}" debhelper dpkg-dev fakeroot libcmocka-dev sqlite3 rpm reprepro jq gnupg
mkdir -p "$OUT"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
SOURCE_DATE_EPOCH=$(git_here log -1 --format=%ct)
export SOURCE_DATE_EPOCH

ebt_note "source archive"
git_here archive --format=tar --prefix="$NAME/" HEAD -- . ':(exclude)debian' | gzip -n -9 >"$OUT/$NAME.tar.gz"

ebt_note "Debian packages"
tar -xzf "$OUT/$NAME.tar.gz" -C "$WORK"
git_here archive --format=tar --prefix="$NAME/" HEAD debian | tar -xf - -C "$WORK"
cp "$OUT/$NAME.tar.gz" "$WORK/execbig-top_$VERSION.orig.tar.gz"
(cd "$WORK/$NAME" && DEB_BUILD_OPTIONS="parallel=$(nproc) ${DEB_BUILD_OPTIONS:-}" dpkg-buildpackage -us -uc >"$WORK/log" 2>&1) ||
	{ tail -n 40 "$WORK/log" >&2; ebt_die "the Debian packages do not build"; }
mkdir "$OUT/debian"
cp "$WORK"/*.deb "$WORK"/*.dsc "$WORK"/*.debian.tar.* "$WORK"/*.orig.tar.gz "$WORK"/*.buildinfo "$WORK"/*.changes "$OUT/debian"

# The directory is served as it is. Only a signed repository is trusted by apt without [trusted=yes].
ebt_note "apt repository"
mkdir -p "$OUT/apt/conf"
cat >"$OUT/apt/conf/distributions" <<EOF
Origin: execbig-top
Label: execbig-top
Codename: stable
AlsoAcceptFor: unstable
Architectures: amd64 arm64 source
Components: main
Description: packages of execbig-top
${KEY:+SignWith: $KEY}
EOF
(cd "$OUT/apt" && reprepro --silent include stable "$OUT"/debian/*.changes >"$WORK/log" 2>&1) ||
	{ cat "$WORK/log" >&2; ebt_die "the apt repository cannot be made"; }
rm -rf "$OUT/apt/conf" "$OUT/apt/db"
[ -z "$KEY" ] || gpg --export --output "$OUT/apt/execbig-top.gpg" "$KEY"

ebt_note "source RPM"
mkdir -p "$WORK/rpm"/{SOURCES,SPECS}
cp "$OUT/$NAME.tar.gz" "$WORK/rpm/SOURCES"
cp packaging/rpm/execbig-top.spec "$WORK/rpm/SPECS"
# The package holds the times of these two files.
touch -d "@$SOURCE_DATE_EPOCH" "$WORK/rpm/SOURCES/$NAME.tar.gz" "$WORK/rpm/SPECS/execbig-top.spec"
rpmbuild --quiet --nodeps --define "_topdir $WORK/rpm" --define "use_source_date_epoch_as_buildtime 1" --define "_buildhost localhost" \
	-bs "$WORK/rpm/SPECS/execbig-top.spec"
cp "$WORK"/rpm/SRPMS/*.src.rpm "$OUT"

# What the two programs are linked to on this machine: library, Debian package and version.
ebt_note "SBOM"
mkdir "$WORK/root"
for deb in "$OUT"/debian/execbig-top_*.deb "$OUT"/debian/execbig-top-compile_*.deb; do dpkg-deb -x "$deb" "$WORK/root"; done
ldd "$WORK/root/usr/bin/execbig-top" "$WORK/root/usr/libexec/execbig-top/execbig-compile" | awk '$2 == "=>" { print $3 }' | xargs -r realpath |
	sort -u | while read -r library; do
		# Packages may still name the place that a library had before /lib became a link.
		dpkg-query -S "$library" 2>/dev/null || dpkg-query -S "${library#/usr}"
	done | sed 's/: .*//' | sort -u |
	xargs -r dpkg-query -W -f '${source:Package}\t${binary:Package}\t${Version}\n' >"$WORK/linked"
[ -s "$WORK/linked" ] || ebt_die "what the programs are linked to cannot be found"
jq -R -s --arg version "$VERSION" --arg created "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
	--arg sum "$(sha256sum <"$OUT/$NAME.tar.gz" | cut -d ' ' -f 1)" '
	(split("\n") | map(select(. != "") | split("\t"))) as $linked |
	{
		spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", name: "execbig-top-\($version)",
		documentNamespace: "https://execbig-top.org/spdx/execbig-top-\($version)-\($sum[0:16])",
		creationInfo: { created: $created, creators: ["Organization: The execbig-top authors", "Tool: scripts/release.sh"] },
		packages: ([{
			SPDXID: "SPDXRef-execbig-top", name: "execbig-top", versionInfo: $version, downloadLocation: "NOASSERTION",
			filesAnalyzed: false, licenseConcluded: "BSD-3-Clause AND (BSD-3-Clause OR GPL-2.0-only)",
			licenseDeclared: "BSD-3-Clause AND (BSD-3-Clause OR GPL-2.0-only)", copyrightText: "The execbig-top authors",
			checksums: [{ algorithm: "SHA256", checksumValue: $sum }]
		}] + ($linked | map({
			SPDXID: ("SPDXRef-" + (.[1] | gsub("[^A-Za-z0-9.-]"; "-"))), name: .[1], versionInfo: .[2], downloadLocation: "NOASSERTION",
			filesAnalyzed: false, licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", copyrightText: "NOASSERTION",
			externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
				referenceLocator: "pkg:deb/debian/\(.[1] | sub(":.*"; ""))@\(.[2] | @uri)" }]
		}))),
		relationships: ([{ spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-execbig-top" }] +
			($linked | map({ spdxElementId: "SPDXRef-execbig-top", relationshipType: "DYNAMIC_LINK",
				relatedSpdxElement: ("SPDXRef-" + (.[1] | gsub("[^A-Za-z0-9.-]"; "-"))) })))
	}' "$WORK/linked" >"$OUT/$NAME.spdx.json"

ebt_note "checksums"
(cd "$OUT" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
[ -z "$KEY" ] || gpg --batch --yes --local-user "$KEY" --armor --detach-sign --output "$OUT/SHA256SUMS.asc" "$OUT/SHA256SUMS"
ebt_note "done: $OUT"
