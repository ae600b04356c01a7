#!/bin/sh
# The tests that need no lab, on every supported Python that is here, each in an environment of its own.
set -eu
cd "$(dirname "$0")/.."
tried=0
for version in 3.11 3.12 3.13; do
    python=$(command -v "python$version" || true)
    [ -n "$python" ] && "$python" -c 'import ensurepip' 2>/dev/null || continue
    echo "== Python $version"
    "$python" -m venv --clear ".venv-$version"
    pip=".venv-$version/bin/pip --quiet install"
    $pip --require-hashes -r requirements/build.txt
    $pip --no-build-isolation --require-hashes -r requirements/test.txt
    $pip --no-build-isolation --no-deps -e .
    ".venv-$version/bin/python" -m pytest -q -m "not lab"
    tried=$((tried + 1))
done
[ "$tried" -gt 0 ] || { echo "No Python 3.11, 3.12 or 3.13 was found." >&2; exit 1; }
