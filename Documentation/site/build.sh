#!/usr/bin/env bash
# Builds the documentation site from what is built: build.sh html | linkcheck. `make docs` makes what it needs first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
site=Documentation/site
python=.build/docs/bin/python
build=${PAIRBATH_BUILD:-.build/release}
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/Python/src${PYTHONPATH:+:$PYTHONPATH}"
export PAIRBATH_LIBRARY=${PAIRBATH_LIBRARY:-$PWD/$build/libpairbath.so}

# What Sphinx read before a failure is not read again where only other files have changed: the next build starts anew (notebooks excepted).
trap '[ $? -eq 0 ] || rm -rf .build/docs-doctrees' EXIT
$python $site/stage.py .build/docs-source
$python $site/swift_api.py "$build" .build/docs-swift
$python -m sphinx -q -W --keep-going -n -b "$1" -c $site -d .build/docs-doctrees .build/docs-source \
  "$([ "$1" = html ] && echo .build/site || echo ".build/docs-$1")" 2> >(grep -v -e IPKernelApp -e 'Executing notebook' -e '^$' >&2)
[ "$1" = html ] || exit 0
$python $site/check_links.py .build/site
echo "docs: .build/site; look at it with: python3 -m http.server --directory .build/site"
