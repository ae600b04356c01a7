"""What Tor says about its own start, and what of it is believed."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.entry.bootstrapped import CHECK, CONNECTED, Bootstrap, bootstrap_words
from safecomm.core.errors import NotTold
from safecomm.core.finding import Finding
from safecomm.core.policy import Policy
from safecomm.core.words import GOOD, Status
from safecomm.run import conclude_check
from tests.checks.world import FakeWorld, judged, look

DONE = 'NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"'
STARTED = {
    "status/bootstrap-phase": DONE,
    "status/circuit-established": "1",
    "status/enough-dir-info": "1",
    "network-liveness": "up",
    "dormant": "0",
}


def stuck(reason: str) -> str:
    return (
        'WARN BOOTSTRAP PROGRESS=14 TAG=handshake SUMMARY="Handshaking with a relay" '
        f'WARNING="Connection timed out; \\"REASON=DONE\\" PROGRESS=100 TAG=done" REASON={reason} COUNT=3 '
        'RECOMMENDATION=warn HOSTID="0123456789ABCDEF0123456789ABCDEF01234567" HOSTADDR="192.0.2.77:443"'
    )


def found(answers: Mapping[str, str] | None = None, **settings: tuple[str, ...]) -> Finding:
    """The finding when Tor answers as usual but for these."""
    return judged(CHECK, FakeWorld(infos={**STARTED, **(answers or {})}, settings=settings))


def test_a_connected_tor_passes() -> None:
    assert found().status is Status.PASS


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({"status/bootstrap-phase": 'NOTICE BOOTSTRAP PROGRESS=99 TAG=x SUMMARY="y"'}, "not_bootstrapped"),
        (
            {"status/bootstrap-phase": 'NOTICE BOOTSTRAP PROGRESS=0 TAG=starting SUMMARY="S"'},
            "not_bootstrapped",
        ),
        ({"status/bootstrap-phase": stuck("NOROUTE")}, "no_route"),
        ({"status/bootstrap-phase": stuck("CONNECTREFUSED")}, "connection_refused"),
        ({"status/bootstrap-phase": stuck("TIMEOUT")}, "connection_timed_out"),
        ({"status/bootstrap-phase": stuck("DONE")}, "connection_cut"),
        ({"status/bootstrap-phase": stuck("CONNECTRESET")}, "connection_cut"),
        ({"status/bootstrap-phase": stuck("IOERROR")}, "connection_cut"),
        ({"status/bootstrap-phase": stuck("IDENTITY")}, "entry_not_genuine"),
        ({"status/bootstrap-phase": stuck("TLS_ERROR")}, "entry_not_genuine"),
        ({"status/bootstrap-phase": stuck("PT_MISSING")}, "transport_missing"),
        ({"status/bootstrap-phase": stuck("MISC")}, "stuck"),
        ({"status/bootstrap-phase": stuck("NEVER_HEARD_OF")}, "stuck"),
        ({"status/circuit-established": "0"}, "no_circuit"),
        ({"status/enough-dir-info": "0"}, "no_directory"),
        ({"network-liveness": "down"}, "network_down"),
        ({"dormant": "1"}, "dormant"),
        ({"status/bootstrap-phase": ""}, "unreadable"),
        ({"status/bootstrap-phase": "PROGRESS=1000 TAG=done"}, "unreadable"),
        ({"status/bootstrap-phase": "PROGRESS=-100 TAG=done"}, "unreadable"),
        ({"status/bootstrap-phase": 'SUMMARY="PROGRESS=100"'}, "unreadable"),
        ({"status/circuit-established": ""}, "unreadable"),
        ({"status/circuit-established": "true"}, "unreadable"),
        ({"network-liveness": "UP!"}, "unreadable"),
        ({"dormant": ""}, "unreadable"),
    ],
)
def test_anything_but_a_plain_yes_is_unknown_and_named(answers: dict[str, str], cause: str) -> None:
    finding = found(answers)
    assert (finding.cause, finding.status) == (cause, Status.UNKNOWN)


def test_the_switched_off_network_is_named_first() -> None:
    finding = found({"status/circuit-established": "0"}, DisableNetwork=("1",))
    assert finding.cause == "network_disabled"
    assert found(DisableNetwork=("0",)).status is Status.PASS
    assert found(DisableNetwork=("maybe",)).cause == "unreadable"


def test_phase_and_percent_are_named() -> None:
    summary = found({"status/bootstrap-phase": stuck("TIMEOUT")}).summary
    assert "14 %" in summary
    assert "handshake" in summary


def test_neither_the_warning_nor_the_bridge_is_kept() -> None:
    kept = json.dumps(found({"status/bootstrap-phase": stuck("TIMEOUT")}).evidence)
    for private in ("192.0.2.77", "0123456789ABCDEF", "timed out", "COUNT", "Handshaking"):
        assert private not in kept


@pytest.mark.parametrize("silent", STARTED)
def test_a_question_tor_does_not_answer_is_not_taken_for_a_yes(silent: str) -> None:
    told = {key: answer for key, answer in STARTED.items() if key != silent}
    with pytest.raises(NotTold, match=silent):
        look(CHECK, FakeWorld(infos=told, settings={}))


@given(
    st.builds(
        Bootstrap,
        st.none() | st.integers(0, 100) | st.just(100),
        st.text(max_size=5),
        st.sampled_from(["", "TIMEOUT", "MISC", "WHAT"]),
        *[st.none() | st.booleans()] * 5,
    )
)
def test_one_state_alone_is_good(seen: Bootstrap) -> None:
    good = conclude_check(CHECK, seen, Policy(), True).status in GOOD
    assert good == (replace(seen, tag="done", reason="") == CONNECTED)


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    bootstrap_words(text)
    assert found({"status/bootstrap-phase": text}).status is not Status.FAIL
