"""The censor of the lab: rules in the router between the client and the rest of the world."""

import ipaddress
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab.errors import LabError
from tests.lab.space import Space
from tests.lab.web import REPOSITORY

DELAY_PORT = 7000
WAYS = {"drop": "drop", "reject": "reject with icmpx admin-prohibited", "reset": "reject with tcp reset"}


class Router:
    """Sees all that goes between the client, the relays and the web (relays talk among themselves unseen)."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def censor(
        self, *addresses: str, ports: tuple[int, ...] = (), proto: str = "tcp", how: str = "drop"
    ) -> None:
        """Cut the client off from addresses and ports (none given: from all); how is drop, reject or reset.

        ports need a proto, "tcp" or "udp". Rules add up until lift().
        """
        if how not in WAYS:
            raise LabError(f"The router cannot {how!r}.", f"Use one of {', '.join(WAYS)}.")
        for address in addresses or ("",):
            words = ["add rule inet censor forward iifname client"]
            if address:
                family = "ip6" if ipaddress.ip_address(address).version == 6 else "ip"
                words.append(f"{family} daddr {address}")
            if ports:
                words.append(f"{proto} dport {{ {', '.join(map(str, ports))} }}")
            elif how == "reset":
                words.append("meta l4proto tcp")
            self._nft(" ".join([*words, WAYS[how]]))

    def lift(self) -> None:
        """Let everything through again."""
        self._nft("flush chain inet censor forward")

    @contextmanager
    def slow(self, delay_s: float) -> Iterator[None]:
        """Let the client's new TCP connections over IPv4 take so much longer each way."""
        argv = [sys.executable, "-m", "tests.lab.delay", str(DELAY_PORT), str(delay_s)]
        process = self._space.popen("router", argv, cwd=REPOSITORY, stdout=subprocess.PIPE)
        try:
            if process.popen.stdout is None or process.popen.stdout.readline() != "ready\n":
                raise LabError("The way cannot be made longer.", "Is port 7000 free on the router?")
            self._nft("add chain inet censor slow { type nat hook prerouting priority -100; }")
            self._nft(f"add rule inet censor slow iifname client ip protocol tcp redirect to :{DELAY_PORT}")
            yield
        finally:
            self._nft("add chain inet censor slow; delete chain inet censor slow")
            process.stop()

    def _nft(self, rule: str) -> None:
        self._space.run("router", ["nft", rule])
