"""Words with a control port: one question at a time, each answered in time, and events in between."""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from io import BufferedRWPair

import stem
import stem.socket
from stem.response import ControlMessage

from safecomm.tor.greeting import connect

ANSWER_S = 10.0
LONGEST_LINE = 1 << 20
LONGEST_MESSAGE = 1 << 26
Replies = queue.SimpleQueue[ControlMessage | None]


class Conversation:
    """stem's words over a socket of ours, for as long as both sides hold it.

    It has msg, connect and is_alive, which is all that stem.connection needs to authenticate.
    stem's own controller waits for an answer without end, and never reads again when it connects
    anew at the moment its reading thread ends (seen with stem 1.8.2).
    """

    def __init__(self, endpoint: str, heard: Callable[[ControlMessage], None], lost: Callable[[], None]):
        self._endpoint = endpoint
        self._heard = heard
        self._lost = lost
        self._turn = threading.Lock()
        self._deadline: float | None = None
        self._socket: socket.socket | None = None
        self._file: BufferedRWPair | None = None
        self._replies: Replies = queue.SimpleQueue()
        self.late = False
        self.connect()

    def allow(self, seconds: float | None) -> None:
        """All answers from now on together may take so long; None: ANSWER_S each."""
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def connect(self) -> None:
        """Begin, or begin anew; stem.SocketError if nobody is there."""
        self.close()
        try:
            made = connect(self._endpoint)
        except OSError as error:
            raise stem.SocketError(error) from error
        made.settimeout(None)
        file = made.makefile("rwb")
        self._socket, self._file, self._replies = made, file, queue.SimpleQueue()
        reader = threading.Thread(target=self._read, args=(made, file, self._replies), daemon=True)
        reader.name = "safecomm-control"
        reader.start()

    def is_alive(self) -> bool:
        """Whether nobody has hung up."""
        return self._socket is not None

    def msg(self, message: str) -> ControlMessage:
        """Tor's reply; stem.SocketClosed if the conversation is over, or the answer late: it ends it."""
        with self._turn:
            file, replies = self._file, self._replies
            if not self.is_alive() or file is None:
                raise stem.SocketClosed
            try:
                stem.socket.send_message(file, message)
            except ValueError as error:  # the reader has just closed the file
                raise stem.SocketClosed from error
            try:
                reply = replies.get(timeout=self._patience())
            except queue.Empty:
                self.late = True
                self._hang_up(silently=False)
                reply = None
            if reply is None:
                raise stem.SocketClosed
            return reply

    def close(self) -> None:
        """Hang up; nothing is told any more."""
        self._hang_up(silently=True)

    def _patience(self) -> float:
        return ANSWER_S if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def _hang_up(self, silently: bool) -> None:
        made = self._socket
        if silently:
            self._socket = None
        if made is not None:
            with contextlib.suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)

    def _read(self, made: socket.socket, file: BufferedRWPair, replies: Replies) -> None:
        try:
            while True:
                message = stem.socket.recv_message(_Bounded(file))
                if message.content()[-1][0] == "650":
                    self._heard(message)
                else:
                    replies.put(message)
        except (stem.ControllerError, OSError, ValueError):
            pass  # it hung up, or what it says is not the control protocol
        finally:
            over = self._socket is made
            if over:
                self._socket = None
            replies.put(None)
            with contextlib.suppress(OSError):
                file.close()
            made.close()
            if over:
                self._lost()


class _Bounded:
    """What stem reads one message from; nobody can fill our memory."""

    def __init__(self, file: BufferedRWPair) -> None:
        self._file = file
        self._left = LONGEST_MESSAGE

    def readline(self) -> bytes:
        line = self._file.readline(LONGEST_LINE)
        self._left -= len(line)
        if self._left < 0:
            raise stem.ProtocolError("too long")
        return line
