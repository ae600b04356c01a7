"""What ties a SOCKS port to this Tor, and what does not."""

import pytest

from safecomm.checks.entry.socks_is_tor import CHECK
from safecomm.core.errors import NotTold
from safecomm.core.profile import Destination, Profile, Service
from safecomm.core.words import Status
from safecomm.core.world import StreamSeen
from tests.checks.world import GOOD_STREAM, PATH, SOCKS, FakeWorld, judged, look

ONE, TWO, DROP = "check.example.org", "echo.example.net", "drop.example.com"
PROFILE = Profile(
    "test",
    tor_check=(Service(f"https://{ONE}/"),),
    ip_echo=(Service(f"http://{TWO}:8080/"),),
    destinations=(Destination(f"https://{DROP}/"),),
)
UNSEEN = StreamSeen(succeeded=True)
ELSEWHERE = StreamSeen(True, False, True, path=PATH)
SHORT = StreamSeen(True, True, True, path=PATH[:1])
UNKNOWN_PATH = StreamSeen(True, True, True)
LOST = StreamSeen(True, True, reason="TIMEOUT")


def world(*streams: StreamSeen, listening: tuple[str, ...] = (SOCKS,), socks: str = SOCKS) -> FakeWorld:
    probes = dict(zip((ONE, TWO, DROP), streams, strict=False))
    return FakeWorld(profile=PROFILE, socks=socks, listening={"socks": listening}, probes=probes)


@pytest.mark.parametrize(
    ("streams", "status", "cause"),
    [
        ((GOOD_STREAM,), Status.PASS, "ok"),
        ((LOST, GOOD_STREAM), Status.PASS, "ok"),
        ((UNSEEN, UNSEEN, UNSEEN), Status.FAIL, "carried_by_another"),
        ((UNSEEN, LOST, LOST), Status.FAIL, "carried_by_another"),
        ((SHORT, SHORT, SHORT), Status.FAIL, "too_short"),
        ((ELSEWHERE, ELSEWHERE, ELSEWHERE), Status.UNKNOWN, "not_our_stream"),
        ((UNKNOWN_PATH, LOST, LOST), Status.UNKNOWN, "no_stream"),
        ((LOST, LOST, LOST), Status.UNKNOWN, "no_stream"),
    ],
)
def test_only_a_stream_that_tor_reports_as_ours_proves_it(
    streams: tuple[StreamSeen, ...], status: Status, cause: str
) -> None:
    finding = judged(CHECK, world(*streams))
    assert (finding.status, finding.cause) == (status, cause)


@pytest.mark.parametrize(
    ("listening", "socks", "cause"),
    [
        (("127.0.0.1:9150",), SOCKS, "not_this_tor"),
        (("127.0.0.1:90501",), SOCKS, "not_this_tor"),
        (("unix:/run/tor/socks",), SOCKS, "not_this_tor"),
        ((), SOCKS, "no_socks"),
        ((SOCKS,), "", "no_socks"),
    ],
)
def test_nothing_is_sent_to_a_port_that_is_not_tors(
    listening: tuple[str, ...], socks: str, cause: str
) -> None:
    seen = world(GOOD_STREAM, listening=listening, socks=socks)
    assert judged(CHECK, seen).cause == cause
    assert seen.probed == []


@pytest.mark.parametrize("listener", ["0.0.0.0:9050", SOCKS])
def test_a_port_open_to_all_is_the_same_port(listener: str) -> None:
    assert judged(CHECK, world(GOOD_STREAM, listening=(listener,))).status is Status.PASS


def test_other_services_are_asked_until_one_stream_is_proven() -> None:
    seen = world(LOST, GOOD_STREAM, GOOD_STREAM)
    judged(CHECK, seen)
    assert seen.probed == [f"{ONE}:443", f"{TWO}:8080"]


def test_a_tor_that_does_not_name_its_ports_ties_nothing() -> None:
    with pytest.raises(NotTold):
        look(CHECK, FakeWorld(profile=PROFILE))
