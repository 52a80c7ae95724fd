#!/usr/bin/env bash
# Builds the tests with AddressSanitizer and with ThreadSanitizer (release: without optimisation the numerics take hours) and runs them, without
# the slowest suites. SANITIZERS="thread" runs one of them, SANITIZE_FILTER some suites, SANITIZE_SKIP others than the slow ones.
#
# Exit code 1 where a sanitizer found anything or a test failed. Reports: .build/asan/report.*, .build/tsan/report.*.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export SWIFT_BACKTRACE=enable=no
here=$PWD/Tests/Sanitizers
# Comparisons with slow textbook quadratures and random sweeps: the same code runs in the others.
slow=${SANITIZE_SKIP:-'TwinComparison|ErrorCoverage|RandomSweep|RandomLaw|Twin.*Tests|ExampleNumbers|LongConductor|PerfectWire|PhononLead|ExtremeNumber|SweepMemory|MatrixMemory|MemoryBudget|OutputGuard|LargeResult'}
triple=$(swift -print-target-info | sed -n 's/^ *"unversionedTriple": "\(.*\)",$/\1/p')
code=0

run() {
  local sanitizer=$1 folder=.build/$2
  echo "== $sanitizer sanitizer: build"
  swift build --build-tests -c release -Xswiftc -enable-testing --sanitize="$sanitizer" --scratch-path "$folder" || return 1
  rm -f "$folder"/report.*
  echo "== $sanitizer sanitizer: tests"
  local tests="$folder/$triple/release/PairbathPackageTests.xctest"
  local options=(--testing-library swift-testing --no-parallel --skip "$slow")
  [ -n "${SANITIZE_FILTER:-}" ] && options=(--testing-library swift-testing --no-parallel --filter "$SANITIZE_FILTER")
  local failed=0
  if [ "$sanitizer" = thread ]; then
    clang -O1 -shared -fPIC "$here/order.c" -o "$folder/order.so" || return 1
    TSAN_OPTIONS="suppressions=$here/thread.suppressions:log_path=$PWD/$folder/report:exitcode=0:history_size=4" \
      LD_PRELOAD=$PWD/$folder/order.so "$tests" "${options[@]}" >"$folder/tests.log" 2>&1 || failed=1
  else
    ASAN_OPTIONS="detect_leaks=0:halt_on_error=1:log_path=$PWD/$folder/report:suppressions=$here/address.suppressions:detect_stack_use_after_return=0" \
      "$tests" "${options[@]}" >"$folder/tests.log" 2>&1 || failed=1
  fi
  grep -a 'Test run with' "$folder/tests.log" | tail -n 1
  [ $failed -eq 0 ] || { grep -a '✘' "$folder/tests.log" | tail -n 40; }
  local found
  found=$(cat "$folder"/report.* 2>/dev/null | grep -a -c '^SUMMARY: ')
  echo "== $sanitizer sanitizer: $found findings"
  [ "$found" -eq 0 ] && [ $failed -eq 0 ]
}

for sanitizer in ${SANITIZERS:-address thread}; do run "$sanitizer" "${sanitizer:0:1}san" || code=1; done
exit $code
