"""A page through a SOCKS port: every way it can break is named, in time and in bounded memory."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from safecomm.core.world import Answer, Ask, Step
from safecomm.net.leash import Leash
from safecomm.net.page import read_page
from safecomm.net.stream import Broken, Credentials, open_stream
from tests.net.certificates import Authority
from tests.net.socks_server import proxy

OK = b"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 18:00:00 GMT\r\nContent-Length: 2\r\n\r\nok"
WHO = Credentials("user", "password")


@contextmanager
def server(
    answer: bytes | Callable[[socket.socket], None], context: ssl.SSLContext | None = None
) -> Iterator[tuple[str, int]]:
    """One caller is answered with these bytes, or as the function does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                caller, _ = listener.accept()
                with context.wrap_socket(caller, server_side=True) if context else caller as stream:
                    stream.recv(65536)
                    if callable(answer):
                        answer(stream)
                    else:
                        stream.sendall(answer)
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        host, port = listener.getsockname()
        yield host, port


def fetch(ask: Ask, target: tuple[str, int], refuse: int = 0, cut_after: float = 10.0) -> Answer:
    leash = Leash()
    alarm = threading.Timer(cut_after, leash.cut)
    alarm.start()
    try:
        with proxy(target, refuse) as through:
            stream = open_stream(through.address, "page.test", 443, WHO, 10.0, leash)
            assert through.users == ["user"]
            return read_page(ask, stream, leash, Answer(ask.url))
    except Broken as error:
        return Answer(ask.url, error.step, error.reason)
    finally:
        alarm.cancel()
        leash.let_go()


def plain(answer: bytes | Callable[[socket.socket], None], **more: float) -> Answer:
    with server(answer) as target:
        return fetch(Ask("http://page.test/", "x", limit=1000), target, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 1 Jan 99999 0:0:0 GMT", "x"])
def test_a_date_that_no_clock_can_show_is_none(date: str) -> None:
    answer = b"HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 2\r\n\r\nok" % date.encode()
    with server(answer) as target:
        page = fetch(Ask("http://page.test/", "me"), target)
    assert (page.status, page.broken, page.date) == (200, None, None)


def test_a_page_comes_with_its_date() -> None:
    answer = plain(OK)
    assert (answer.broken, answer.status, answer.body) == (None, 200, b"ok")
    assert answer.date is not None
    assert answer.date.isoformat() == "2026-11-23T18:00:00+00:00"


def test_names_go_to_the_proxy_and_never_to_a_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = socket.getaddrinfo

    def resolver(host: str, *more: Any) -> Any:
        asked.append(host)
        return real(host, *more)

    with server(OK) as target, proxy(target) as through:
        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        monkeypatch.setattr(socket, "gethostbyname", resolver)
        leash = Leash()
        stream = open_stream(through.address, "page.test", 80, WHO, 5.0, leash)
        answer = read_page(Ask("http://page.test/", "x"), stream, leash, Answer(""))
        leash.let_go()
    assert answer.status == 200
    assert through.asked == [("page.test", 80)]
    assert "page.test" not in asked


@pytest.mark.parametrize(
    ("code", "step", "reason"),
    [
        (1, Step.CONNECT, "failed"),
        (2, Step.CONNECT, "exit_policy"),
        (3, Step.CONNECT, "unreachable"),
        (4, Step.RESOLVE, "failed"),
        (5, Step.CONNECT, "refused"),
        (6, Step.CONNECT, "timed_out"),
        (0xF1, Step.CONNECT, "onion_down"),
        (0x99, Step.CONNECT, "failed"),
    ],
)
def test_a_socks_refusal_is_named(code: int, step: Step, reason: str) -> None:
    answer = fetch(Ask("http://page.test/", "x"), ("127.0.0.1", 1), refuse=code)
    assert (answer.broken, answer.reason) == (step, reason)


def test_a_port_that_is_no_socks_proxy_is_named() -> None:
    leash = Leash()
    with server(b"HTTP/1.0 400 no\r\n\r\n") as (host, port), pytest.raises(Broken) as caught:
        open_stream(f"{host}:{port}", "page.test", 80, WHO, 5.0, leash)
    leash.let_go()
    assert (caught.value.step, caught.value.reason) == (Step.SOCKS, "not_socks")


def test_a_closed_port_is_named() -> None:
    leash = Leash()
    with pytest.raises(Broken) as caught:
        open_stream("127.0.0.1:1", "page.test", 80, WHO, 5.0, leash)
    leash.let_go()
    assert (caught.value.step, caught.value.reason) == (Step.SOCKS, "refused")


def trickle(stream: socket.socket) -> None:
    for byte in OK * 50:
        stream.sendall(bytes([byte]))
        time.sleep(0.05)


def flood(stream: socket.socket) -> None:
    stream.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        stream.sendall(b"x" * 1_000_000)


def header_flood(stream: socket.socket) -> None:
    stream.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100):
        stream.sendall(b"x" * 1_000_000)


