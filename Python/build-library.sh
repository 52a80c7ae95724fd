#!/usr/bin/env bash
# Links .build/release/libpairbath.so out of the static library of `swift build -c release`: the runtime of Swift inside, nothing but the
# functions of pairbath.h outside. (SwiftPM links dynamic libraries with a dynamic runtime only.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=.build/release
out=$build/libpairbath.so
[ "$(uname -s)" = Linux ] || { echo "build-library: Linux only" >&2; exit 1; }
if [ "$out" -nt "$build/libPairbathC.a" ]; then exit 0; fi
# One object: swiftc would leave out what nothing in an archive refers to.
ld -r -o "$build/pairbath-c.o" --whole-archive "$build/libPairbathC.a"
swiftc -O -use-ld=lld -emit-library -static-stdlib -o "$out.new" "$build/pairbath-c.o" \
  $(pkg-config --libs openblas netcdf nlopt) \
  -lCoreFoundation -l_FoundationICU -l_FoundationCShims -l_FoundationCollections \
  -Xlinker --version-script=Sources/CPairbath/exports.map -Xlinker --gc-sections -Xlinker -s \
  -Xlinker -soname=libpairbath.so -Xlinker -z -Xlinker defs
mv "$out.new" "$out"
rm "$build/pairbath-c.o"
