#!/usr/bin/env bash
# Puts the files of the page together: assemble.sh FOLDER. The plotting library comes out of the Python package plotly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
case ${1:?a folder} in /*) out=$1 ;; *) out=../$1 ;; esac
mkdir -p "$out"
if [ ! -s "$out/plotly.min.js" ]; then
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' EXIT
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$stage" 'plotly>=7,<8'
  python3 -m zipfile -e "$stage"/plotly-*.whl "$stage/wheel"
  cp "$stage/wheel/plotly/package_data/plotly.min.js" "$out/plotly.min.js.new"
  mv "$out/plotly.min.js.new" "$out/plotly.min.js"
fi
cp Page/* "$out/"
echo "explorer: $out"
