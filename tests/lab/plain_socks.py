"""A SOCKS5 proxy without any Tor behind it (RFC 1928, RFC 1929): the classic false "safe"."""

import contextlib
import socket
import socketserver
import sys
import threading

NO_AUTHENTICATION, PASSWORD = 0, 2
IPV4, NAME, IPV6 = 1, 3, 4
CONNECT_S = 20.0


class Proxy(socketserver.ThreadingTCPServer):
    """Listens on loopback."""

    allow_reuse_address = True
    daemon_threads = True


class Session(socketserver.StreamRequestHandler):
    """One client: greeting, request, then bytes both ways."""

    def handle(self) -> None:
        """Connect straight out of this computer to what was asked for."""
        with contextlib.suppress(OSError, EOFError):
            self._greet()
            place = self._target()
            try:
                out = socket.create_connection(place, CONNECT_S)
            except OSError:
                self.wfile.write(b"\x05\x05\x00\x01" + bytes(6))
                return
            with out:
                self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
                threading.Thread(target=_pump, args=(out, self.connection), daemon=True).start()
                _pump(self.connection, out)

    def _greet(self) -> None:
        offered = self._take(self._take(2)[1])
        if PASSWORD not in offered:
            self.wfile.write(bytes((5, NO_AUTHENTICATION)))
            return
        self.wfile.write(bytes((5, PASSWORD)))
        self._take(self._take(2)[1])
        self._take(self._take(1)[0])
        self.wfile.write(b"\x01\x00")

    def _target(self) -> tuple[str, int]:
        kind = self._take(4)[3]
        if kind == NAME:
            host = self._take(self._take(1)[0]).decode("ascii", "replace")
        elif kind in (IPV4, IPV6):
            family, size = (socket.AF_INET, 4) if kind == IPV4 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, self._take(size))
        else:
            raise EOFError
        return host, int.from_bytes(self._take(2))

    def _take(self, count: int) -> bytes:
        found = self.rfile.read(count)
        if len(found) < count:
            raise EOFError
        return found


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    with Proxy(("127.0.0.1", int(sys.argv[1])), Session) as proxy:
        print("ready", flush=True)
        proxy.serve_forever()
