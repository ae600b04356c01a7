"""What a text in a profile must look like; each returns whether it does."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import SplitResult, urlsplit

from safecomm.core.address import UNIX, join, split

ONION_SUFFIX = ".onion"
ONION_VERSION = b"\x03"
LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"{LABEL}(\.{LABEL})*")


def is_host_port(text: str) -> bool:
    """ "address:port" or "[v6]:port"; the address is a literal one or localhost: it is never resolved."""
    try:
        host, port = split(text)
    except ValueError:
        return False
    return _is_address(host) and text in (join(host, port), f"localhost:{port}")


def is_socket(text: str) -> bool:
    """ "address:port" or "unix:/path"."""
    if text.startswith(UNIX):
        return PurePosixPath(text.removeprefix(UNIX)).name not in ("", ".", "..") and text.isprintable()
    return is_host_port(text)


def is_web_url(text: str) -> bool:
    """An http or https address with a host in plain ASCII, and without user name or fragment."""
    url = _url(text)
    if url is None or url.scheme not in ("http", "https") or url.fragment or "@" in url.netloc:
        return False
    host = url.hostname or ""
    if host.endswith(ONION_SUFFIX):
        return is_onion_host(host)
    return _is_address(host) if ":" in host else len(host) <= 253 and NAME.fullmatch(host) is not None


def is_onion_url(text: str) -> bool:
    """A web address whose host is a v3 onion address."""
    url = _url(text)
    return is_web_url(text) and url is not None and (url.hostname or "").endswith(ONION_SUFFIX)


def is_token_url(text: str) -> bool:
    """A web address with one {token} in it."""
    return text.count("{token}") == 1 and is_web_url(text.replace("{token}", "token"))


def is_pin(text: str) -> bool:
    """Base64 of 32 bytes."""
    try:
        return len(base64.b64decode(text, validate=True)) == hashlib.sha256().digest_size
    except (binascii.Error, ValueError):
        return False


def is_onion_host(host: str) -> bool:
    """A v3 onion address with a right checksum (rend-spec-v3, "Encoding onion addresses")."""
    label = host.removesuffix(ONION_SUFFIX).rpartition(".")[2]
    try:
        raw = base64.b32decode(label.upper())
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 35 or raw[34:] != ONION_VERSION:
        return False
    digest = hashlib.sha3_256(b".onion checksum" + raw[:32] + ONION_VERSION).digest()
    return raw[32:34] == digest[:2]


def _is_address(host: str) -> bool:
    try:
        return "%" not in str(ip_address(host))
    except ValueError:
        return False


def _url(text: str) -> SplitResult | None:
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return None
    try:
        url = urlsplit(text)
        return url if url.port is None or url.port > 0 else None
    except ValueError:
        return None


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "host-port": is_host_port,
    "socket": is_socket,
    "web-url": is_web_url,
    "onion-url": is_onion_url,
    "token-url": is_token_url,
    "pin": is_pin,
}
