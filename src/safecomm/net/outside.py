"""Changes of this computer's network and clock, told as they happen, without sending anything."""

import asyncio
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

TICK_S = 1.0
JUMP_S = 3.0
# rtnetlink(7): RTMGRP_LINK, IPV4_IFADDR, IPV4_ROUTE, IPV6_IFADDR, IPV6_ROUTE
ROUTE_GROUPS = 0x1 | 0x10 | 0x40 | 0x100 | 0x400
NETWORK = "network"
CLOCK = "clock"


class Outside:
    """Tells of changes of the network and of the clock until closed."""

    def __init__(self, on_change: Callable[[str], None]) -> None:
        self._on_change = on_change
        self._seen = network()
        self._task = asyncio.create_task(self._tick())
        self._routes = self._listen() if sys.platform.startswith("linux") else None

    def _listen(self) -> socket.socket | None:
        try:
            routes = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            routes.bind((0, ROUTE_GROUPS))
            routes.setblocking(False)
        except (OSError, AttributeError):
            return None
        asyncio.get_running_loop().add_reader(routes, self._routes_changed, routes)
        return routes

    def _routes_changed(self, routes: socket.socket) -> None:
        try:
            while routes.recv(65536):
                continue
        except OSError:
            pass
        self._compare()

    def _compare(self) -> None:
        seen = network()
        if seen != self._seen:
            self._seen = seen
            self._on_change(NETWORK)

    async def _tick(self) -> None:
        """The wall clock against the monotonic one, which stands still while the computer sleeps."""
        apart = time.time() - time.monotonic()
        ticks = 0
        while True:
            await asyncio.sleep(TICK_S)
            ticks += 1
            now = time.time() - time.monotonic()
            if abs(now - apart) > JUMP_S:
                self._on_change(CLOCK)
            apart = now
            if self._routes is None and ticks % 5 == 0:
                self._compare()

    def close(self) -> None:
        """Stop telling."""
        self._task.cancel()
        if self._routes is not None:
            asyncio.get_running_loop().remove_reader(self._routes)
            self._routes.close()


def network() -> tuple[object, ...]:
    """A picture of this computer's network: interfaces that are up, addresses, routes out."""
    up = sorted(name for name, stats in psutil.net_if_stats().items() if stats.isup)
    addresses = sorted(
        (name, entry.address)
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if entry.family in (socket.AF_INET, socket.AF_INET6)
    )
    return (tuple(up), tuple(addresses), _routes())


def _routes() -> tuple[str, ...]:
    """Default routes on Linux: interface and gateway (proc_pid_net(5))."""
    found = []
    for name, destination in (("route", "00000000"), ("ipv6_route", "0" * 32)):
        try:
            lines = Path("/proc/net", name).read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if name == "route" and len(fields) > 2 and fields[1] == destination:
                found.append(f"{fields[0]} {fields[2]}")
            elif name == "ipv6_route" and fields[0] == destination and fields[1] == "00":
                found.append(f"{fields[-1]} {fields[4]}")
    return tuple(sorted(found))
