"""Print each promise and what was measured: python -m tests.bench."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.measure import Run, in_turn, line, until_painted, whole
from tests.lab import Lab

BIN = Path(sys.executable).parent
SAFECOMM = str(BIN / "safecomm")
BARE = (
    "from textual.app import App; from textual.widgets import Static\n"
    "class Bare(App[None]):\n"
    "    def compose(self): yield Static('BAREAPP')\n"
    "Bare().run()"
)
IDLE_S = 30.0
WAY_S = 0.1


def start_up() -> None:
    """safecomm --version against an empty Python."""
    ours, bare, ratio = in_turn(whole([SAFECOMM, "--version"]), whole([sys.executable, "-c", "pass"]), 25)
    print(line("safecomm --version / python -c pass", ratio, 2, f"{ours * 1e3:.0f} ms, {bare * 1e3:.0f} ms"))


def first_screen(folder: Path) -> None:
    """The first picture against a Textual app with one widget, both where there is no network at all."""
    (folder / "home").mkdir(mode=0o700)
    (folder / "home" / "tor-use").write_text("visible\n")
    env = {"SAFECOMM_HOME": str(folder / "home"), "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    ours = until_painted([*alone, SAFECOMM], b"SafeComm - public", env)
    bare = until_painted([*alone, sys.executable, "-c", BARE], b"BAREAPP", env)
    one, other, ratio = in_turn(ours, bare, 9)
    print(line("first screen / bare Textual app", ratio, 1.5, f"{one * 1e3:.0f} ms, {other * 1e3:.0f} ms"))


def healthy_check(lab: Lab, folder: Path) -> None:
    """A check against its slowest part, and against curl on a fresh circuit.

    The lab's cables have no length, so both are also told with a way to the first relay like the
    one that real circuits have: a round trip through three relays takes some 0.2 s and more
    (metrics.torproject.org, "Circuit round-trip latencies").
    """
    check, curl, parts = _check_and_curl(lab, folder)
    one, other, ratio = in_turn(check, curl, 15)
    parts.sort()
    print(line("check / its slowest part", parts[len(parts) // 2], 1.3, f"{len(parts)} runs, median"))
    print(
        f"      check / curl with cables of no length: {ratio:.2f}  {one * 1e3:.0f} ms, {other * 1e3:.0f} ms"
    )
    with lab.router.slow(WAY_S):
        lab.tor.restart(fresh=True)
        one, other, ratio = in_turn(check, curl, 15)
    lab.tor.restart(fresh=True)
    print(line("check / curl on a fresh circuit", ratio, 3, f"{one * 1e3:.0f} ms, {other * 1e3:.0f} ms"))


def _check_and_curl(lab: Lab, folder: Path) -> tuple[Run, Run, list[float]]:
    profile = lab.write_profile(folder / "profile.toml")
    url = lab.web.url("check")
    parts: list[float] = []
    count = iter(range(1_000_000))

    def check() -> float:
        begin = time.perf_counter()
        done = lab.client.run([SAFECOMM, "check", "--json", "--profile", str(profile)])
        taken = time.perf_counter() - begin
        report = json.loads(done.stdout)
        if report["verdict"] != "SAFE":
            raise SystemExit(f"not SAFE in the lab: {report['reasons']}")
        slowest = max(finding["duration_s"] for finding in report["findings"])
        parts.append(report["duration_s"] / slowest)
        return taken

    def curl() -> float:
        user = f"bench{next(count)}:x@127.0.0.1:9050"
        argv = ["curl", "-sS", "--cacert", str(folder / "ca.pem"), "--proxy", f"socks5h://{user}", url]
        begin = time.perf_counter()
        done = lab.client.run(argv)
        taken = time.perf_counter() - begin
        if done.returncode:
            raise SystemExit(done.stderr)
        return taken

    return check, curl, parts


def idle_watch(lab: Lab, folder: Path) -> None:
    """Processor time of a watch while nothing changes, in hundredths of a core."""
    profile = lab.write_profile(folder / "profile.toml")
    process = lab.client.popen([SAFECOMM, "check", "--watch", "--profile", str(profile)])
    time.sleep(6)
    watch = psutil.Process(process.pid)
    before = sum(watch.cpu_times()[:2])
    time.sleep(IDLE_S)
    used = (sum(watch.cpu_times()[:2]) - before) / IDLE_S * 100
    process.stop()
    print(line("an idle watch, % of a core", used, 1, f"over {IDLE_S:.0f} s"))


def turning(lab: Lab, folder: Path) -> None:
    """Seconds from the death of Tor to the report that says so, told by a watch."""
    profile = lab.write_profile(folder / "profile.toml")
    taken = []
    for _ in range(10):
        argv = [SAFECOMM, "check", "--watch", "--json", "--profile", str(profile)]
        process = lab.client.popen(argv, stdout=subprocess.PIPE)
        out = process.popen.stdout
        if out is None or json.loads(out.readline())["verdict"] != "SAFE":
            raise SystemExit("not SAFE in the lab")
        begin = time.perf_counter()
        lab.tor.kill()
        while (told := json.loads(out.readline())["verdict"]) != "NOT_SAFE":
            if told == "SAFE":
                raise SystemExit("not told")
        taken.append(time.perf_counter() - begin)
        process.stop()
        lab.tor.start()
    print(line("from the death of Tor to NOT SAFE, s", max(taken), 1, f"the slowest of {len(taken)}"))


def main() -> None:
    """All of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_up()
        first_screen(folder)
        with Lab.start() as lab:
            print(f"      the lab: from nothing to a connected client in {lab.boot_s:.1f} s")
            healthy_check(lab, folder)
            idle_watch(lab, folder)
            turning(lab, folder)


if __name__ == "__main__":
    main()
