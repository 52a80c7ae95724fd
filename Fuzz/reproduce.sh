#!/usr/bin/env bash
# Runs inputs by hand and says what became of them: Fuzz/reproduce.sh TARGET FILE...
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: Fuzz/reproduce.sh TARGET FILE..." >&2; exit 64; }
folder=$(dirname "${BASH_SOURCE[0]}")
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:handle_sigill=0 PAIRBATH_FUZZ_VERBOSE=1 PAIRBATH_FUZZ_TARGET=$1
shift
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi
exec "${FUZZ_BINARY:-$folder/../.build/fuzz/release/pairbath-fuzz}" -timeout=60 -rss_limit_mb=1024 "$@"
