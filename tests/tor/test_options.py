"""Extra options: what is allowed gets through unchanged, everything else is refused by name."""

import shutil
from pathlib import Path

import pytest

from safecomm.tor.failure import TorFailure
from safecomm.tor.options import hides, read_options, with_programs


def read(tmp_path: Path, text: str, private: bool = False) -> list[tuple[str, str]]:
    file = tmp_path / "extra.torrc"
    file.write_text(text)
    return read_options(file, private)


def test_reach_options_pass_and_comments_do_not_count(tmp_path: Path) -> None:
    text = "# a note\nUseBridges 1\n\nBridge obfs4 192.0.2.3:80 cert=x iat-mode=0\n"
    assert read(tmp_path, text) == [
        ("UseBridges", "1"),
        ("Bridge", "obfs4 192.0.2.3:80 cert=x iat-mode=0"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "ExitNodes {ru}",
        "SafeLogging 0",
        "ControlPort 0.0.0.0:9051",
        "SocksPort 0.0.0.0:9050",
        "DataDirectory /",
        "%include /etc/passwd",
        "TestingTorNetwork 1",
        "DirAuthority evil 192.0.2.1:80 0000",
        "Bridge obfs4 192.0.2.3:80 \\",
        "Bridge obfs4 192.0.2.3:80\x1b[2J",
        "ClientTransportPlugin obfs4 exec /bin/sh",
        "ClientTransportPlugin obfs4 exec obfs4proxy --enableLogging",
        "ClientTransportPlugin obfs4 socks5 192.0.2.1:9050",
        "HashedControlPassword 16:00",
    ],
)
def test_anything_else_is_refused_by_name(tmp_path: Path, line: str) -> None:
    with pytest.raises(TorFailure) as caught:
        read(tmp_path, f"UseBridges 1\n{line}\n")
    assert caught.value.cause == "options_refused"
    assert caught.value.detail.split()[0] == line.split(maxsplit=1)[0][:60]


def test_a_private_network_may_name_its_own_authorities(tmp_path: Path) -> None:
    text = "TestingTorNetwork 1\nDirAuthority lab orport=1 127.0.0.1:2 00\n"
    assert len(read(tmp_path, text, private=True)) == 2


def test_a_known_transport_is_looked_up_by_us(tmp_path: Path) -> None:
    found = shutil.which("obfs4proxy")
    assert found, "obfs4proxy is not installed"
    text = "ClientTransportPlugin obfs4 exec /somewhere/else/obfs4proxy\n"
    assert with_programs(read(tmp_path, text)) == [("ClientTransportPlugin", f"obfs4 exec {found}")]


def test_a_transport_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = read(tmp_path, "ClientTransportPlugin obfs4 exec obfs4proxy\n")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TorFailure) as caught:
        with_programs(options)
    assert caught.value.detail == "ClientTransportPlugin obfs4proxy"


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TorFailure):
        read_options(tmp_path / "absent", False)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(TorFailure):
        read_options(tmp_path / "binary", False)


@pytest.mark.parametrize(
    ("options", "hidden"),
    [
        ([], False),
        ([("UseBridges", "1")], False),
        ([("Bridge", "obfs4 192.0.2.3:80")], False),
        ([("UseBridges", "1"), ("Bridge", "obfs4 192.0.2.3:80")], True),
        ([("UseBridges", "1"), ("Bridge", "192.0.2.3:80")], False),
        ([("UseBridges", "1"), ("Bridge", "[2001:db8::1]:80")], False),
        ([("usebridges", "1"), ("BRIDGE", "obfs4 192.0.2.3:80"), ("Bridge", "192.0.2.4:80")], False),
        ([("UseBridges", "1"), ("UseBridges", "0"), ("Bridge", "obfs4 192.0.2.3:80")], False),
    ],
)
def test_only_bridges_with_a_transport_hide(options: list[tuple[str, str]], hidden: bool) -> None:
    assert hides(options) is hidden
