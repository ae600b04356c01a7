#!/bin/sh
# Make the locks anew: every dependency pinned, with the hashes of all its files, for all supported Pythons.
# Pins that still fit stay; with --upgrade the newest are taken. This machine's own settings have no say.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet uv
upgrade=${1:-}
lock() { # file, extras, and where the dependencies are named
    output=$1
    shift
    # shellcheck disable=SC2086 # nothing, or one word
    "$tools/bin/uv" pip compile $upgrade --no-config --quiet --universal --generate-hashes --python-version 3.11 \
        --no-emit-index-url --no-header --no-annotate --output-file "requirements/$output" "$@"
}
lock run.txt pyproject.toml
lock test.txt --extra test --constraint requirements/run.txt pyproject.toml
printf 'editables\nhatchling\nsetuptools\n' | lock build.txt -
