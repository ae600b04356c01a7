"""One page through Tor: every step named, time and size bounded, nothing followed by itself."""

import base64
import hashlib
import http.client
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from safecomm.core.world import Answer, Ask, Step
from safecomm.net.leash import Leash
from safecomm.net.stream import Broken

# As Tor Browser asks, so that a server learns nothing from the request.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Connection": "close",
}

# X509_V_ERR_* of OpenSSL's x509_vfy.h
VERIFY_REASONS = {9: "not_yet_valid", 10: "expired", 62: "name", 64: "name"}


def read_page(ask: Ask, stream: socket.socket, leash: Leash, answer: Answer) -> Answer:
    """Ask for the page on a stream that is open already; what breaks is in the answer."""
    url = urlsplit(ask.url)
    connection: socket.socket = stream
    try:
        if url.scheme == "https":
            connection = _tls(ask, url, stream, leash)
            certificate = connection.getpeercert(binary_form=True) or b""
            answer = replace(answer, key_sha256=key_digest(certificate))
            if ask.spki_sha256 and answer.key_sha256 not in ask.spki_sha256:
                raise Broken(Step.TLS, "pin")
            if ask.spki_sha256 and ask.ca_file is None:
                _in_date(certificate)
        return _http(ask, url, connection, leash, answer)
    except Broken as error:
        return replace(answer, broken=error.step, reason=error.reason)
    finally:
        connection.close()


def key_digest(certificate: bytes) -> str:
    """Base64 of the SHA-256 of the certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4)."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    try:
        key = load_der_x509_certificate(certificate).public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Broken(Step.TLS, "failed") from error
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


def _in_date(certificate: bytes) -> None:
    from cryptography.x509 import load_der_x509_certificate

    parsed = load_der_x509_certificate(certificate)
    now = datetime.now(UTC)
    if now > parsed.not_valid_after_utc:
        raise Broken(Step.TLS, "expired")
    if now < parsed.not_valid_before_utc:
        raise Broken(Step.TLS, "not_yet_valid")


def tls_context(ca_file: Path | None, pinned: bool) -> ssl.SSLContext:
    """Trust ca_file alone, else (with pins) the pins alone, else the system's authorities."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    elif pinned:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_default_certs()
    return context


def _tls(ask: Ask, url: SplitResult, stream: socket.socket, leash: Leash) -> ssl.SSLSocket:
    context = tls_context(ask.ca_file, bool(ask.spki_sha256))
    try:
        return context.wrap_socket(stream, server_hostname=url.hostname)
    except ssl.SSLCertVerificationError as error:
        raise Broken(Step.TLS, VERIFY_REASONS.get(error.verify_code, "untrusted")) from error
    except TimeoutError as error:
        raise Broken(Step.TLS, "timed_out") from error
    except (OSError, ValueError) as error:
        raise Broken(Step.TLS, "timed_out" if leash.was_cut else "failed") from error


def _http(ask: Ask, url: SplitResult, stream: socket.socket, leash: Leash, answer: Answer) -> Answer:
    connection = http.client.HTTPConnection(url.hostname or "", url.port)
    connection.sock = stream
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("GET", path, headers={"Host": url.netloc, **HEADERS})
        response = connection.getresponse()
        body = response.read(ask.limit + 1)
    except TimeoutError as error:
        raise Broken(Step.HTTP, "timed_out") from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        closed = "closed" if isinstance(error, ConnectionError) else "not_http"
        raise Broken(Step.HTTP, "timed_out" if leash.was_cut else closed) from error
    answer = replace(
        answer,
        status=response.status,
        received=datetime.now(UTC),
        date=_date(response.getheader("Date")),
        location=(response.getheader("Location") or "")[:2048],
        body=body[: ask.limit],
    )
    if len(body) > ask.limit:
        return replace(answer, broken=Step.HTTP, reason="too_big")
    if leash.was_cut:
        return replace(answer, broken=Step.HTTP, reason="timed_out")
    if response.status >= 400:
        return replace(answer, broken=Step.STATUS, reason=str(response.status))
    if 300 <= response.status < 400:
        return replace(answer, broken=Step.REDIRECT, reason="elsewhere")
    return answer


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
        return date.astimezone(UTC) if date.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None
