#!/usr/bin/env bash
# Writes FOLDER/mpi-c.pc, what SwiftPM reads to compile and link CMPI, out of what an MPI's compiler wrapper would do. Clusters have
# `mpicc` from a module and seldom a pkg-config file; those that exist hold flags that SwiftPM refuses.
# Prints the arguments of `swift build` by which programs find the libraries again, where mpicc asks for that.
# Usage: pkg-config.sh MPICC FOLDER
set -euo pipefail
mpicc=$1
folder=$2

line=$("$mpicc" -show 2>/dev/null) || line=$("$mpicc" --showme 2>/dev/null) || {
  echo "$mpicc does not say what it does (mpicc -show): write an mpi-c.pc by hand, with lines Cflags: and Libs:, and build with" \
    "PKG_CONFIG_PATH=ITS_FOLDER swift build -c release --traits MPI --scratch-path .build/mpi" >&2
  exit 1
}
# The wrapper's line is quoted for a shell.
eval "words=($line)"

includes=() libraries=() places=() previous=
for word in "${words[@]:1}"; do
  # -Xlinker x, -Wl,x and -Wl,x,y are one thing.
  [ "$word" != -Xlinker ] || continue
  case $previous$word in
    -I | -L) previous=$word && continue ;;
    -I*) includes+=("$previous$word") ;;
    -L* | -l*) libraries+=("$previous$word") ;;
    -rpath* | -Wl,-rpath | -Wl,-rpath,* | -Wl,-rpath=* | -Wl,--rpath*)
      place=${word#-Wl,}
      place=${place#,}
      case $place in
        -rpath | --rpath) [ "$previous" ] || { previous=-rpath && continue; } ;;
        *-rpath[,=]*) place=${place#*-rpath?} ;;
      esac
      places+=("$place")
      ;;
  esac
  previous=
done

mkdir -p "$folder"
# Backslashes before spaces are how pkg-config quotes.
escaped() { for word in "$@"; do printf ' %s' "${word// /\\ }"; done; }
cat >"$folder/mpi-c.pc" <<PC
Name: mpi-c
Description: what $mpicc compiles and links
Version: 3.0
Cflags:$(escaped ${includes+"${includes[@]}"})
Libs:$(escaped ${libraries+"${libraries[@]}"})
PC
for place in ${places+"${places[@]}"}; do printf ' -Xlinker -rpath -Xlinker %q' "$place"; done
