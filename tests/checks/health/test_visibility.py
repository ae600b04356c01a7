"""When Tor is hidden, and when it only looks so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.health.visibility import CHECK, Visibility
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import GOOD, Status, Use
from safecomm.run import conclude_check
from safecomm.tor.settings import parse_settings
from tests.checks.world import FakeWorld, judged

BRIDGE = "Bridge obfs4 192.0.2.7:443 9695DFC35FFEB861329B9F1AB04C46397020CE31 cert=abc iat-mode=0\n"
PLAIN = "Bridge 192.0.2.8:443 9695DFC35FFEB861329B9F1AB04C46397020CE31\n"
SIX = "Bridge [2001:db8::7]:443\n"
PLUGIN = "ClientTransportPlugin meek_lite,obfs4,webtunnel exec /home/anna/lyrebird\n"
ON = "UseBridges 1\n"


def profile(use: Use | None) -> Profile:
    return Profile("test", tor=TorSettings(use=use))


def world(text: str, use: Use | None = Use.HIDDEN) -> FakeWorld:
    return FakeWorld(profile=profile(use), settings=parse_settings(text))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (ON + BRIDGE + PLUGIN, "ok"),
        ("usebridges 1\nbridge" + BRIDGE.removeprefix("Bridge") + PLUGIN, "ok"),
        ("", "direct"),
        (BRIDGE + PLUGIN, "direct"),
        ("UseBridges 0\n" + BRIDGE + PLUGIN, "direct"),
        (ON + PLUGIN, "no_bridges"),
        (ON + PLAIN, "plain_bridge"),
        (ON + SIX + PLUGIN, "plain_bridge"),
        (ON + BRIDGE + PLAIN + PLUGIN, "plain_bridge"),
        (ON + BRIDGE, "no_transport"),
        (ON + BRIDGE + "ClientTransportPlugin snowflake exec /usr/bin/snowflake-client\n", "no_transport"),
        (ON + BRIDGE + "ClientTransportPlugin obfs4\n", "no_transport"),
        (ON + BRIDGE + "ClientTransportPlugin obfs4 socks5 127.0.0.1:4711\n", "ok"),
        (
            ON + "Bridge obfs2 192.0.2.7:443\nClientTransportPlugin obfs2 exec /bin/obfs4proxy\n",
            "seen_through",
        ),
        (ON + BRIDGE + PLUGIN + "UpdateBridgesFromAuthority 1\n", "asks_authority"),
        (ON + BRIDGE + PLUGIN + "ORPort 9001\n", "is_relay"),
        (ON + BRIDGE + PLUGIN + "ORPort 0\n", "ok"),
    ],
)
def test_hidden_means_only_by_bridges_with_a_transport(text: str, cause: str) -> None:
    finding = judged(CHECK, world(text))
    assert finding.cause == cause
    assert finding.status is (Status.PASS if cause == "ok" else Status.FAIL)


@pytest.mark.parametrize(
    ("use", "policy", "cause"),
    [
        (Use.VISIBLE, Policy(), "visible"),
        (Use.VISIBLE, Policy(hidden=True), "direct"),
        (Use.HIDDEN, Policy(), "direct"),
        (None, Policy(), "undecided"),
        (None, Policy(hidden=True), "direct"),
    ],
)
def test_a_direct_tor_is_fine_only_if_it_may_be_seen(use: Use | None, policy: Policy, cause: str) -> None:
    assert judged(CHECK, world("", use), policy).cause == cause


@pytest.mark.parametrize(("use", "required"), [(Use.HIDDEN, True), (Use.VISIBLE, False), (None, False)])
def test_it_is_required_where_tor_must_be_hidden(use: Use | None, required: bool) -> None:
    assert CHECK.required(profile(use)) is required


def test_no_bridge_is_in_the_evidence() -> None:
    shown = json.dumps(judged(CHECK, world(ON + BRIDGE + PLAIN + PLUGIN)).evidence)
    for secret in ("192.0.2", "9695DF", "cert", "anna"):
        assert secret not in shown


TRANSPORTS = st.lists(st.sampled_from(["obfs4", "obfs2", "?"])).map(tuple)
HIDDEN = st.builds(
    Visibility,
    st.just("hidden"),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 3),
    TRANSPORTS,
    TRANSPORTS,
)


@given(HIDDEN)
def test_nothing_that_can_be_seen_is_ever_good(seen: Visibility) -> None:
    if conclude_check(CHECK, seen, Policy(), True).status in GOOD:
        assert seen.use_bridges
        assert seen.bridges
        assert not seen.plain
        assert set(seen.transports) == {"obfs4"} <= set(seen.plugins)


@given(st.text())
def test_no_text_breaks_the_reading_or_hides_tor(text: str) -> None:
    finding = judged(
        CHECK, FakeWorld(profile=profile(Use.HIDDEN), settings={"UseBridges": ("1",), "Bridge": (text,)})
    )
    assert finding.status is Status.FAIL
