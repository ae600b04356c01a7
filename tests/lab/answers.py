"""What the lab's web services answer: pure functions from a request to an answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate

from tests.lab.modes import Mode
from tests.lab.plan import CLIENT_ADDRESS, DOMAIN, Role, nodes

BIG = 100_000_000
CHUNK = b" " * 65536
WRONG_ADDRESS = "82.94.251.227"
EXITS = frozenset(node.address for node in nodes(Role.EXIT))


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response; with padding the body is followed by so many spaces."""

    status: str = "200 OK"
    kind: str = "application/json"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    padding: int = 0


def answer(service: str, mode: Mode, source: str, path: str, resolvers: list[str]) -> Answer:
    """The answer of a service in a mode to a request from source; resolvers asked for the name in path."""
    if mode.name == "error500":
        return Answer("500 Internal Server Error", "text/plain", b"broken\n")
    if mode.name == "redirect_loop":
        return Answer("302 Found", headers={"Location": path})
    if mode.name == "redirect_elsewhere":
        other = "ip1" if service == "ip2" else "ip2"
        return Answer("302 Found", headers={"Location": mode.argument or f"https://{other}.{DOMAIN}/"})
    if mode.name == "not_json":
        return Answer(kind="text/html", body=b"<html><title>Sign in to this network</title></html>\n")
    if mode.name == "not_utf8":
        return Answer(body=b'{"IsTor": true, "IP": "\xff\xfe", "ip": "\xff\xfe"}\n')
    if mode.name == "says_no" and service != "check":
        return Answer("403 Forbidden", "text/plain", b"no\n")
    return _page(service, mode, source, resolvers)


def _page(service: str, mode: Mode, source: str, resolvers: list[str]) -> Answer:
    address = {"wrong_ip": mode.argument or WRONG_ADDRESS, "own_ip": CLIENT_ADDRESS}.get(mode.name, source)
    padding = BIG if mode.name == "big" else 0
    pages: dict[str, object] = {
        "check": {
            "IsTor": mode.name == "says_yes" or (source in EXITS and mode.name != "says_no"),
            "IP": address,
        },
        "ip1": {"ip": address},
        "ip2": {"ip": address},
        "dnsleak": {"resolvers": resolvers},
    }
    if service in pages:
        return Answer(body=json.dumps(pages[service]).encode() + b"\n", padding=padding)
    page = f"<!doctype html><title>{service}</title><p>This is the page {service} of the lab.\n"
    return Answer(kind="text/html; charset=utf-8", body=page.encode(), padding=padding)


def encode(given: Answer, now: float) -> Iterator[bytes]:
    """The response as it goes over the wire (RFC 9112); now is the time for its Date header."""
    headers = {
        "Date": formatdate(now, usegmt=True),
        "Content-Type": given.kind,
        "Content-Length": str(len(given.body) + given.padding),
        "Connection": "close",
        **given.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    yield f"HTTP/1.1 {given.status}\r\n{head}\r\n".encode() + given.body
    left = given.padding
    while left > 0:
        yield CHUNK[:left]
        left -= len(CHUNK)
