"""What Tor's STREAM and CIRC events tell about our own streams; filled by one thread, read by others."""

import threading
from collections import OrderedDict
from dataclasses import replace

from safecomm.core.world import Circuit, CircuitCounts, StreamSeen

REMEMBERED = 4096


class Ledger:
    """Streams by nonce and source address, and circuits by id. Every method is thread-safe.

    A stream is ours when its SOCKS_USERNAME is one we expect: Tor 0.4.5 and later report it on
    the NEW event (control-spec, section 4.1.2); the later events name the stream's id only.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._expected: set[str] = set()
        self._keys: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._streams: dict[tuple[str, str], StreamSeen] = {}
        self._paths: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._counts = CircuitCounts()
        self._closed = False

    def expect(self, nonce: str) -> None:
        """Take notice of streams with this user name."""
        with self._changed:
            self._expected.add(nonce)

    def circuit(self, seen: Circuit, event: bool = True) -> None:
        """A circuit as an event or circuit-status shows it; the events know more than the older list."""
        with self._changed:
            if seen.path and (event or seen.id not in self._paths):
                self._paths[seen.id] = seen.path
                while len(self._paths) > REMEMBERED:
                    self._paths.popitem(last=False)
            if event and seen.status == "BUILT":
                self._counts = replace(self._counts, built=self._counts.built + 1)
            if event and seen.status == "FAILED":
                self._counts = replace(self._counts, failed=self._counts.failed + 1)
            self._changed.notify_all()

    def stream(
        self,
        stream_id: str,
        status: str,
        circuit: str,
        target: str,
        nonce: str = "",
        source: str = "",
        reason: str = "",
    ) -> None:
        """One STREAM event."""
        with self._changed:
            if status in ("NEW", "NEWRESOLVE") and nonce in self._expected:
                self._keys[stream_id] = (nonce, source)
                self._streams[nonce, source] = StreamSeen(reported=True)
            key = self._keys.get(stream_id)
            if key is None:
                return
            self._streams[key] = self._after(self._streams[key], status, circuit, target, reason)
            if status in ("CLOSED", "FAILED"):
                del self._keys[stream_id]
            self._changed.notify_all()

    def _after(self, seen: StreamSeen, status: str, circuit: str, target: str, reason: str) -> StreamSeen:
        if circuit and circuit != "0":
            seen = replace(seen, circuit=circuit, path=self._paths.get(circuit, ()))
        if status == "REMAP":
            seen = replace(seen, address=target.rpartition(":")[0].strip("[]"))
        if status == "SUCCEEDED":
            seen = replace(seen, succeeded=True, reason="")
        if status in ("FAILED", "CLOSED", "DETACHED") and not seen.succeeded:
            seen = replace(seen, reason=reason or status)
        return seen

    def close(self) -> None:
        """The control connection is gone: nobody waits any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, nonce: str, source: str, timeout_s: float) -> StreamSeen:
        """Our stream from source "host:port", when it has succeeded or ended, or as it is by then."""

        def settled() -> bool:
            seen = self._streams.get((nonce, source))
            ended = (nonce, source) not in self._keys.values()
            return self._closed or (seen is not None and (seen.succeeded or ended))

        with self._changed:
            self._changed.wait_for(settled, timeout_s)
            seen = self._streams.get((nonce, source))
            if seen is not None:
                return replace(seen, source_ours=True)
            others = [s for (name, _), s in self._streams.items() if name == nonce]
            return others[-1] if others else StreamSeen()

    def streams(self) -> tuple[StreamSeen, ...]:
        """Our streams so far."""
        with self._changed:
            return tuple(self._streams.values())

    def counts(self) -> CircuitCounts:
        """Circuits built and failed so far."""
        with self._changed:
            return self._counts

    def forget_streams(self) -> None:
        """Begin a new run: earlier streams no longer count."""
        with self._changed:
            self._streams.clear()
            self._keys.clear()
            self._expected.clear()
