"""The witness: sees every packet that leaves the client, and tells Tor's from all others."""

import json
from types import TracebackType
from typing import Self

from tests.lab.client import Client
from tests.lab.errors import LabError
from tests.lab.packets import Packet
from tests.lab.plan import endpoints
from tests.lab.space import Process

END_S = 15.0


class Witness:
    """Use as a context manager; packets, leaks and tor_packets are known after it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._sniffer: Process | None = None
        self._packets: tuple[Packet, ...] | None = None

    @property
    def packets(self) -> tuple[Packet, ...]:
        """All packets that left, in order."""
        if self._packets is None:
            raise LabError("The witness has not finished.", "Read it after the with block.")
        return self._packets

    @property
    def leaks(self) -> tuple[Packet, ...]:
        """All that is neither for a relay or bridge of the lab nor neighbour discovery."""
        return tuple(each for each in self.packets if not _is_tor(each) and not each.neighbour_discovery)

    @property
    def tor_packets(self) -> int:
        """How many packets went to relays or bridges; a witness that saw none proves nothing."""
        return sum(map(_is_tor, self.packets))

    def __enter__(self) -> Self:
        self._sniffer = self._client.helper("sniffer", "eth0")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._sniffer is not None and self._sniffer.popen.stdin is not None
        self._sniffer.popen.stdin.close()
        self._sniffer.popen.wait(END_S)
        assert self._sniffer.log is not None
        lines = self._sniffer.log.read_text(encoding="utf-8").splitlines()
        if not lines or json.loads(lines[-1]) != {"lost": 0}:
            raise LabError("The witness lost packets.", f"Its last line: {lines[-1:]}")
        self._packets = tuple(Packet(**json.loads(line)) for line in lines[1:-1])


def _is_tor(packet: Packet) -> bool:
    return packet.proto == "tcp" and (packet.dst, packet.dport) in endpoints()
