#!/bin/sh
# The tests that need no lab, on every supported Python that is here, each in an environment of its own.
set -eu
cd "$(dirname "$0")/.."
wanted=$(cat requirements/build.txt requirements/test.txt pyproject.toml | cksum)
tried=0
for version in 3.11 3.12 3.13; do
    python=$(command -v "python$version" || true)
    if [ -z "$python" ] || ! "$python" -c 'import ensurepip' 2>/dev/null; then
        echo "== Python $version is not here, or cannot make environments: not tried"
        continue
    fi
    echo "== Python $version"
    venv=.venv-$version
    if ! "$venv/bin/python" -c '' 2>/dev/null || [ "$(cat "$venv/made-for" 2>/dev/null)" != "$wanted $PWD" ]; then
        "$python" -m venv --clear "$venv"
        pip="$venv/bin/pip --quiet --disable-pip-version-check install"
        $pip --require-hashes -r requirements/build.txt
        $pip --no-build-isolation --use-pep517 --require-hashes -r requirements/test.txt
        $pip --no-build-isolation --no-deps -e .
        echo "$wanted $PWD" >"$venv/made-for"
    fi
    "$venv/bin/python" -m pytest -q -m "not lab"
    tried=$((tried + 1))
done
[ "$tried" -gt 0 ] || { echo "No Python 3.11, 3.12 or 3.13 was found." >&2; exit 1; }
