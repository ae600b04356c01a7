"""Fetches one page, through a SOCKS port or directly, and prints what came as JSON."""

import http.client
import json
import socket
import ssl
import sys
import time
from urllib.parse import urlsplit

import socks

LIMIT = 1_000_000


def main(url: str, proxy: str, ca_file: str, timeout: float) -> dict[str, object]:
    """Status, headers, key and body of the answer, or the error; never raises for what the network does."""
    begin = time.monotonic()
    try:
        found = _fetch(url, proxy, ca_file, timeout)
    except (OSError, http.client.HTTPException, socks.ProxyError) as error:
        found = {"error": f"{type(error).__name__}: {error}"}
    return {**found, "seconds": time.monotonic() - begin}


def _fetch(url: str, proxy: str, ca_file: str, timeout: float) -> dict[str, object]:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.sock = _connect(host, port, proxy, timeout)
    key = b""
    if secure:
        context = ssl.create_default_context(cafile=ca_file)
        connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        key = connection.sock.getpeercert(binary_form=True) or b""
    connection.request("GET", parts.path or "/")
    answer = connection.getresponse()
    return {
        "status": answer.status,
        "headers": dict(answer.getheaders()),
        "certificate": key.hex(),
        "body": answer.read(LIMIT).decode("utf-8", "backslashreplace"),
    }


def _connect(host: str, port: int, proxy: str, timeout: float) -> socket.socket:
    if not proxy:
        return socket.create_connection((host, port), timeout)
    where, _, number = proxy.rpartition(":")
    through: socket.socket = socks.create_connection(
        (host, port),
        timeout,
        proxy_type=socks.SOCKS5,
        proxy_addr=where,
        proxy_port=int(number),
        proxy_rdns=True,
    )
    return through


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))))
