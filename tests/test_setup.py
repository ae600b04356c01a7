"""The set-up: everything pinned, and a Tor that is installed without being started."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import safecomm

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "packaging" / "system-parts.sh"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)", re.MULTILINE)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
TOOLS = ("sh", "rm", "mv", "chmod", "cat", "sleep", "printf", "mkdir", "touch", "kill", "flock", "env")
POLICY = "usr/sbin/policy-rc.d"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_hashes_and_no_lock_names_a_place(lock: Path) -> None:
    text = lock.read_text()
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        assert PIN.match(block), block
        assert "--hash=sha256:" in block, block
    assert "://" not in text
    assert "file:" not in text


def test_program_and_tests_use_the_same_versions() -> None:
    run, test = (
        dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text())) for name in ("run", "test")
    )
    assert run.items() <= test.items()


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/safecomm/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", safecomm.__version__)


def test_ci_calls_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines == ["#!/usr/bin/env bash", "set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]


class Machine:
    """A make-believe system in a folder: only these programs, and an apt-get that installs by name."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.bin = folder / "bin"
        self.seen = folder / "seen"
        (self.root / "usr" / "sbin").mkdir(parents=True)
        (self.root / "run").mkdir()
        (self.root / "etc" / "ssl" / "certs").mkdir(parents=True)
        (self.root / "etc" / "ssl" / "certs" / "ca-certificates.crt").write_text("x")
        self.bin.mkdir()
        for tool in TOOLS:
            found = Path("/bin") / tool if (Path("/bin") / tool).exists() else Path("/usr/bin") / tool
            if found.exists():
                (self.bin / tool).symlink_to(found)
        (self.bin / "python3").symlink_to(sys.executable)
        self.program("id", "echo 0")
        self.program("apt-cache", "exit 1")
        self.program("systemctl", f'echo "systemctl $*" >>{self.seen}')
        self.apt()

    def program(self, name: str, body: str) -> None:
        file = self.bin / name
        file.unlink(missing_ok=True)  # it may be a link to the real program, which must not be written to
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    def apt(self, more: str = "", update: str = "") -> None:
        policy, tor = self.root / POLICY, self.bin / "tor"
        self.program(
            "apt-get",
            f'case "$*" in *update*) {update or "true"} ;;'
            f' *install*) echo "apt-get $*" >>{self.seen}; cat {policy} >>{self.seen};'
            f" {policy}; echo policy says $? >>{self.seen};"
            f' case "$* " in *" tor "*) echo "#!/bin/sh" >{tor}; chmod 755 {tor} ;; esac; {more} ;; esac',
        )

    def has(self, *names: str) -> None:
        for name in names:
            self.program(name, "exit 0")

    def start(self, what: str = "run") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["/bin/sh", str(SCRIPT), what],
            env={"PATH": str(self.bin), "SAFECOMM_SETUP_ROOT": str(self.root), "PYTHON": sys.executable},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def set_up(self, what: str = "run") -> tuple[int, str]:
        process = self.start(what)
        out, error = process.communicate(timeout=30)
        return process.returncode, out + error

    @property
    def log(self) -> str:
        return self.seen.read_text() if self.seen.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_is_done_when_nothing_is_missing(machine: Machine) -> None:
    machine.has("tor", "gpg", "lyrebird")
    assert machine.set_up() == (0, "")
    assert machine.log == ""


def test_services_are_held_while_tor_is_installed_and_it_is_said(machine: Machine) -> None:
    code, told = machine.set_up()
    assert code == 0
    assert "install --yes --no-install-recommends tor gnupg obfs4proxy" in machine.log
    assert "policy says 101" in machine.log
    assert not (machine.root / POLICY).exists()
    assert "disable tor" in machine.log, "nor may it start at the next boot"
    assert "not started" in told


def test_a_tor_that_was_there_is_left_alone(machine: Machine) -> None:
    machine.has("tor", "gpg")
    code, told = machine.set_up()
    assert code == 0
    assert "obfs4proxy" in machine.log
    assert "disable" not in machine.log
    assert "Tor is installed" not in told


@pytest.mark.parametrize("ending", ["well", "badly"])
def test_a_policy_that_was_there_comes_back(machine: Machine, ending: str) -> None:
    policy = machine.root / POLICY
    policy.write_text("#!/bin/sh\n# mine\nexit 0\n")
    policy.chmod(0o755)
    if ending == "badly":
        machine.apt("exit 7")
    code, _ = machine.set_up()
    assert (code == 0) == (ending == "well")
    assert "policy says 101" in machine.log
    assert policy.read_text() == "#!/bin/sh\n# mine\nexit 0\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_installation_leaves_no_policy(machine: Machine, number: signal.Signals) -> None:
    machine.apt("sleep 60")
    process = machine.start()
    deadline = time.monotonic() + 60
    while "policy says" not in machine.log and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, number)
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert not (machine.root / POLICY).exists()