def silence(stream: socket.socket) -> None:
    stream.recv(1)


@pytest.mark.parametrize(
    ("answer", "step", "reason"),
    [
        (b"\xff\xfe\x00 rubbish\r\n\r\n", Step.HTTP, "not_http"),
        (b"", Step.HTTP, "closed"),
        (flood, Step.HTTP, "too_big"),
        (header_flood, Step.HTTP, "not_http"),
        (b"HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n", Step.STATUS, "503"),
        (
            b"HTTP/1.1 302 go\r\nLocation: https://b.test/\r\nContent-Length: 0\r\n\r\n",
            Step.REDIRECT,
            "elsewhere",
        ),
    ],
    ids=["rubbish", "hang-up", "100 MB", "endless header", "503", "redirect"],
)
def test_a_bad_answer_is_named(
    answer: bytes | Callable[[socket.socket], None], step: Step, reason: str
) -> None:
    found = plain(answer)
    assert (found.broken, found.reason) == (step, reason)
    assert len(found.body) <= 1000


@pytest.mark.parametrize("answer", [trickle, silence])
def test_the_leash_ends_what_never_ends(answer: Callable[[socket.socket], None]) -> None:
    found = plain(answer, cut_after=0.5)
    assert (found.broken, found.reason) == (Step.HTTP, "timed_out")


def test_a_leash_that_was_cut_holds_nothing_more() -> None:
    leash = Leash()
    leash.cut()
    with pytest.raises(Broken) as caught:
        open_stream("127.0.0.1:1", "page.test", 80, WHO, 5.0, leash)
    assert caught.value.reason == "timed_out"


def secure(tmp_path: Path, ask: Ask, context: ssl.SSLContext) -> Answer:
    with server(OK, context) as target:
        return fetch(ask, target)


def test_the_profiles_authority_is_trusted_and_others_are_not(tmp_path: Path) -> None:
    ours = Authority(tmp_path)
    (tmp_path / "other").mkdir()
    theirs = Authority(tmp_path / "other")
    url = "https://page.test/"
    good = secure(tmp_path, Ask(url, "x", ca_file=ours.file), ours.server("page.test"))
    assert (good.broken, good.status) == (None, 200)
    assert len(good.key_sha256) == 44
    for ask in (Ask(url, "x", ca_file=theirs.file), Ask(url, "x")):
        bad = secure(tmp_path, ask, ours.server("page.test"))
        assert (bad.broken, bad.reason, bad.body) == (Step.TLS, "untrusted", b"")


def test_expired_certificates_and_wrong_names_are_named(tmp_path: Path) -> None:
    ours = Authority(tmp_path)
    ask = Ask("https://page.test/", "x", ca_file=ours.file)
    assert secure(tmp_path, ask, ours.server("page.test", days=-1)).reason == "expired"
    assert secure(tmp_path, ask, ours.server("other.test")).reason == "name"


def test_pins_decide_alone_or_on_top_of_the_authority(tmp_path: Path) -> None:
    ours = Authority(tmp_path)
    context = ours.server("page.test")
    url = "https://page.test/"
    key = secure(tmp_path, Ask(url, "x", ca_file=ours.file), context).key_sha256
    wrong = "A" * 43 + "="
    assert secure(tmp_path, Ask(url, "x", spki_sha256=(key,)), context).broken is None
    assert secure(tmp_path, Ask(url, "x", spki_sha256=(wrong,)), context).reason == "pin"
    pinned = Ask(url, "x", ca_file=ours.file, spki_sha256=(wrong,))
    assert secure(tmp_path, pinned, context).reason == "pin"


def test_a_pinned_key_still_expires(tmp_path: Path) -> None:
    ours = Authority(tmp_path)
    context = ours.server("page.test", days=-1)
    url = "https://page.test/"
    first = secure(tmp_path, Ask(url, "x", spki_sha256=("A" * 43 + "=",)), context)
    assert first.reason == "pin"
    found = secure(tmp_path, Ask(url, "x", spki_sha256=(first.key_sha256,)), context)
    assert (found.broken, found.reason) == (Step.TLS, "expired")


def test_a_server_that_speaks_no_tls_is_named() -> None:
    with server(b"hello, this is not tls\r\n") as target:
        found = fetch(Ask("https://page.test/", "x"), target)
    assert (found.broken, found.reason) == (Step.TLS, "failed")
