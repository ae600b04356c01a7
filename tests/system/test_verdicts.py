"""The table of worlds: in each one fault is injected into a real Tor network, and must be named."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.lab import Lab
from tests.lab.plan import Role, nodes
from tests.system.safecomm import check

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]

CODES = {"SAFE": 0, "NOT_SAFE": 3, "CANNOT_CONFIRM": 4}
Fault = Callable[[Lab], AbstractContextManager[Any]]


def nothing(_: Lab) -> AbstractContextManager[None]:
    return nullcontext()


def web(**modes: str) -> Fault:
    """Services behave like this."""

    @contextmanager
    def fault(lab: Lab) -> Iterator[None]:
        for service, mode in modes.items():
            lab.web.set(service, mode)
        yield
        lab.web.reset()

    return fault


def tor(*lines: str, **how: Any) -> Fault:
    """The user's Tor is set up like this."""

    @contextmanager
    def fault(lab: Lab) -> Iterator[None]:
        lab.tor.restart(lines, **how)
        yield
        lab.tor.restart()

    return fault


@contextmanager
def tor_stopped(lab: Lab) -> Iterator[None]:
    lab.tor.stop()
    yield
    lab.tor.start()


@contextmanager
def plain_proxy_instead_of_tor(lab: Lab) -> Iterator[None]:
    lab.tor.stop()
    proxy = lab.plain_socks(9050)
    lab.web.set("check", "says_yes")
    yield
    proxy.stop()
    lab.web.reset()
    lab.tor.start()


@contextmanager
def plain_proxy_beside_a_real_tor(lab: Lab) -> Iterator[None]:
    lab.tor.restart(["SocksPort 127.0.0.1:9150"])
    proxy = lab.plain_socks(9050)
    yield
    proxy.stop()
    lab.tor.restart()


def fake_control(behaviour: str) -> Fault:
    @contextmanager
    def fault(lab: Lab) -> Iterator[None]:
        lab.tor.restart(control="none")
        impostor = lab.fake_control(9051, behaviour)
        yield
        impostor.stop()
        lab.tor.restart()

    return fault


@contextmanager
def network_cut(lab: Lab) -> Iterator[None]:
    lab.router.censor()
    yield
    lab.router.lift()
    lab.tor.restart()


@contextmanager
def blocked_from_the_start(lab: Lab) -> Iterator[None]:
    lab.router.censor(how="reset")
    lab.tor.restart(fresh=True, wait=False)
    yield
    lab.router.lift()
    lab.tor.restart()


@contextmanager
def exits_pinned(lab: Lab) -> Iterator[None]:
    lab.tor.restart(lab.pin_exit("exit1"))
    yield
    lab.tor.restart()


@contextmanager
def another_key_at_one_of_two_exits(lab: Lab) -> Iterator[None]:
    """Only two exits are left, so that every run sees both."""
    third = nodes(Role.EXIT)[2]
    lab.tor.restart([f"ExcludeExitNodes {lab.network.fingerprint(third)}"])
    lab.web.set("publish", f"key_per_exit:{nodes(Role.EXIT)[0].address}")
    yield
    lab.web.reset()
    lab.tor.restart()


@contextmanager
def another_program_at_the_destination(lab: Lab) -> Iterator[None]:
    script = "import socket, time; s = socket.create_connection(('151.101.65.140', 443)); time.sleep(60)"
    leaker = lab.client.popen(["python3", "-c", script])
    time.sleep(0.5)
    yield
    leaker.stop()


@contextmanager
def another_program_elsewhere(lab: Lab) -> Iterator[None]:
    script = "import socket, time; s = socket.create_connection(('34.117.59.81', 443)); time.sleep(60)"
    other = lab.client.popen(["python3", "-c", script])
    time.sleep(0.5)
    yield
    other.stop()


@dataclass(frozen=True)
class World:
    """A name that reads like prose, the fault, and what must be said of it: verdict, check, cause."""

    name: str
    fault: Fault
    verdict: str
    check: str = "entry.socks_is_tor"
    cause: str = "ok"
    env: dict[str, str] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    wrap: tuple[str, ...] = ()


def off_by(hours: int) -> tuple[str, ...]:
    return ("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", f"{hours:+d}h")


