#!/bin/sh
# Install the system's parts that are missing: "run" for the program, "test" for its tests too.
#
# Nothing is done when nothing is missing. Where it may not install (no root, no sudo without a
# password, another system), it says in one line what to install, and stops.
#
# A Tor that comes in this way must not start before somebody was asked: not now (policy-rc.d holds
# services back while we install) and not with the computer. Both hold whatever cuts us off.
set -eu

what=${1:-run}
python=$(command -v "${PYTHON:-python3}" || echo python3)
root=${SAFECOMM_SETUP_ROOT:-} # where the system lies; only tests set it
policy=$root/usr/sbin/policy-rc.d
kept=$policy.kept-by-safecomm
mark="# SafeComm: here only while it installs"

here() { # also what lies where only an administrator's PATH leads
    command -v "$1" >/dev/null 2>&1 || [ -x "$root/usr/sbin/$1" ] || [ -x "$root/sbin/$1" ]
}

missing() { # program package: print the package if the program is not there
    here "$1" || printf ' %s' "$2"
}

transport() {
    here lyrebird || here obfs4proxy || {
        if apt-cache show lyrebird >/dev/null 2>&1; then printf ' lyrebird'; else printf ' obfs4proxy'; fi
    }
}

authorities() { # where Debian, Fedora, openSUSE and Alpine keep them
    for file in etc/ssl/certs/ca-certificates.crt etc/pki/tls/certs/ca-bundle.crt etc/ssl/ca-bundle.pem etc/ssl/cert.pem; do
        if [ -s "$root/$file" ]; then return 0; fi
    done
    printf ' ca-certificates'
}

environments() { # the interpreter that the Makefile found must be able to make virtual environments
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        printf ' %s-venv' "$("$python" -c 'import sys; print("python3.%d" % sys.version_info[1])')"
}

parts() {
    environments
    missing tor tor
    missing gpg gnupg
    transport
    authorities
    [ "$what" = test ] || return 0
    missing ip iproute2
    missing nft nftables
    missing unshare util-linux
    missing faketime faketime
    missing curl curl
    missing tmux tmux
}

ours() { # is this policy one that we put there, and were cut off before we took it away?
    [ -e "$policy" ] && case $(cat "$policy") in *"$mark"*) true ;; *) false ;; esac
}

hold_services() { # Debian starts a service as soon as it is installed; for this moment it must not
    if [ -e "$policy" ] && ! ours; then mv "$policy" "$kept"; fi
    printf '#!/bin/sh\n%s:%s\nexit 101\n' "$mark" "$wanted" >"$policy"
    chmod 755 "$policy"
}

starts_with_the_computer() {
    for link in "$root"/etc/systemd/system/*.wants/tor.service "$root"/etc/rc[2-5].d/S*tor; do
        if [ -L "$link" ]; then return 0; fi
    done
    return 1
}

leave_tor_off() {
    if here systemctl; then
        systemctl --quiet disable tor.service >/dev/null 2>&1 || true
    elif here deb-systemd-helper; then # no systemd yet; it would find Tor enabled on the day it comes
        deb-systemd-helper disable tor.service >/dev/null 2>&1 || true
    fi
    if here update-rc.d; then update-rc.d tor disable >/dev/null 2>&1 || true; fi
    if starts_with_the_computer; then
        echo "Tor is installed and was not started, but it will start with this computer: disable it first if it must not be seen that you use Tor." >&2
        return 1
    fi
    start="service tor start"
    if [ -d "$root/run/systemd/system" ]; then start="systemctl start tor"; fi
    echo "Tor is installed. It was not started, and will not start by itself: SafeComm asks you first. (To start it yourself: sudo $start)" >&2
}

finish() { # however it ended: a Tor that came stays off, then services may start again
    code=$?
    trap '' INT TERM HUP
    case $(cat "$policy" 2>/dev/null) in
    *"$mark:"*" tor"*) if here tor; then leave_tor_off || code=1; fi ;;
    esac
    if ours; then rm -f "$policy"; fi
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
    exit "$code"
}

up_to_date() { # on a new machine the system may be fetching its own lists just now
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        if told=$(apt-get -qq update 2>&1); then return 0; fi
        case $told in *lock*) sleep 5 ;; *) break ;; esac
    done
    printf '%s\n' "$told" >&2 # perhaps one source of many: what is missing may still be there
}

wanted=$(parts)
if [ -z "$wanted" ] && ! ours; then exit 0; fi
if ! here apt-get; then
    echo "SafeComm needs these parts, please install them:$wanted" >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    if sudo -n true >/dev/null 2>&1; then exec sudo -n env PYTHON="$python" sh "$0" "$what"; fi
    echo "SafeComm needs an administrator to install:$wanted. This does it without starting Tor: sudo sh $0 $what" >&2
    exit 1
fi

exec 9>"$root/run/safecomm-setup.lock"
flock 9 # apt-get holds it too: nobody takes the policy away under a running installation
if ours; then (finish) || exit 1; fi # an installation that was cut off
wanted=$(parts)
[ -n "$wanted" ] || exit 0
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
hold_services
up_to_date
wanted=$(parts) # with the lists, it is known which transport there is
echo "Installing:$wanted" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words is meant
apt-get -qq -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends $wanted >/dev/null
