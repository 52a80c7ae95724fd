#!/usr/bin/env bash
# Checks message passing between processes on this machine, with an mpirun of Open MPI or MPICH. A minute or two, 7 GB for what is
# longer than 2^31 bytes (left out where there is less).
# Usage: run.sh PAIRBATH-MPI-CHECK [MPIRUN]
set -euo pipefail
check=$1
mpirun=${2:-mpirun}
export SWIFT_BACKTRACE=enable=no
# More processes than cores, and root in containers; MPICH ignores these.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
output=$(mktemp)
trap 'rm -f "$output"' EXIT

die() {
  cat "$output" >&2
  echo "run.sh: $*" >&2
  exit 1
}
# gone PROCESS: it has ended, or does so within two seconds; what nobody has collected counts as ended.
gone() {
  for _ in {1..20}; do
    case $(ps -o stat= -p "$1" || true) in "" | Z*) return 0 ;; esac
    sleep 0.1
  done
  return 1
}
# expect CODE SECONDS NUMBER WORDS...: the check with NUMBER processes exits with CODE in time.
expect() {
  local code=0 wanted=$1 seconds=$2 number=$3
  shift 3
  timeout --kill-after=5 "$seconds" "$mpirun" -n "$number" "$check" "$@" >"$output" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ] || die "$number processes, $*: exit code $code instead of $wanted"
  if [ "$wanted" -eq 0 ]; then grep -a good "$output" | head -n 1; else echo "$*: exit code $code with $number processes"; fi
}

"$check" alone
expect 0 20 1 alone
for number in 1 2 3 7; do
  expect 0 60 $number counter
  expect 0 60 $number far-counter
  expect 0 60 $number pieces 1000000
  expect 0 60 $number messages 20000000
  expect 0 60 $number unreceived 1000000
  expect 0 60 $number broadcast 50000000
done
for number in 1 2 7; do for code in 65 130; do expect $code 30 $number abort $code; done; done
expect 0 120 2 messages 300000000
free=$(awk '/MemAvailable/ { print int($2 / 1e6) }' /proc/meminfo 2>/dev/null || echo 0)
if [ "$free" -ge 9 ]; then expect 0 200 2 broadcast 3000000000; else echo "left out: broadcast of 3 GB, $free GB are free"; fi

# A process that dies takes the others along.
timeout 60 "$mpirun" -n 3 "$check" linger 50 >"$output" 2>&1 &
run=$!
for _ in {1..100}; do [ "$(grep -ac 'is process' "$output")" -eq 3 ] && break || sleep 0.1; done
victim=$(sed -nE 's/^rank 1 is process ([0-9]+).*/\1/p' "$output")
[ "$victim" ] || die "the processes to kill did not start"
mapfile -t processes < <(sed -nE 's/^rank [0-9] is process ([0-9]+).*/\1/p' "$output")
SECONDS=0
kill -KILL "$victim"
code=0
wait $run || code=$?
[ $code -ne 0 ] && [ $SECONDS -le 10 ] || die "a killed process: exit code $code after $SECONDS s"
for process in "${processes[@]}"; do gone "$process" || die "process $process outlived the one that was killed"; done
echo "a killed process ends the run: exit code $code after $SECONDS s"
echo "run.sh: all good with $mpirun"
