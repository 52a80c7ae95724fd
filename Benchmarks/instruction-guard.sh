#!/bin/bash
# Counts the instructions of seven fixed runs with callgrind and compares them with Benchmarks/instructions.txt.
# usage: Benchmarks/instruction-guard.sh [--update]
# Exit code 1 when a count leaves the band of 3 %; fewer instructions are reported, too, so that the record can follow.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
command=${PAIRBATH:-$root/.build/release/pairbath}
record=$here/instructions.txt
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v valgrind >/dev/null || { echo "bench-guard: valgrind is missing: apt-get install valgrind" >&2; exit 1; }
# Valgrind cannot read the debugging information of recent compilers.
strip --strip-debug -o "$folder/pairbath" "$command"
command=$folder/pairbath
# Waiting threads of OpenBLAS would count, too.
export OPENBLAS_NUM_THREADS=1

count() { # name, arguments of pairbath run
  local name=$1
  shift
  timeout 600 valgrind --tool=callgrind --callgrind-out-file="$folder/$name.out" "$command" run "$@" --workers 1 --quiet \
    --output "$folder/$name.nc" >"$folder/$name.log" 2>&1 || { cat "$folder/$name.log" >&2; exit 70; }
  awk '/Collected/ { print $NF }' "$folder/$name.log"
}

runs=(
  "dots-sharp|$here/Models/double-dot-map.yaml"
  "dots-landauer|$here/Models/double-dot-map.yaml --set compute.level=landauer --set sweep.T.points=9 --set sweep.V.points=41"
  "double-dot-rectification|$root/Examples/double-dot-rectification/model.yaml"
  "near-field|$here/Models/near-field-inas.yaml --set sweep.d.points=6"
  "second-order|$here/Models/second-order.yaml --set sweep.T.points=2 --set sweep.V.points=11"
  "second-order-landauer|$here/Models/second-order.yaml --set compute.level=landauer --set sweep.T=[0.2] --set sweep.V.points=3"
  "noise|$here/Models/noise.yaml"
)
failed=0
: >"$folder/counts"
for run in "${runs[@]}"; do
  name=${run%%|*}
  # shellcheck disable=SC2086
  now=$(count "$name" ${run#*|})
  echo "$name $now" >>"$folder/counts"
  before=$(awk -v name="$name" '$1 == name { print $2 }' "$record" 2>/dev/null || true)
  if [ -z "$before" ]; then
    echo "bench-guard: $name: $now instructions, no record"
  else
    change=$(awk -v a="$now" -v b="$before" 'BEGIN { printf "%+.1f", 100 * (a - b) / b }')
    echo "bench-guard: $name: $now instructions, $change % against the record"
    awk -v c="$change" 'BEGIN { exit !(c > 3) }' && failed=1
  fi
done
if [ "${1:-}" = --update ]; then
  cp "$folder/counts" "$record"
  echo "bench-guard: recorded"
elif [ "$failed" = 1 ]; then
  echo "bench-guard: more than 3 % above the record: find the cause (callgrind_annotate), or record it on purpose with" \
    "make bench-guard-update" >&2
  exit 1
fi
