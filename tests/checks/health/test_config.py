"""What of Tor's settings fails, what is advice, and what is fine."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stem.control import Controller

from safecomm.checks.health.config import CHECK, KINDS, KNOWN, RULES
from safecomm.core.errors import NotTold
from safecomm.core.policy import Policy
from safecomm.core.words import GOOD, Status
from safecomm.core.world import ControlSeen
from safecomm.tor.control import open_control
from safecomm.tor.settings import parse_listeners, parse_settings
from tests.checks.world import FakeWorld, judged, look
from tests.tor.offline import offline_tor

FINGERPRINT = "9695DFC35FFEB861329B9F1AB04C46397020CE31"
DOORS = {
    **dict.fromkeys(KINDS, ()),
    "socks": ("127.0.0.1:9050",),
    "control": ("127.0.0.1:9051", "unix:/run/tor/control"),
}
LAB = """
TestingTorNetwork 1
DirAuthority auth0 orport=9001 no-v2 v3ident=ABCD 198.18.1.1:9030 ABCD
EnforceDistinctSubnets 0
ClientRejectInternalAddresses 0
"""
DEBIAN = """
CookieAuthentication 1
CookieAuthFileGroupReadable 1
ControlSocket /run/tor/control GroupWritable RelaxDirModeCheck
DataDirectory /var/lib/tor
Log notice syslog
RunAsDaemon 1
SocksPort unix:/run/tor/socks WorldWritable
SocksPort 9050
User debian-tor
"""
TOR_BROWSER = """
ClientOnionAuthDir /home/anna/tor-browser/Browser/TorBrowser/Data/Tor/onion-auth
DataDirectory /home/anna/tor-browser/Browser/TorBrowser/Data/Tor
DormantCanceledByStartup 1
HashedControlPassword 16:872860B76453A77D60CA2BB8C1A7042072093276A3D701AD684053EC4C
UseBridges 1
Bridge obfs4 192.0.2.7:443 9695DFC35FFEB861329B9F1AB04C46397020CE31 cert=abc iat-mode=0
SocksPort 127.0.0.1:9150 IPv6Traffic PreferIPv6 KeepAliveIsolateSOCKSAuth ExtendedErrors
"""


def world(
    text: str = "",
    method: str = "cookie+safecookie",
    doors: Mapping[str, tuple[str, ...]] = DOORS,
) -> FakeWorld:
    return FakeWorld(
        settings=parse_settings(text), listening=doors, control_seen=ControlSeen("ok", method=method)
    )


@pytest.mark.parametrize("text", ["", DEBIAN, TOR_BROWSER, "ConnectionPadding 1", "SafeSocks 1", "Sandbox 1"])
def test_usual_settings_are_fine(text: str) -> None:
    finding = judged(CHECK, world(text))
    assert (finding.status, finding.cause, finding.also) == (Status.PASS, "ok", ())


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("ExitNodes {de}", "exits_pinned"),
        ("exitnodes {de}", "exits_pinned"),
        (f"ExitNodes {FINGERPRINT},{FINGERPRINT}", "exits_pinned"),
        ("EntryNodes {de}", "entries_pinned"),
        ("ReachableAddresses 203.0.113.7:9001", "entries_pinned"),
        ("MiddleNodes {de}", "middles_pinned"),
        (f"MapAddress www.example.com www.example.com.{FINGERPRINT}.exit", "site_exit_pinned"),
        ("HiddenServiceSingleHopMode 1", "not_anonymous"),
        ("HiddenServiceNonAnonymousMode 1", "not_anonymous"),
        ("DirAuthority auth0 orport=9001 198.51.100.1:9030 ABCD", "own_authorities"),
        ("AlternateDirAuthority auth0 orport=9001 198.51.100.1:9030 ABCD", "own_authorities"),
        ("TestingTorNetwork 1", "testing_network"),
        ("UseEntryGuards 0", "no_guards"),
        ("EnforceDistinctSubnets 0", "same_network"),
        ("MaxCircuitDirtiness 3601", "long_circuits"),
        ("MaxCircuitDirtiness 30 days", "long_circuits"),
        ("SafeLogging 0", "log_shows_sites"),
        ("SafeLogging relay", "log_shows_sites"),
        ("Log debug file /home/anna/tor.log", "log_kept"),
        ("Log [rend]info [*,~rend]notice syslog", "log_kept"),
        ("WarnUnsafeSocks 0", "unsafe_socks"),
        ("__LeaveStreamsUnattached 1", "steered"),
        ("SocksPort 0.0.0.0:9050", "socks_open"),
        ("ControlPort [2001:db8::1]:9051", "control_open"),
        ("DNSPort 192.168.1.5:53", "door_open"),
        ("HTTPTunnelPort 0.0.0.0:8118", "door_open"),
    ],
)
def test_what_undoes_tor_fails(line: str, cause: str) -> None:
    finding = judged(CHECK, world(DEBIAN + line))
    assert (finding.status, finding.cause) == (Status.FAIL, cause)


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("ExitNodes {de},{fr},{se}", "choice_limited"),
        ("ExcludeNodes {aa},{bb}", "relays_excluded"),
        ("ExcludeExitNodes {aa}\nStrictNodes 1", "relays_excluded"),
        ("HSLayer2Nodes " + FINGERPRINT, "onion_ways_limited"),
        ("ReachableAddresses *:80,*:443", "entries_limited"),
        ("FascistFirewall 1", "entries_limited"),
        ("NumEntryGuards 8", "many_guards"),
        ("GuardLifetime 172800", "many_guards"),
        ("VanguardsLiteEnabled 0", "no_vanguards"),
        ("ConnectionPadding 0", "less_padding"),
        ("ReducedCircuitPadding 1", "less_padding"),
        ("MaxCircuitDirtiness 1800", "longer_circuits"),
        ("MaxCircuitDirtiness 10", "short_circuits"),
        ("SocksPort 9060 NoIsolateSOCKSAuth", "not_isolated"),
        ("SocksPort 9060 UseDNSCache", "names_cached"),
        ("TrackHostExits .", "exits_kept"),
        ("MapAddress www.example.com 192.0.2.9", "addresses_mapped"),
        ("Socks5Proxy 192.0.2.9:1080", "upstream_proxy"),
        ("HTTPSProxy 192.0.2.9:3128", "upstream_proxy"),
        ("FallbackDir 192.0.2.9 orport=9001 id=" + FINGERPRINT, "own_fallbacks"),
        ("ClientDNSRejectInternalAddresses 0", "inner_addresses"),
        ("PathsNeededToBuildCircuits 0.250000", "few_relays_known"),
        ("FetchServerDescriptors 0", "no_fetching"),
        ("LongLivedPorts 21,22,443", "steady_relays_only"),
        ("PathBiasExtremeRate 0.000000", "bad_ways_ignored"),
        ("UseMicrodescriptors 0", "stands_out"),
        ("ORPort 9001", "is_relay"),
        ("MetricsPort 127.0.0.1:9035", "metrics"),
        ("Log info stdout", "verbose_log"),
        ("DisableDebuggerAttachment 0", "memory_open"),
    ],
)
def test_what_weakens_tor_is_advice(line: str, cause: str) -> None:
    finding = judged(CHECK, world(DEBIAN + line))
    assert (finding.status, finding.cause) == (Status.WARN, cause)
    assert not finding.also
    assert line.split(maxsplit=1)[0] in finding.summary


def test_an_announced_private_network_is_expected_and_the_rest_of_the_rules_holds() -> None:
    lab = Policy(private_network=True)
    assert judged(CHECK, world(LAB), lab).cause == "ok"
    assert judged(CHECK, world(LAB)).status is Status.FAIL
    assert judged(CHECK, world(LAB + "ExitNodes {de}"), lab).cause == "exits_pinned"


@pytest.mark.parametrize(
    ("text", "method", "control", "cause"),
    [
        ("ControlPort 9051", "none", ("127.0.0.1:9051",), "control_unlocked"),
        ("ControlPort 9051", "cookie+safecookie", ("127.0.0.1:9051",), "ok"),
        ("ControlPort 9051", "password", ("127.0.0.1:9051",), "ok"),
        ("ControlPort 9051", "", ("127.0.0.1:9051",), "control_unlocked"),
        ("ControlPort 9051\nCookieAuthentication 1", "", ("127.0.0.1:9051",), "ok"),
        ("ControlPort 9051\nHashedControlPassword 16:AA", "", ("127.0.0.1:9051",), "ok"),
        ("ControlSocket /run/tor/control", "none", ("unix:/run/tor/control",), "ok"),
        ("ControlPort unix:/tmp/c WorldWritable", "none", ("unix:/tmp/c",), "control_unlocked"),
        ("ControlPort unix:/tmp/c WorldWritable", "cookie", ("unix:/tmp/c",), "ok"),
        ("ControlPort 0.0.0.0:9051", "password", ("0.0.0.0:9051",), "control_open"),
        ("ControlPort 9051", "cookie", (), "not_seen"),
    ],
)
def test_the_control_port_needs_a_lock(text: str, method: str, control: tuple[str, ...], cause: str) -> None:
    assert judged(CHECK, world(text, method, {**DOORS, "control": control})).cause == cause


@pytest.mark.parametrize(
    ("kind", "address", "cause"),
    [
        ("socks", "0.0.0.0:9050", "socks_open"),
        ("socks", "192.168.1.5:9050", "socks_open"),
        ("socks", "[::]:9050", "socks_open"),
        ("trans", "10.0.0.1:9040", "door_open"),
        ("socks", "[::1]:9050", "ok"),
        ("socks", "unix:/run/tor/socks", "ok"),
    ],
)
def test_a_port_that_no_setting_names_is_seen_all_the_same(kind: str, address: str, cause: str) -> None:
    assert judged(CHECK, world(doors={**DOORS, kind: (*DOORS[kind], address)})).cause == cause


def test_every_danger_is_told() -> None:
    finding = judged(CHECK, world("SafeLogging 0\nExitNodes {de}\nConnectionPadding 0"))
    told = {finding.cause, *(problem.cause for problem in finding.also)}
    assert told == {"exits_pinned", "log_shows_sites", "less_padding"}


def test_silence_is_not_a_setting() -> None:
    for silent in (FakeWorld(listening=DOORS), FakeWorld(settings={}, listening={"control": ("x:1",)})):
        with pytest.raises(NotTold):
            look(CHECK, silent)


def test_the_evidence_gives_nobody_away() -> None:
    text = (
        DEBIAN
        + TOR_BROWSER
        + f"""
