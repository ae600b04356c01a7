"""What this computer's own tables show: addresses and open connections, without sending anything."""

import ipaddress
import socket
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from safecomm.core.address import covers, join, plain
from safecomm.core.errors import NotTold
from safecomm.core.world import Connection

CLOSED = frozenset({psutil.CONN_LISTEN, psutil.CONN_CLOSE, psutil.CONN_TIME_WAIT})
PROTOCOLS = {socket.SOCK_STREAM: "tcp", socket.SOCK_DGRAM: "udp"}


def own_addresses() -> tuple[str, ...]:
    """The addresses of this computer's interfaces, loopback and link-local ones left out."""
    found = set()
    for addresses in psutil.net_if_addrs().values():
        for entry in addresses:
            if entry.family in (socket.AF_INET, socket.AF_INET6):
                address = ipaddress.ip_address(entry.address.partition("%")[0])
                if not address.is_loopback and not address.is_link_local:
                    found.add(str(address))
    return tuple(sorted(found))


def open_connections(tor_pid: int, doors: Collection[str]) -> tuple[Connection, ...]:
    """Every connection with a far end; NotTold where the system shows none of other programs.

    tor_pid is what Tor says, and counts only if that process holds one of Tor's doors ("host:port")
    here: in a container of its own Tor may take another program's number for its own.
    """
    try:
        seen = psutil.net_connections(kind="inet")
    except (psutil.AccessDenied, OSError) as error:
        raise NotTold("connections") from error
    is_tors = _tors(tor_pid, [entry for entry in seen if _is_door(entry, doors)])
    found = []
    for entry in seen:
        if not entry.raddr or entry.status in CLOSED:
            continue
        host = entry.raddr.ip.partition("%")[0]
        found.append(
            Connection(
                protocol=PROTOCOLS.get(entry.type, "tcp"),
                remote=plain(host),
                port=entry.raddr.port,
                pid=entry.pid,
                program=_program(entry.pid),
                tors=is_tors(entry.pid, *_local(entry.laddr)),
            )
        )
    return tuple(found)


def _local(address: Any) -> tuple[str, int]:
    return (plain(address.ip.partition("%")[0]), address.port) if address else ("", 0)


def _program(pid: int | None) -> str:
    try:
        return psutil.Process(pid).name() if pid else ""
    except psutil.Error:
        return ""


def _is_door(entry: Any, doors: Collection[str]) -> bool:
    return entry.status == psutil.CONN_LISTEN and any(
        covers(join(*_local(entry.laddr)), door) for door in doors
    )


def _tors(tor_pid: int, doors: Sequence[Any]) -> Callable[[int | None, str, int], bool]:
    """Tell Tor's own sockets: by its process and its children, else by its account where it has one."""
    try:
        tor = psutil.Process(tor_pid)
        family = {tor_pid, *(child.pid for child in tor.children(recursive=True))}
        account = tor.uids().real if hasattr(tor, "uids") else None
    except psutil.Error as error:
        raise NotTold("process/pid") from error
    own = psutil.Process().uids().real if hasattr(psutil.Process, "uids") else None
    owners = _owners() if account not in (None, 0, own) else {}

    def is_of(pids: Collection[int], pid: int | None, host: str, port: int) -> bool:
        if pid is not None:
            return pid in pids
        return account is not None and owners.get((host, port)) == account

    if not any(is_of({tor_pid}, entry.pid, *_local(entry.laddr)) for entry in doors):
        raise NotTold("process/pid")
    return partial(is_of, family)


def _owners() -> dict[tuple[str, int], int]:
    """The account of each socket by local address, from Linux's own tables (proc_pid_net(5))."""
    owners: dict[tuple[str, int], int] = {}
    if not sys.platform.startswith("linux"):
        return owners
    for name in ("tcp", "tcp6", "udp", "udp6"):
        try:
            lines = Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            host, _, port = fields[1].partition(":")
            raw = bytes.fromhex(host)
            words = [raw[i : i + 4][:: 1 if sys.byteorder == "big" else -1] for i in range(0, len(raw), 4)]
            address = ipaddress.ip_address(b"".join(words))
            owners[plain(str(address)), int(port, 16)] = int(fields[7])
    return owners
