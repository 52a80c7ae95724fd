#!/usr/bin/env bash
# Runs the fuzz targets one after another, FUZZ_JOBS at a time, each for FUZZ_SECONDS; see README.md.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export SWIFT_BACKTRACE=enable=no
seconds=${FUZZ_SECONDS:-60}
jobs=${FUZZ_JOBS:-2}
build=../.build/fuzz
binary=${FUZZ_BINARY:-$build/release/pairbath-fuzz}
[ -x "$binary" ] || { echo "fuzz: no $binary: type 'make fuzz'" >&2; exit 1; }
# Swift crashes by a trap that AddressSanitizer would print and exit from; libFuzzer keeps the input. Errors in loops are no leaks.
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16:malloc_context_size=8:allocator_may_return_null=0:handle_sigill=0
# The files of an input are written before each; a disk that is busy would look like a reader that hangs.
memory=/dev/shm
[ -w $memory ] || memory=${TMPDIR:-/tmp}
TMPDIR=$(mktemp -d "$memory/pairbath-fuzz-XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
known=$(PAIRBATH_FUZZ_TARGET=list "$binary")
targets=${FUZZ_TARGETS:-$known}
logs=$build/logs
mkdir -p "$logs"

# One target: what it found stays in .build/fuzz/found/TARGET, what it learnt in .build/fuzz/corpus/TARGET.
run() {
  local target=$1 found=$build/found/$1 corpus=$build/corpus/$1
  mkdir -p "$found" "$corpus" "Corpus/$target"
  local words=()
  [ -e "Dictionaries/${target%-netcdf}.dict" ] && words=("-dict=Dictionaries/${target%-netcdf}.dict")
  PAIRBATH_FUZZ_TARGET=$target "$binary" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=1024 -max_len=65536 -report_slow_units=1000 \
    -artifact_prefix="$found/" -print_final_stats=1 -verbosity=1 "${words[@]}" "$corpus" "Corpus/$target" >"$logs/$target.log" 2>&1
  local code=$?
  # The executable ends an input that computes for 5 s by itself; those that wait as long are run once more, on a less busy machine.
  local late
  for late in "$found"/timeout-*; do
    [ -e "$late" ] || continue
    if PAIRBATH_FUZZ_TARGET=$target "$binary" -timeout=60 -rss_limit_mb=1024 "$late" >>"$logs/$target.log" 2>&1; then
      rm "$late"
      [ -n "$(ls "$found")" ] || code=0
    fi
  done
  local inputs
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target.log")
  inputs=${inputs:-$(grep -a -o '^#[0-9]*' "$logs/$target.log" | tail -n 1)}
  local coverage
  coverage=$(grep -a -o 'cov: [0-9]*' "$logs/$target.log" | tail -n 1)
  printf '%-24s %10s inputs  %-12s %s\n' "$target" "${inputs:-?}" "$coverage" "$([ $code -eq 0 ] && echo ok || echo "FOUND, see $logs/$target.log")"
  return $code
}
export -f run
export seconds build binary logs

# Ctrl-C ends the targets, too.
trap 'trap - INT TERM; kill 0' INT TERM
mkdir -p "$build/found"
marker=$(mktemp)
# shellcheck disable=SC2086
printf '%s\n' $targets | xargs -P "$jobs" -I{} bash -c 'run {}'
code=$?
new=$(find "$build/found" -type f -newer "$marker" | sort)
rm -f "$marker"
if [ $code -ne 0 ]; then
  echo
  echo "Inputs that crashed, computed for 5 s or took more than 1 GiB, to be run with Fuzz/reproduce.sh:"
  if [ -n "$new" ]; then sed "s|^$build|.build/fuzz|" <<<"$new"; else echo "(none was kept; read $logs)"; fi
  exit 1
fi
