#!/bin/sh
# Install the system's parts that are missing: "run" for the program, "test" for its tests too.
#
# Nothing is done when nothing is missing. Where it may not install (no root, no sudo without a
# password, another system), it says in one line what to install, and stops.
set -eu

root=${SAFECOMM_SETUP_ROOT:-} # where the system lies; only tests set it
policy=$root/usr/sbin/policy-rc.d
kept=$policy.kept-by-safecomm

missing() { # program package: print the package if the program is not there
    command -v "$1" >/dev/null 2>&1 || printf ' %s' "$2"
}

transport() {
    command -v lyrebird >/dev/null 2>&1 || command -v obfs4proxy >/dev/null 2>&1 || {
        if apt-cache show lyrebird >/dev/null 2>&1; then printf ' lyrebird'; else printf ' obfs4proxy'; fi
    }
}

authorities() {
    [ -s "$root/etc/ssl/certs/ca-certificates.crt" ] || printf ' ca-certificates'
}

environments() { # the interpreter that the Makefile found must be able to make virtual environments
    "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        printf ' %s-venv' "$("${PYTHON:-python3}" -c 'import sys; print("python3.%d" % sys.version_info[1])')"
}

parts() {
    environments
    missing tor tor
    missing gpg gnupg
    transport
    authorities
    [ "$1" = test ] || return 0
    missing ip iproute2
    missing nft nftables
    missing unshare util-linux
    missing faketime faketime
    missing curl curl
    missing tmux tmux
}

restore() {
    rm -f "$policy"
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}

hold_services() { # Debian starts a service as soon as it is installed; for this moment it must not
    if [ -e "$policy" ] && [ ! -e "$kept" ]; then mv "$policy" "$kept"; fi
    trap restore EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}

leave_tor_off() { # nor may it start at the next boot, before anybody was asked
    if command -v systemctl >/dev/null 2>&1; then
        systemctl --quiet disable tor.service >/dev/null 2>&1 || true
    fi
    echo "Tor is installed. It was not started, and will not start by itself: SafeComm asks you first." >&2
    echo "To start it yourself: sudo systemctl start tor" >&2
}

wanted=$(parts "${1:-run}")
[ -n "$wanted" ] || exit 0
may=
if [ "$(id -u)" != 0 ]; then may="sudo -n"; fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "SafeComm needs these parts, please install them:$wanted" >&2
    exit 1
fi
if [ -n "$may" ] && ! sudo -n true >/dev/null 2>&1; then
    echo "SafeComm needs parts that only an administrator can install. Run: sudo $0 ${1:-run}" >&2
    exit 1
fi
if [ -n "$may" ]; then exec sudo -n PYTHON="${PYTHON:-python3}" sh "$0" "${1:-run}"; fi

echo "Installing:$wanted" >&2
hold_services
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update >/dev/null
# shellcheck disable=SC2086 # a list of words is meant
apt-get -qq install --yes --no-install-recommends $wanted >/dev/null
case "$wanted " in *" tor "*) leave_tor_off ;; esac