def test_tor_stays_off_even_if_the_installation_breaks_after_it(machine: Machine) -> None:
    machine.apt("exit 7")
    code, told = machine.set_up()
    assert code != 0
    assert "disable tor.service" in machine.log
    assert "not started" in told


def test_tor_stays_off_where_there_is_no_systemctl(machine: Machine) -> None:
    (machine.bin / "systemctl").unlink()
    link = machine.root / "etc/systemd/system/multi-user.target.wants/tor.service"
    link.parent.mkdir(parents=True)
    link.symlink_to("/lib/systemd/system/tor.service")
    machine.program("deb-systemd-helper", f'echo "helper $*" >>{machine.seen}; rm {link}')
    machine.program("update-rc.d", f'echo "update-rc.d $*" >>{machine.seen}')
    code, told = machine.set_up()
    assert code == 0
    assert "helper disable tor.service" in machine.log
    assert "update-rc.d tor disable" in machine.log
    assert "will not start by itself" in told


@pytest.mark.parametrize(
    "start", ["etc/systemd/system/multi-user.target.wants/tor.service", "etc/rc3.d/S01tor"]
)
def test_it_never_says_that_tor_stays_off_when_it_would_start(machine: Machine, start: str) -> None:
    link = machine.root / start
    link.parent.mkdir(parents=True)
    link.symlink_to("somewhere")
    code, told = machine.set_up()
    assert code == 1
    assert "will not start by itself" not in told
    assert "it will start with this computer" in told


def test_an_installation_that_was_killed_is_finished_the_next_time(machine: Machine) -> None:
    policy = machine.root / POLICY
    policy.write_text("#!/bin/sh\n# mine\nexit 0\n")
    machine.apt("kill -9 $PPID")
    assert machine.set_up()[0] == -signal.SIGKILL
    assert "SafeComm" in policy.read_text()
    machine.has("gpg", "lyrebird")
    assert machine.set_up()[0] == 0
    assert "disable tor.service" in machine.log
    assert policy.read_text() == "#!/bin/sh\n# mine\nexit 0\n"
    assert machine.set_up() == (0, "")


def test_the_transport_is_chosen_when_the_lists_are_there(machine: Machine) -> None:
    machine.apt(update=f"touch {machine.root}/lists")
    machine.program("apt-cache", f'[ -e {machine.root}/lists ] && [ "$2" = lyrebird ]')
    assert machine.set_up()[0] == 0
    assert "tor gnupg lyrebird" in machine.log


def test_it_waits_while_another_program_fetches_the_lists(machine: Machine) -> None:
    machine.program("sleep", f"touch {machine.root}/free")
    machine.apt(update=f'[ -e {machine.root}/free ] || {{ echo "E: Could not get lock" >&2; exit 100; }}')
    code, told = machine.set_up()
    assert code == 0
    assert "lock" not in told


def test_what_only_an_administrator_finds_in_the_path_is_not_missing(machine: Machine) -> None:
    machine.has("tor", "gpg", "lyrebird", "ip", "unshare", "faketime", "curl", "tmux")
    nft = machine.root / "usr" / "sbin" / "nft"
    nft.write_text("#!/bin/sh\n")
    nft.chmod(0o755)
    machine.program("id", "echo 1000")
    assert machine.set_up("test") == (0, "")


def test_with_sudo_that_asks_nothing_it_installs(machine: Machine) -> None:
    machine.program("id", f"[ -e {machine.root}/sudo ] && echo 0 || echo 1000")
    machine.program("sudo", f'shift; [ "$1" = true ] && exit 0; touch {machine.root}/sudo; exec "$@"')
    assert machine.set_up()[0] == 0
    assert "policy says 101" in machine.log


def test_without_the_right_to_install_it_says_so_in_one_line(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    machine.program("sudo", "exit 1")
    code, told = machine.set_up()
    assert code == 1
    assert told.count("\n") == 1
    assert "tor gnupg obfs4proxy" in told
    assert "sudo sh" in told, "it says how to install Tor without starting it"
    assert machine.log == ""


def test_another_system_is_told_the_parts_in_one_line(machine: Machine) -> None:
    (machine.bin / "apt-get").unlink()
    code, told = machine.set_up("test")
    assert code == 1
    assert told.count("\n") == 1
    for part in ("tor", "gnupg", "nftables", "faketime"):
        assert part in told