EntryNodes {FINGERPRINT}
MapAddress secret.example.com secret.example.com.{FINGERPRINT}.exit
HiddenServiceDir /home/anna/service
HiddenServicePort 80 127.0.0.1:8080
Log debug file /home/anna/tor.log
Socks5Proxy 192.0.2.9:1080
Socks5ProxyPassword hunter2
TrackHostExits secret.example.com
"""
    )
    shown = json.dumps(judged(CHECK, world(text)).evidence)
    for secret in ("anna", FINGERPRINT, "16:87", "192.0.2", "hunter2", "secret.example", "cert=", "/run"):
        assert secret not in shown


@pytest.mark.parametrize("code", RULES)
def test_every_rule_names_the_setting(code: str) -> None:
    option, _ = RULES[code].example
    assert option in RULES[code].tests
    assert "{option}" in RULES[code].summary


@given(st.dictionaries(st.sampled_from(sorted({n for r in RULES.values() for n in r.tests})), st.text()))
def test_no_value_breaks_it_and_a_danger_beside_it_is_never_good(options: Mapping[str, str]) -> None:
    settings = {name: (value,) for name, value in options.items()}
    seen = FakeWorld(settings={**settings, "UseEntryGuards": ("0",)}, listening=DOORS)
    assert judged(CHECK, seen).status not in GOOD


def read_real(folder: Path, *lines: str) -> FakeWorld:
    with offline_tor(folder, lines) as tor:
        control = open_control(tor.control, None, lambda _: None)
        listening = {kind: parse_listeners(control.info(f"net/listeners/{kind}")) for kind in KINDS}
        settings = control.options(KNOWN)
        method = control.method
        control.close()
    return FakeWorld(settings=settings, listening=listening, control_seen=ControlSeen("ok", method=method))


def test_a_real_tor_as_it_comes_is_fine(tmp_path: Path) -> None:
    finding = judged(CHECK, read_real(tmp_path / "tor", "CookieAuthentication 1"))
    assert finding.cause == "ok", finding


def effective(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every setting in force that a rule looks at, by GETCONF: Tor's own defaults are among them."""
    names = sorted({name for rule in RULES.values() for name in rule.tests})
    settings: dict[str, tuple[str, ...]] = {}
    with (
        offline_tor(folder) as tor,
        Controller.from_port(port=int(tor.control.rpartition(":")[2])) as controller,
    ):
        controller.authenticate()
        for name in names:
            for _, _, line in controller.msg(f"GETCONF {name}").content():
                option, given, value = line.partition("=")
                if given:
                    settings[option] = (*settings.get(option, ()), value)
    return settings


