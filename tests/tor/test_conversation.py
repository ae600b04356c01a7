"""Every answer of a control port comes in time, is bounded, and belongs to its question."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stem

from safecomm.core.address import join
from safecomm.tor import conversation
from safecomm.tor.control import open_control
from safecomm.tor.conversation import Conversation
from safecomm.tor.failure import TorFailure
from tests.tor.offline import offline_tor

Answer = Callable[[socket.socket, bytes], None]


@contextmanager
def port(answer: Answer, host: str = "127.0.0.1") -> Iterator[str]:
    """A listener on loopback that answers each line of each caller so."""

    def serve(caller: socket.socket) -> None:
        try:
            with caller, caller.makefile("rb") as heard:
                for line in heard:
                    answer(caller, line)
        except OSError:
            pass

    def listen() -> None:
        while True:
            try:
                caller, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(caller,), daemon=True).start()

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        threading.Thread(target=listen, daemon=True).start()
        yield join(host, server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


class Heard:
    """What a conversation tells besides its answers."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.lost = threading.Event()

    def begin(self, endpoint: str) -> Conversation:
        return Conversation(endpoint, lambda message: self.events.append(str(message)), self.lost.set)


def say(*parts: bytes) -> Answer:
    return lambda caller, _: caller.sendall(b"".join(parts))


def test_an_event_between_question_and_answer_is_no_answer() -> None:
    heard = Heard()
    with port(say(b"650 SIGNAL RELOAD\r\n", b"250 OK\r\n")) as endpoint:
        talk = heard.begin(endpoint)
        assert str(talk.msg("SIGNAL ACTIVE")) == "OK"
        assert heard.events == ["SIGNAL RELOAD"]
        talk.close()
    assert not heard.lost.is_set(), "we hung up ourselves"


def test_an_answer_that_is_late_ends_it_and_is_never_taken_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversation, "ANSWER_S", 0.2)
    heard = Heard()
    with port(lambda caller, line: None) as endpoint:
        talk = heard.begin(endpoint)
        with pytest.raises(stem.SocketClosed):
            talk.msg("GETINFO version")
        assert talk.late
        assert heard.lost.wait(10)
        assert not talk.is_alive()
        with pytest.raises(stem.SocketClosed):
            talk.msg("GETINFO version")


@pytest.mark.parametrize(
    "rubbish",
    [b"hello\r\n", b"250+x=\r\n" + b"y" * 100 + b"\r\n", b"250-" + b"z" * 5000, b"\xff\r\n", b"250 OK\n"],
    ids=["no protocol", "endless data", "endless line", "no text", "no line end"],
)
def test_rubbish_ends_it(rubbish: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "LONGEST_LINE", 1000)
    monkeypatch.setattr(conversation, "LONGEST_MESSAGE", 50)
    heard = Heard()
    with port(say(rubbish)) as endpoint:
        talk = heard.begin(endpoint)
        with pytest.raises(stem.SocketClosed):
            talk.msg("GETINFO version")
        assert heard.lost.wait(10)
        assert not talk.late


def test_an_answer_to_another_question_is_none(tmp_path: Path) -> None:
    def confused(caller: socket.socket, line: bytes) -> None:
        if line.startswith(b"PROTOCOLINFO"):
            caller.sendall(
                b'250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n'
            )
        elif line.startswith(b"GETINFO"):
            caller.sendall(b"250-config-text=0.4.9.11\r\n250 OK\r\n")
        else:
            caller.sendall(b"250 OK\r\n")

    with port(confused) as endpoint, pytest.raises(TorFailure) as caught:
        open_control(endpoint, None, lambda _: None)
    assert caught.value.cause == "filtered"


def test_it_begins_anew_as_often_as_it_must(tmp_path: Path) -> None:
    """A wrong password makes it connect anew each time, while the old reader is just ending."""
    wrong = tmp_path / "wrong"
    wrong.write_text("x")
    before = set(threading.enumerate())
    with offline_tor(tmp_path / "tor", ("CookieAuthentication 1", f"HashedControlPassword {HASHED}")) as tor:
        (tor.folder / "control_auth_cookie").unlink()
        for _ in range(40):
            with pytest.raises(TorFailure) as caught:
                open_control(tor.control, wrong, lambda _: None)
            assert caught.value.cause in ("wrong_password", "cookie_unreadable")
    assert not _left(before)


def test_ipv6_is_spoken_too() -> None:
    with port(say(b"250 OK\r\n"), "::1") as endpoint:
        talk = Heard().begin(endpoint)
        assert str(talk.msg("SIGNAL ACTIVE")) == "OK"
        talk.close()


# "x" was not hashed to this: 16:… of another word (tor --hash-password)
HASHED = "16:872860B76453A77D60CA2BB8C1A7042072093276A3D701AD684053EC4C"


def _left(before: set[threading.Thread]) -> set[threading.Thread]:
    """Threads that still run, after a while to end."""
    deadline = time.monotonic() + 10
    while (left := set(threading.enumerate()) - before) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left
