"""What texts in a profile may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.core.formats import (
    FORMATS,
    is_host_port,
    is_onion_host,
    is_onion_url,
    is_pin,
    is_socket,
    is_token_url,
    is_web_url,
)

GOOD = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"


@pytest.mark.parametrize(
    "url", ["https://a.example/", "http://a/", "https://[2001:db8::1]:8443/x?y=z", f"http://{GOOD}.onion"]
)
def test_web_addresses(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a/",
        "https://",
        "https://a b/",
        "https://a/\x1b[2J",
        "https://user@a/",
        "https://a/#part",
        "https://ä.example/",
        "https://a:0/",
        "https://a:99999/",
        "https://[::1/",
        "https://../",
        "https://a;b/",
        "https://-a/",
        f"http://{GOOD}.onion./",
        "https://[fe80::1%25eth0]/",
        "javascript:alert(1)",
        "https:\\\\a",
        f"http://{GOOD[:-1]}e.onion/",
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    assert not is_web_url(url)


def test_an_onion_address_carries_its_own_proof() -> None:
    assert is_onion_host(f"{GOOD}.onion")
    assert is_onion_host(f"www.{GOOD}.onion")
    assert not is_onion_host(f"{GOOD[1:]}a.onion")
    assert not is_onion_host("expyuzz4wqqyqhjn.onion")
    assert is_onion_url(f"http://{GOOD}.onion/page")
    assert not is_onion_url("https://example.org/")


def test_sockets_are_literal_addresses_or_paths() -> None:
    assert is_socket("unix:/run/tor/control")
    assert is_host_port("[::1]:9051")
    assert is_host_port("localhost:9051")
    for text in (
        "unix:",
        "unix:/",
        "unix:..",
        "unix:/a\nb",
        "tor:9051",
        "127.0.0.1",
        "127.0.0.1:0",
        "127.0.0.1:x",
    ):
        assert not is_socket(text)


@pytest.mark.parametrize(
    "text",
    [
        "::1:9051",
        "[::1:9051",
        "::1]:9051",
        "[127.0.0.1]:1",
        "127.0.0.1:09051",
        "127.0.0.1:٩٠٥١",
        "127.0.0.1:65536",
    ],
)
def test_an_address_has_one_spelling(text: str) -> None:
    """2001:db8::1:9051 could mean two things."""
    assert not is_host_port(text)


def test_a_pin_is_32_bytes_of_base64() -> None:
    assert is_pin("A" * 43 + "=")
    for text in ("", "A" * 43, "A" * 44, "A" * 42 + "==", "A" * 43 + "=\n", "_" * 43 + "=", "ä" * 43 + "="):
        assert not is_pin(text)


def test_a_token_is_asked_for_once() -> None:
    assert is_token_url("https://a.example/{token}")
    for url in (
        "https://a.example/",
        "https://a.example/{token}{token}",
        "https://a.example/{Token}",
        "{token}",
    ):
        assert not is_token_url(url)


@given(st.text())
def test_no_text_makes_a_format_raise(text: str) -> None:
    for name, test in FORMATS.items():
        assert test(text) in (True, False), name