def test_tors_own_defaults_are_never_wrong(tmp_path: Path) -> None:
    settings = effective(tmp_path / "tor")
    assert settings["SafeLogging"] == ("1",)
    finding = judged(CHECK, FakeWorld(settings=settings, listening=DOORS))
    told = {finding.cause, *(problem.cause for problem in finding.also)}
    assert told == {"control_unlocked"}, "FakeWorld names no lock; nothing else may be told"


def test_a_real_tor_tells_what_is_wrong(tmp_path: Path) -> None:
    finding = judged(
        CHECK,
        read_real(
            tmp_path / "tor",
            "exitnodes {de}",
            "SafeLogging 0",
            "MaxCircuitDirtiness 2 hours",
            "EnforceDistinctSubnets 0",
            "PathBiasWarnRate 0",
            "PathsNeededToBuildCircuits 0.3",
            "GuardLifetime 2 days",
            f"Log debug file {tmp_path / 'log'}",
            f"MapAddress www.example.com www.example.com.{FINGERPRINT}.exit",
        ),
    )
    told = {finding.cause, *(problem.cause for problem in finding.also)}
    assert told == {
        "control_unlocked",
        "exits_pinned",
        "log_shows_sites",
        "long_circuits",
        "same_network",
        "bad_ways_ignored",
        "few_relays_known",
        "many_guards",
        "log_kept",
        "site_exit_pinned",
    }
