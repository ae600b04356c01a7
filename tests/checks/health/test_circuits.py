"""Ways through Tor that are too short, have no way in, or keep failing."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.health import circuits
from safecomm.checks.health.circuits import CHECK, Circuits, Way
from safecomm.core.policy import Policy
from safecomm.core.words import GOOD, Status
from safecomm.core.world import Circuit, CircuitCounts, StreamSeen
from safecomm.run import conclude_check
from tests.checks.world import GOOD_STREAM, PATH, SOCKS, FakeWorld, judged

UP = f"${'A' * 40}~one up\n${'D' * 40}~two never-connected\n${'E' * 40} unlisted 2026-11-01 10:00:00"
DOWN = f"${'A' * 40}~one down 2026-11-23 18:00:00\n${'D' * 40}~two unusable"
READY: Mapping[str, str] = {
    "entry-guards": UP,
    "status/bootstrap-phase": 'NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"',
}


def world(
    *streams: StreamSeen,
    known: tuple[Circuit, ...] = (),
    guards: str = UP,
    built: int = 5,
    failed: int = 0,
) -> FakeWorld:
    return FakeWorld(
        streams_seen=streams,
        circuits_now=known,
        counted=CircuitCounts(built, failed),
        infos={**READY, "entry-guards": guards},
        listening={"socks": (SOCKS,)},
    )


def stream(circuit: str, *path: str) -> StreamSeen:
    return StreamSeen(True, True, True, "", circuit, "GENERAL", path)


@pytest.mark.parametrize(
    ("seen", "status", "cause"),
    [
        (world(GOOD_STREAM), Status.PASS, "ok"),
        (world(stream("9"), known=(Circuit("9", "BUILT", "CONFLUX_LINKED", PATH),)), Status.PASS, "ok"),
        (
            world(stream("9"), known=(Circuit("9", "BUILT", "HS_CLIENT_REND", (*PATH, "D")),)),
            Status.PASS,
            "ok",
        ),
        (world(GOOD_STREAM, stream("9", "A", "B")), Status.FAIL, "too_short"),
        (world(stream("9"), known=(Circuit("9", "BUILT", "GENERAL", ("A",)),)), Status.FAIL, "too_short"),
        (world(GOOD_STREAM, stream("9")), Status.UNKNOWN, "path_untold"),
        (world(GOOD_STREAM, guards=DOWN), Status.UNKNOWN, "no_guard"),
        (world(GOOD_STREAM, guards=""), Status.UNKNOWN, "no_guard"),
        (world(GOOD_STREAM, built=3, failed=4), Status.UNKNOWN, "most_fail"),
        (world(GOOD_STREAM, built=3, failed=3), Status.PASS, "ok"),
        (world(GOOD_STREAM, built=0, failed=5), Status.PASS, "ok"),
    ],
)
def test_ways_are_judged_by_their_relays(seen: FakeWorld, status: Status, cause: str) -> None:
    finding = judged(CHECK, seen)
    assert (finding.status, finding.cause) == (status, cause)


def test_no_stream_is_waited_for_and_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circuits, "PATIENCE_S", 0.3)
    assert judged(CHECK, world(StreamSeen(True, True, False, "TIMEOUT", "7", "", PATH))).cause == "no_stream"


@pytest.mark.timeout(5)
def test_nobody_waits_for_a_tor_that_carries_nothing() -> None:
    for seen in (world(), world()):
        seen.listening = {"socks": ("127.0.0.1:9150",)}
        assert judged(CHECK, seen).cause == "no_stream"
    seen = world()
    seen.infos = {**READY, "status/bootstrap-phase": "NOTICE BOOTSTRAP PROGRESS=10 TAG=conn"}
    assert judged(CHECK, seen).cause == "no_stream"


def test_no_relay_is_in_the_evidence() -> None:
    assert "AAAA" not in str(judged(CHECK, world(GOOD_STREAM)).evidence)


WAYS = st.builds(Way, st.text("0123456789", max_size=3), st.text(max_size=5), st.none() | st.integers(1, 5))
COUNT = st.integers(0, 20)


@given(st.builds(Circuits, st.lists(WAYS).map(tuple), COUNT, COUNT, COUNT, COUNT))
def test_good_means_three_relays_each(seen: Circuits) -> None:
    if conclude_check(CHECK, seen, Policy(), True).status in GOOD:
        assert seen.ways
        assert all(way.hops is not None and way.hops >= 3 for way in seen.ways)
        assert seen.guards_up
