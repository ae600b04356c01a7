"""The control port of a real tor, and of things that only look like one."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safecomm.core.errors import NotTold, Unavailable
from safecomm.tor import control as control_module
from safecomm.tor.control import Control, open_control
from safecomm.tor.failure import TorFailure
from tests.tor.offline import free_port, offline_tor


def nobody(_: str) -> None:
    return None


def hashed(password: str) -> str:
    made = subprocess.run(
        ["tor", "--hash-password", password, "--quiet"], capture_output=True, text=True, check=True
    )
    return made.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "method"),
    [
        (("CookieAuthentication 1",), "cookie+safecookie"),
        ((), "none"),
    ],
)
def test_a_real_tor_lets_us_in(tmp_path: Path, options: tuple[str, ...], method: str) -> None:
    with offline_tor(tmp_path / "tor", options) as tor:
        control = open_control(tor.control, None, nobody)
        assert control.method == method
        assert control.version.startswith("0.4.")
        assert control.info("process/pid") == str(tor.process.pid)
        assert control.options(["DisableNetwork", "NoSuchOption"])["DisableNetwork"] == ("1",)
        control.close()


def test_settings_of_a_defaults_file_are_seen_too(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults"
    defaults.write_text("SafeLogging 0\nClientTransportPlugin obfs4 exec /usr/bin/obfs4proxy\n")
    with offline_tor(tmp_path / "tor", defaults=defaults) as tor:
        control = open_control(tor.control, None, nobody)
        settings = control.options(["SafeLogging", "ClientTransportPlugin", "NoSuchOption"])
        assert "SafeLogging" not in control.info("config-text")
        assert settings["SafeLogging"] == ("0",)
        assert settings["ClientTransportPlugin"] == ("obfs4 exec /usr/bin/obfs4proxy",)
        assert settings["DisableNetwork"] == ("1",)
        assert "NoSuchOption" not in settings
        control.close()


def test_a_unix_socket_lets_us_in(tmp_path: Path) -> None:
    path = tmp_path / "control"
    with offline_tor(tmp_path / "tor", (f"ControlSocket {path}", "CookieAuthentication 1")):
        control = open_control(f"unix:{path}", None, nobody)
        assert control.alive
        control.close()


def test_a_password_lets_us_in_and_a_wrong_or_missing_one_does_not(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text("correct horse\n")
    wrong.write_text("battery staple\n")
    with offline_tor(tmp_path / "tor", (f"HashedControlPassword {hashed('correct horse')}",)) as tor:
        open_control(tor.control, right, nobody, named=True).close()
        assert failure(tor.control, right, named=False).cause == "password_needed", "nobody named it"
        assert failure(tor.control, wrong).cause == "wrong_password"
        assert failure(tor.control, None).cause == "password_needed"
        assert failure(tor.control, tmp_path / "absent").cause == "password_needed"


@pytest.mark.parametrize("password", ['To"p\\x Secret', "back\\slash", "one line\nand another"])
def test_odd_passwords_arrive_as_they_are(tmp_path: Path, password: str) -> None:
    (tmp_path / "password").write_text(password)
    first = password.splitlines()[0]
    with offline_tor(tmp_path / "tor", (f"HashedControlPassword {hashed(first)}",)) as tor:
        open_control(tor.control, tmp_path / "password", nobody, named=True).close()


def test_a_readable_cookie_spares_the_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("no longer right")
    options = ("CookieAuthentication 1", f"HashedControlPassword {hashed('correct horse')}")
    with offline_tor(tmp_path / "tor", options) as tor:
        open_control(tor.control, tmp_path / "password", nobody, named=True).close()
        (tor.folder / "control_auth_cookie").unlink()
        assert failure(tor.control, tmp_path / "password").cause == "wrong_password"
        (tmp_path / "password").write_text("correct horse")
        open_control(tor.control, tmp_path / "password", nobody, named=True).close()


def test_a_cookie_that_is_gone_is_named(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        (tor.folder / "control_auth_cookie").unlink()
        assert failure(tor.control, None).cause == "cookie_unreadable"


def test_a_cookie_of_another_tor_is_named(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        (tor.folder / "control_auth_cookie").write_bytes(b"x" * 32)
        assert failure(tor.control, None).cause == "cookie_wrong"


def test_a_tor_that_dies_is_lost_and_says_nothing_more(tmp_path: Path) -> None:
    heard = threading.Event()
    with offline_tor(tmp_path / "tor") as tor:
        control = open_control(tor.control, None, lambda word: heard.set() if word == "lost" else None)
        tor.process.kill()
        assert heard.wait(10)
        assert not control.alive
        with pytest.raises(Unavailable):
            control.info("process/pid")
        control.close()


def test_what_tor_does_not_tell_is_not_told(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        control = open_control(tor.control, None, nobody)
        with pytest.raises(NotTold):
            control.info("no/such/key")
        control.close()


def failure(endpoint: str, password: Path | None = None, *, named: bool = True) -> TorFailure:
    with pytest.raises(TorFailure) as caught:
        control: Control = open_control(endpoint, password, nobody, named=named)
        control.close()
    return caught.value


@contextmanager
def impostor(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A listener that treats its first caller this way."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def serve() -> None:
            caller, _ = server.accept()
            with caller:
                try:
                    behave(caller)
                except OSError:
                    pass
                done.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        done.set()


def endless(caller: socket.socket) -> None:
    for _ in range(100_000):
        caller.sendall(b"250-PROTOCOLINFO 1 " + b"x" * 1000)


@pytest.mark.parametrize(
    ("behave", "cause"),
    [
        (lambda caller: None, "no_answer"),
        (lambda caller: caller.sendall(b"HTTP/1.0 501 Tor is not an HTTP Proxy\r\n\r\n"), "not_tor"),
        (lambda caller: caller.sendall(b"\xff\x00" * 5000), "not_tor"),
        (lambda caller: caller.shutdown(socket.SHUT_RDWR), "not_tor"),
        (lambda caller: caller.sendall(b"250-PROTO"), "no_answer"),
        (endless, "not_tor"),
    ],
    ids=["silence", "socks port", "rubbish", "hang-up", "half a word", "endless line"],
)
def test_what_is_not_tor_is_refused_within_its_time(
    behave: Callable[[socket.socket], None], cause: str
) -> None:
    with impostor(behave) as endpoint:
        assert failure(endpoint).cause == cause


HELLO = b'250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n'


@contextmanager
def polite_impostor(
    answers: int, hello: bytes = HELLO, says: bytes = b"250 OK\r\n", heard: list[bytes] | None = None
) -> Iterator[str]:
    """Speaks like Tor for so many words of each caller, then says nothing more; keeps what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve(caller: socket.socket) -> None:
            with caller, caller.makefile("rb") as words:
                left = answers
                for line in words:
                    if heard is not None:
                        heard.append(line)
                    if line.startswith(b"PROTOCOLINFO"):
                        caller.sendall(hello)
                    elif left > 0:
                        left -= 1
                        caller.sendall(says)

        def listen() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(caller,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("methods", ["COOKIE", "COOKIE,SAFECOOKIE", "COOKIE,SAFECOOKIE,HASHEDPASSWORD"])
@pytest.mark.parametrize("says", [b"513 no\r\n", b"250 OK\r\n"])
def test_an_impostor_gets_neither_file_nor_password(tmp_path: Path, methods: str, says: bytes) -> None:
    """Whoever has taken Tor's usual port must not learn another Tor's key from us."""
    secret, password = tmp_path / "cookie", tmp_path / "password"
    secret.write_bytes(b"0123456789abcdef" * 2)
    password.write_text("Secret")
    hello = HELLO.replace(b"NULL", f'{methods} COOKIEFILE="{secret}"'.encode())
    heard: list[bytes] = []
    with polite_impostor(9, hello, says, heard) as endpoint:
        assert failure(endpoint, password, named=False).cause in ("cookie_wrong", "not_tor")
    everything = b"".join(heard).lower()
    assert b"authchallenge" in everything or methods == "COOKIE"
    assert secret.read_bytes().hex().encode() not in everything
    assert b"secret" not in everything


def test_a_port_that_the_user_has_named_may_get_the_cookie(tmp_path: Path) -> None:
    secret = tmp_path / "cookie"
    secret.write_bytes(b"0123456789abcdef" * 2)
    hello = HELLO.replace(b"NULL", f'COOKIE COOKIEFILE="{secret}"'.encode())
    heard: list[bytes] = []
    with polite_impostor(1, hello, b"515 no\r\n", heard) as endpoint:
        assert failure(endpoint).cause == "cookie_wrong"
    assert secret.read_bytes().hex().encode() in b"".join(heard).lower()


@pytest.mark.parametrize("answers", [0, 1])
def test_an_impostor_that_falls_silent_does_not_hold_us(
    answers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_module, "HANDSHAKE_S", 1.0)
    with polite_impostor(answers) as endpoint:
        assert failure(endpoint).cause == "no_answer"


def test_nobody_there_is_refused() -> None:
    assert failure(f"127.0.0.1:{free_port()}").cause == "refused"
    assert failure("unix:/no/such/socket").cause == "refused"


def test_a_name_is_never_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolver(*_: object) -> None:
        raise AssertionError("resolved")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    assert failure("tor.example.org:9051").cause == "unreachable"
