"""Which connections are leaks, and to whom."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.leaks import direct_connections
from safecomm.checks.leaks.direct_connections import CHECK
from safecomm.core.errors import NotTold, Unavailable
from safecomm.core.profile import Destination, Profile
from safecomm.core.words import GOOD, Status
from safecomm.core.world import Connection
from tests.checks.world import FakeWorld, judged, look

NAMES = {"publish.example.org": ("198.18.0.10", "2001:db8::10"), "lan.example.org": ("192.168.1.7",)}
PROFILE = Profile(
    "test",
    destinations=(
        Destination("https://publish.example.org/"),
        Destination("https://lan.example.org/"),
        Destination("https://203.0.113.99:8443/"),
        Destination("http://" + "a" * 56 + ".onion/"),
    ),
)


def to(remote: str, port: int = 443, protocol: str = "tcp", tors: bool = False) -> Connection:
    return Connection(protocol, remote, port, 3121, "curl", tors)


def world(*connections: Connection, profile: Profile = PROFILE) -> FakeWorld:
    return FakeWorld(profile=profile, names=NAMES, open_now=connections)


@pytest.mark.parametrize(
    "connection",
    [
        to("198.18.0.10"),
        to("198.18.0.10", 22),
        to("198.18.0.10", 443, "udp"),
        to("198.18.0.10", 67, "udp"),
        to("2001:db8::10"),
        to("2001:0db8:0:0::10"),
        to("::ffff:198.18.0.10"),
        to("192.168.1.7"),
        to("203.0.113.99", 80),
    ],
)
def test_a_connection_to_where_you_publish_fails(connection: Connection) -> None:
    finding = judged(CHECK, world(connection))
    assert (finding.status, finding.cause) == (Status.FAIL, "direct_connection")
    assert finding.remedy is not None
    assert finding.remedy.text == 'Close "curl", then check again.'
    assert finding.remedy.guide == "start#other-programs"


@pytest.mark.parametrize(
    "connection",
    [to("198.18.0.9"), to("8.8.8.8", 53, "udp"), to("2001:db8::25", 993), to("100.64.0.1"), to("rubbish")],
)
def test_any_other_connection_is_advice(connection: Connection) -> None:
    finding = judged(CHECK, world(connection))
    assert (finding.status, finding.cause) == (Status.WARN, "other_connection")


@pytest.mark.parametrize(
    "connection",
    [
        to("127.0.0.1", 9050),
        to("::1", 9051),
        to("10.1.2.3", 22),
        to("192.168.1.1", 53, "udp"),
        to("169.254.1.1"),
        to("fe80::1%eth0"),
        to("fd00::1"),
        to("224.0.0.251", 5353, "udp"),
        to("239.255.255.250", 1900, "udp"),
        to("ff02::1:3", 5355, "udp"),
        to("255.255.255.255", 67, "udp"),
        to("198.51.100.1", 67, "udp"),
        to("198.51.100.2", 9001, tors=True),
        to("198.18.0.10", 443, tors=True),
    ],
)
def test_this_computer_its_network_and_tor_are_no_leak(connection: Connection) -> None:
    assert judged(CHECK, world(connection)).cause == "ok"


def test_the_evidence_names_the_program_and_the_place() -> None:
    evidence = judged(CHECK, world(to("198.18.0.10"), profile=PROFILE)).evidence
    assert set(evidence) == {"connections"}
    assert json.loads(json.dumps(evidence["connections"])) == [
        {
            "pid": 3121,
            "program": "curl",
            "remote": "198.18.0.10:443",
            "protocol": "tcp",
            "destination": True,
        }
    ]
    shown = json.dumps(judged(CHECK, world(to("2001:db8::10"))).evidence)
    assert "[2001:db8::10]:443" in shown


def test_the_dangerous_one_comes_first_and_the_others_are_told() -> None:
    finding = judged(CHECK, world(Connection("tcp", "198.51.100.1", 443, 1, "mail"), to("198.18.0.10")))
    assert finding.cause == "direct_connection"
    assert [problem.cause for problem in finding.also] == ["other_connection"]
    assert "curl" in json.dumps(finding.evidence).split("mail", maxsplit=1)[0]


def test_a_program_without_a_name_has_one() -> None:
    finding = judged(CHECK, world(Connection("tcp", "198.18.0.10", 443)))
    assert finding.remedy is not None
    assert '"a program of another account"' in finding.remedy.text


def test_a_destination_that_is_not_found_is_a_doubt() -> None:
    lost = Profile("test", destinations=(Destination("https://gone.example.org/"),))
    finding = judged(CHECK, world(to("198.51.100.1"), profile=lost))
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "destination_not_found")
    assert judged(CHECK, world(profile=lost)).cause == "destination_not_found"


@dataclass(kw_only=True)
class Turning(FakeWorld):
    """Names have another address each time; none is told when Tor is gone."""

    turn: int = 0
    gone: bool = False

    async def resolve(self, host: str) -> tuple[str, ...]:
        if self.gone:
            raise Unavailable("entry.socks_is_tor")
        self.turn += 1
        return (f"198.18.0.{self.turn}",)


ONE = Profile("test", destinations=(Destination("https://cdn.example.org/"),))


@pytest.mark.parametrize("address", ["198.18.0.1", "198.18.0.2"])
def test_every_address_that_an_exit_tells_counts(address: str) -> None:
    assert judged(CHECK, Turning(profile=ONE, open_now=(to(address),))).cause == "direct_connection"


def test_without_tor_a_literal_address_is_still_found() -> None:
    literal = Profile("test", destinations=(*ONE.destinations, Destination("https://198.18.0.10/")))
    seen = Turning(profile=literal, open_now=(to("198.18.0.10"),), gone=True)
    finding = judged(CHECK, seen)
    assert finding.cause == "direct_connection"
    assert [problem.cause for problem in finding.also] == ["destination_not_found"]


def test_a_slow_name_does_not_hide_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct_connections, "RESOLVE_S", 0.0)
    literal = Profile("test", destinations=(*ONE.destinations, Destination("https://198.18.0.10/")))
    assert judged(CHECK, Turning(profile=literal, open_now=(to("198.18.0.10"),))).cause == "direct_connection"


def test_what_the_system_does_not_show_is_not_told() -> None:
    with pytest.raises(NotTold):
        look(CHECK, FakeWorld(profile=PROFILE, names=NAMES))


PLACES = st.sampled_from(["198.18.0.10", "2001:db8::10", "192.168.1.7", "203.0.113.99", "::ffff:198.18.0.10"])
OTHERS = st.lists(st.ip_addresses().map(lambda address: to(str(address))), max_size=5)


@given(PLACES, st.integers(1, 65535), st.sampled_from(["tcp", "udp"]), OTHERS)
def test_no_connection_to_a_destination_is_ever_good(
    place: str, port: int, protocol: str, others: list[Connection]
) -> None:
    assert judged(CHECK, world(*others, to(place, port, protocol))).status not in GOOD
