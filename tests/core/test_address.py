"""Which listener answers at which address."""

import pytest

from safecomm.core.address import covers, join, split


@pytest.mark.parametrize(
    ("listener", "address", "same"),
    [
        ("127.0.0.1:9050", "127.0.0.1:9050", True),
        ("127.0.0.1:9050", "localhost:9050", True),
        ("0.0.0.0:9050", "127.0.0.1:9050", True),
        ("[::]:9050", "[::1]:9050", True),
        ("127.0.0.1:9050", "127.0.0.1:9051", False),
        ("127.0.0.1:9050", "10.0.0.1:9050", False),
        ("0.0.0.0:9050", "10.0.0.1:9050", False),
        ("unix:/run/tor/socks", "unix:/run/tor/socks", True),
        ("unix:/run/tor/socks", "127.0.0.1:9050", False),
        ("rubbish", "127.0.0.1:9050", False),
        ("", "", False),
    ],
)
def test_a_listener_covers_an_address(listener: str, address: str, same: bool) -> None:
    assert covers(listener, address) is same


@pytest.mark.parametrize("text", ["", "9050", "host:", ":0", "host:0", "host:65536", "host:x"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        split(text or " ")


def test_ipv6_is_written_in_brackets() -> None:
    assert split(join("2001:db8::1", 80)) == ("2001:db8::1", 80)
