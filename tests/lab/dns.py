"""The lab's DNS server: knows the web services, remembers who asked for what."""

import socket
import threading

from dnslib import AAAA, QTYPE, RCODE, RR, A, DNSError, DNSRecord  # type: ignore[import-untyped, unused-ignore]

from tests.lab.plan import DNS_ADDRESS, DNS_ADDRESS6, DOMAIN, SITES

LEAK_ZONE = f".dnsleak.{DOMAIN}"
HOSTS = {site.host: site for site in SITES}


class DnsServer:
    """Answers A and AAAA for the lab's names (and any name below dnsleak), NXDOMAIN for all others."""

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []

    def start(self) -> None:
        """Listen on both of its addresses, each in a thread of its own."""
        for family, address in ((socket.AF_INET, DNS_ADDRESS), (socket.AF_INET6, DNS_ADDRESS6)):
            server = socket.socket(family, socket.SOCK_DGRAM)
            server.bind((address, 53))
            threading.Thread(target=self._serve, args=(server,), daemon=True).start()

    def who_asked(self, token: str) -> list[str]:
        """The addresses of those who asked for token's name below dnsleak."""
        name = f"{token}{LEAK_ZONE}".lower()
        return sorted({query["source"] for query in self.queries if query["name"] == name})

    def _serve(self, server: socket.socket) -> None:
        while True:
            text, peer = server.recvfrom(4096)
            try:
                server.sendto(self._reply(text, peer[0]), peer)
            except (DNSError, OSError):
                continue

    def _reply(self, text: bytes, source: str) -> bytes:
        asked = DNSRecord.parse(text)
        # Names arrive in random case (0x20 encoding) and must be echoed as they came.
        name, kind = str(asked.q.qname).rstrip(".").lower(), QTYPE[asked.q.qtype]
        self.queries.append({"source": source, "name": name, "kind": kind})
        reply = asked.reply()
        site = HOSTS.get(f"dnsleak.{DOMAIN}" if name.endswith(LEAK_ZONE) else name)
        if site is None:
            reply.header.rcode = RCODE.NXDOMAIN
        elif kind == "A":
            reply.add_answer(RR(asked.q.qname, QTYPE.A, rdata=A(site.address), ttl=5))
        elif kind == "AAAA":
            reply.add_answer(RR(asked.q.qname, QTYPE.AAAA, rdata=AAAA(site.address6), ttl=5))
        return bytes(reply.pack())
