"""A control port with no Tor behind it: talks rubbish, says nothing, or never ends its line."""

import contextlib
import random
import socketserver
import sys
import time

LAST_S = 600.0


class Listener(socketserver.ThreadingTCPServer):
    """Listens on loopback."""

    allow_reuse_address = True
    daemon_threads = True


class Session(socketserver.BaseRequestHandler):
    """One caller, for ten minutes at most."""

    def handle(self) -> None:
        """Behave as the command line says."""
        behaviour, end = sys.argv[2], time.monotonic() + LAST_S
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                if behaviour == "silence":
                    time.sleep(1)
                elif behaviour == "endless_line":
                    self.request.sendall(b"2" * 65536)
                elif not self.request.recv(4096):
                    return
                else:
                    self.request.sendall(random.randbytes(200) + b"\r\n")


if __name__ == "__main__":
    with Listener(("127.0.0.1", int(sys.argv[1])), Session) as listener:
        print("ready", flush=True)
        listener.serve_forever()
