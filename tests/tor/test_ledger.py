"""Which events prove a stream, and which do not."""

import threading

from safecomm.core.world import Circuit
from safecomm.tor.ledger import Ledger

PATH = ("A" * 40, "B" * 40, "C" * 40)
SOURCE = "127.0.0.1:40000"


def ledger() -> Ledger:
    made = Ledger()
    made.circuit(Circuit("7", "BUILT", "GENERAL", PATH))
    made.expect("nonce")
    return made


def test_a_stream_with_our_nonce_from_our_socket_is_proven() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.stream("1", "SENTCONNECT", "7", "host:443")
    seen.stream("1", "REMAP", "7", "192.0.2.7:443")
    seen.stream("1", "SUCCEEDED", "7", "192.0.2.7:443")
    found = seen.wait("nonce", SOURCE, 0)
    assert found.proven
    assert found.exit == "C" * 40
    assert found.address == "192.0.2.7"


def test_another_programs_stream_proves_nothing() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "other", SOURCE)
    seen.stream("1", "SUCCEEDED", "7", "host:443")
    assert not seen.wait("nonce", SOURCE, 0).reported
    assert seen.streams() == ()


def test_our_nonce_from_another_socket_is_not_ours() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", "127.0.0.1:50000")
    seen.stream("1", "SUCCEEDED", "7", "host:443")
    found = seen.wait("nonce", SOURCE, 0)
    assert found.reported
    assert not found.source_ours
    assert not found.proven


def test_a_short_circuit_is_not_proof() -> None:
    seen = ledger()
    seen.circuit(Circuit("8", "BUILT", "GENERAL", PATH[:1]))
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.stream("1", "SUCCEEDED", "8", "host:443")
    assert not seen.wait("nonce", SOURCE, 0).proven


def test_a_list_of_circuits_older_than_the_events_makes_no_circuit_shorter() -> None:
    seen = ledger()
    seen.circuit(Circuit("7", "EXTENDED", "GENERAL", PATH[:1]), event=False)
    seen.circuit(Circuit("9", "BUILT", "GENERAL", PATH), event=False)
    for number, circuit in (("1", "7"), ("2", "9")):
        seen.stream(number, "NEW", "0", "host:443", "nonce", f"127.0.0.1:{number}")
        seen.stream(number, "SUCCEEDED", circuit, "host:443")
        assert seen.wait("nonce", f"127.0.0.1:{number}", 0).proven


def test_a_circuit_nobody_described_is_not_proof() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.stream("1", "SUCCEEDED", "99", "host:443")
    assert not seen.wait("nonce", SOURCE, 0).proven


def test_a_failure_carries_tors_reason() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.stream("1", "DETACHED", "7", "host:443", reason="RESOLVEFAILED")
    assert seen.wait("nonce", SOURCE, 0).reason == "RESOLVEFAILED"


def test_a_stream_that_moves_to_another_circuit_is_waited_for() -> None:
    """Tor detaches a stream that waits too long and tries again; the proof may still come."""
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.stream("1", "DETACHED", "7", "host:443", reason="TIMEOUT")
    later = threading.Timer(0.05, seen.stream, ("1", "SUCCEEDED", "7", "host:443"))
    later.start()
    found = seen.wait("nonce", SOURCE, 30)
    later.join()
    assert (found.proven, found.reason) == (True, "")


def test_nobody_waits_for_a_stream_that_failed() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.stream("1", "FAILED", "7", "host:443", reason="CONNECTREFUSED")
    waiting = threading.Thread(target=seen.wait, args=("nonce", SOURCE, 300), daemon=True)
    waiting.start()
    waiting.join(30)
    assert not waiting.is_alive()


def test_a_new_run_forgets_the_old_streams() -> None:
    seen = ledger()
    seen.stream("1", "NEW", "0", "host:443", "nonce", SOURCE)
    seen.forget_streams()
    assert seen.streams() == ()


def test_circuits_are_counted_from_events_only() -> None:
    seen = ledger()
    seen.circuit(Circuit("9", "BUILT", "GENERAL", PATH), event=False)
    seen.circuit(Circuit("10", "FAILED", "GENERAL", ()))
    assert (seen.counts().built, seen.counts().failed) == (1, 1)