NO_TOR: dict[str, Any] = {"tor": {"control": "127.0.0.1:9999", "socks": "127.0.0.1:9998"}}
WORLDS = (
    World("a healthy Tor", nothing, "SAFE"),
    World("a healthy Tor through a bridge, hidden", tor(bridge=True), "SAFE", profile={"bridge": True}),
    World(
        "a password for the control port",
        tor(control="password"),
        "SAFE",
        profile={"password": "correct horse battery staple"},
    ),
    World("Tor is stopped", tor_stopped, "NOT_SAFE", "entry.control", "not_running"),
    World(
        "nothing where the profile says", nothing, "NOT_SAFE", "entry.control", "not_running", profile=NO_TOR
    ),
    World("a control port that is closed", tor(control="none"), "CANNOT_CONFIRM", "entry.control", "refused"),
    World(
        "a wrong password",
        tor(control="password"),
        "CANNOT_CONFIRM",
        "entry.control",
        "wrong_password",
        profile={"password": "guess"},
    ),
    World(
        "a password is needed", tor(control="password"), "CANNOT_CONFIRM", "entry.control", "password_needed"
    ),
    World(
        "a control port that babbles", fake_control("rubbish"), "CANNOT_CONFIRM", "entry.control", "not_tor"
    ),
    World(
        "a control port that is silent",
        fake_control("silence"),
        "CANNOT_CONFIRM",
        "entry.control",
        "no_answer",
    ),
    World(
        "a control port that never ends its line",
        fake_control("endless_line"),
        "CANNOT_CONFIRM",
        "entry.control",
        "not_tor",
    ),
    World(
        "Tor is blocked from the start", blocked_from_the_start, "CANNOT_CONFIRM", "entry.bootstrapped", ""
    ),
    World(
        "the network is cut while Tor says 100 %",
        network_cut,
        "CANNOT_CONFIRM",
        "entry.socks_is_tor",
        "no_stream",
    ),
    World(
        "a plain proxy where Tor's port should be, Tor elsewhere",
        plain_proxy_beside_a_real_tor,
        "NOT_SAFE",
        "entry.socks_is_tor",
        "not_this_tor",
    ),
    World(
        "a plain proxy, no Tor at all",
        plain_proxy_instead_of_tor,
        "CANNOT_CONFIRM",
        "entry.control",
        "refused",
    ),
    World(
        "the check service is down",
        web(check="down", ip1="down"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "too_few",
    ),
    World("one of three services is down", web(ip1="down"), "SAFE", "entry.exit_agreement", "some_silent"),
    World(
        "the check service says no",
        web(check="says_no"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "says_not_tor",
    ),
    World(
        "a service lies about the address",
        web(ip1="wrong_ip"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "disagree",
    ),
    World(
        "one service shows our own address",
        web(ip1="own_ip"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "own_address_once",
    ),
    World(
        "two services show our own address",
        web(ip1="own_ip", ip2="own_ip"),
        "NOT_SAFE",
        "entry.exit_agreement",
        "own_address",
    ),
    World(
        "a service with an untrusted certificate",
        web(check="untrusted_cert"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "untrusted_certificate",
    ),
    World(
        "services that talk rubbish",
        web(check="not_json", ip1="not_utf8", ip2="ok"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "too_few",
    ),
    World(
        "services that send 100 MB and drip",
        web(check="big", ip1="trickle"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "too_few",
    ),
    World(
        "services that redirect for ever",
        web(check="redirect_loop", ip1="redirect_loop"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "too_few",
    ),
    World(
        "services that never answer",
        web(check="silent", ip1="silent"),
        "CANNOT_CONFIRM",
        "entry.exit_agreement",
        "too_few",
    ),
    World("the onion page is down", web(onion="down"), "CANNOT_CONFIRM", "entry.onion", "none_answers"),
    World(
        "a clock three hours slow", nothing, "NOT_SAFE", "health.consensus", "from_future", wrap=off_by(-3)
    ),
    World("a clock three hours fast", nothing, "NOT_SAFE", "health.clock", "fast", wrap=off_by(3)),
    World(
        "a SOCKS port open to the network",
        tor("SocksPort 0.0.0.0:9050"),
        "NOT_SAFE",
        "health.config",
        "socks_open",
    ),
    World(
        "Tor writes down the sites that are visited",
        tor("SafeLogging 0"),
        "NOT_SAFE",
        "health.config",
        "log_shows_sites",
    ),
    World("the way out is pinned to one exit", exits_pinned, "NOT_SAFE", "health.config", "exits_pinned"),
    World(
        "a control port that asks for no password",
        tor(control="open"),
        "NOT_SAFE",
        "health.config",
        "control_unlocked",
    ),
    World(
        "must stay hidden, but Tor goes directly",
        nothing,
        "NOT_SAFE",
        "health.visibility",
        "direct",
        profile={"tor": {"use": "hidden"}},
    ),
    World(
        "a proxy variable that points elsewhere",
        nothing,
        "NOT_SAFE",
        "leaks.environment",
        "elsewhere",
        env={"https_proxy": "http://91.64.12.1:3128"},
    ),
    World(
        "a proxy variable that leaks names",
        nothing,
        "NOT_SAFE",
        "leaks.environment",
        "names_leak",
        env={"ALL_PROXY": "socks5://127.0.0.1:9050"},
    ),
    World(
        "a proxy variable for this Tor",
        nothing,
        "SAFE",
        "leaks.environment",
        "ok",
        env={"ALL_PROXY": "socks5h://127.0.0.1:9050"},
    ),
    World(
        "another program talks to the destination",
        another_program_at_the_destination,
        "NOT_SAFE",
        "leaks.direct_connections",
        "direct_connection",
    ),
    World(
        "another program talks to somebody else",
        another_program_elsewhere,
        "SAFE",
        "leaks.direct_connections",
        "other_connection",
    ),
    World(
        "the destination's certificate is not trusted",
        web(publish="untrusted_cert"),
        "NOT_SAFE",
        "tampering.destination",
        "untrusted",
    ),
    World(
        "the destination's certificate has expired",
        web(publish="expired_cert"),
        "NOT_SAFE",
        "tampering.destination",
        "expired",
    ),
    World(
        "the destination's certificate is for another name",
        web(publish="wrong_name_cert"),
        "NOT_SAFE",
        "tampering.destination",
        "wrong_name",
    ),
    World(
        "the destination shows another key at one exit",
        another_key_at_one_of_two_exits,
        "NOT_SAFE",
        "tampering.destination",
        "different_keys",
    ),
    World(
        "the destination is down",
        web(publish="down"),
        "CANNOT_CONFIRM",
        "tampering.destination",
        "no_connection",
    ),
    World(
        "the destination redirects elsewhere",
        web(publish="redirect_elsewhere"),
        "CANNOT_CONFIRM",
        "tampering.destination",
        "redirect",
    ),
    World(
        "the destination answers with an error",
        web(publish="error500"),
        "CANNOT_CONFIRM",
        "tampering.destination",
        "http_status",
    ),
    World(
        "no destination is given",
        nothing,
        "SAFE",
        "tampering.destination",
        "no_destination",
        profile={"destinations": []},
    ),
    World(
        "nobody has answered whether Tor may be seen",
        nothing,
        "CANNOT_CONFIRM",
        "entry.control",
        "use_unanswered",
        profile={"tor": {"use": None}},
    ),
)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_each_world_gets_its_verdict_and_its_cause(world: World, lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml", **world.profile)
    with world.fault(lab):
        told = check(lab, profile, env=world.env, wrap=world.wrap)
    findings = [(f["check"], f["status"], f["cause"]) for f in told.report["findings"]]
    assert told.verdict == world.verdict, findings
    assert told.code == CODES[world.verdict]
    assert told.report["private_network"] is True
    if world.cause:
        assert world.cause in told.causes(world.check), told.finding(world.check)
    if world.verdict != "SAFE":
        assert world.check in told.report["reasons"], findings


def test_an_obsolete_tor_is_named(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    lab.authorities.recommend("9.9.9.9")
    try:
        lab.tor.restart(fresh=True)
        told = check(lab, profile)
    finally:
        lab.authorities.recommend(None)
        lab.tor.restart(fresh=True)
    assert (told.verdict, told.finding("health.version")["cause"]) == ("NOT_SAFE", "obsolete")
    assert check(lab, profile).finding("health.version")["cause"] == "ok"


def test_a_stale_consensus_is_named(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml", policy={"clock_tolerance_s": 5})
    lab.authorities.stop()
    try:
        time.sleep(70)
        told = check(lab, profile)
    finally:
        lab.authorities.start()
        lab.tor.restart(fresh=True)
    assert told.verdict == "CANNOT_CONFIRM"
    assert told.finding("health.consensus")["cause"] == "expired"
    assert any(healthy(lab, profile) for _ in range(30)), "the lab did not recover"


def healthy(lab: Lab, profile: Path) -> bool:
    """Whether it is safe now; else wait a little."""
    safe = check(lab, profile).verdict == "SAFE"
    if not safe:
        time.sleep(2)
    return safe
