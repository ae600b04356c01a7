"""A leash on the sockets of one blocking piece of work: cut it, and every wait in there ends."""

import contextlib
import os
import socket
import threading


class Leash:
    """Holds a second handle of each socket, so that it can be shut whatever wraps it by then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: list[socket.socket] = []
        self.was_cut = False

    def hold(self, sock: socket.socket) -> None:
        """Take a socket on the leash; TimeoutError if it was cut already."""
        with self._lock:
            if self.was_cut:
                raise TimeoutError
            self._handles.append(socket.socket(fileno=os.dup(sock.fileno())))

    def cut(self) -> None:
        """Shut every socket: a thread that waits on one goes on at once, with an error."""
        with self._lock:
            self.was_cut = True
            for handle in self._handles:
                with contextlib.suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Close the second handles; the work is done."""
        with self._lock:
            while self._handles:
                self._handles.pop().close()
