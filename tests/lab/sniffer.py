"""Writes a JSON line for every packet that leaves an interface, until its standard input ends."""

import ctypes
import dataclasses
import json
import select
import socket
import struct
import sys

from tests.lab.packets import decode

ETH_P_ALL = 3
SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_ATTACH_FILTER = 26
HEADERS = 256
# Classic BPF: load the packet's direction (SKF_AD_PKTTYPE); outgoing is kept, all else dropped in the kernel.
OUTGOING = (
    (0x30, 0, 0, 0xFFFFF004),
    (0x15, 0, 1, socket.PACKET_OUTGOING),
    (0x06, 0, 0, 0xFFFF),
    (0x06, 0, 0, 0),
)
LATE_S = 0.2


def main(interface: str) -> None:
    """Say "ready", then packets as they leave, then how many were lost."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
        _keep_outgoing(wire)
        wire.bind((interface, ETH_P_ALL))
        print("ready", flush=True)
        ended = False
        while True:
            waiting = [wire] if ended else [wire, sys.stdin]
            readable, _, _ = select.select(waiting, [], [], LATE_S if ended else None)
            if wire in readable:
                frame, place = wire.recvfrom(HEADERS)
                if place[2] == socket.PACKET_OUTGOING:  # one that came before the filter was set may not be
                    print(json.dumps(dataclasses.asdict(decode(frame))))
            elif sys.stdin in readable:
                ended = True
            else:
                break
        _, lost = struct.unpack("II", wire.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        print(json.dumps({"lost": lost}), flush=True)


def _keep_outgoing(wire: socket.socket) -> None:
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in OUTGOING))
    wire.setsockopt(
        socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(OUTGOING), ctypes.addressof(program))
    )


if __name__ == "__main__":
    main(sys.argv[1])
