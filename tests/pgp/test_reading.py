"""Whatever comes in, the parsers give plain data or nothing."""

from hypothesis import given
from hypothesis import strategies as st

from safecomm.pgp.colons import keys
from safecomm.pgp.key import UserId
from safecomm.pgp.lint import skeleton
from safecomm.pgp.packets import dearmored, key_versions, packets
from safecomm.pgp.words import fingerprint_of, fingerprint_words

LISTING = b"""\
pub:-:255:22:4499A903DFE98389:1795536295:1858608295::u:::cESC:::::ed25519:::0:
fpr:::::::::A529F63EE574EA121F538F0B4499A903DFE98389:
uid:-::::1795536295::3D2A::Amina \\x3cbad\\x0a\\xff\\x3e::::::::::0:
sig:::22:4499A903DFE98389:1795536295::::Amina:13x::A529:::8:
sub:e:255:18:A7683484464C090C:1795536299:1858608299:::::e:::::cv25519::
fpr:::::::::DFF769F7E61F1001DDA31EE7A7683484464C090C:
"""


def test_a_listing_is_read_with_its_escapes() -> None:
    (key,) = keys(LISTING.splitlines())
    assert key.fingerprint == "A529F63EE574EA121F538F0B4499A903DFE98389"
    assert [uid.text for uid in key.user_ids] == ["Amina <bad\n\\xff>"]
    assert key.user_ids[0].digest == 8
    assert not key.can("e") and key.primary.capabilities == frozenset("c")


@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from(LISTING.splitlines())), max_size=12))
def test_no_listing_breaks_the_reader(lines: list[bytes]) -> None:
    for key in keys(lines):
        assert key.can("c") in (True, False)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_packet_reader(data: bytes) -> None:
    for packet in packets(data):
        assert 0 <= packet.tag < 64 and packet.start > 0
    key_versions(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + data + b"\n-----END PGP PUBLIC KEY BLOCK-----")
    assert isinstance(dearmored(data), bytes)


def test_versions_are_told_by_the_header_alone() -> None:
    assert key_versions(bytes([0xC6, 8, 6, 0, 0, 0, 0, 27, 0, 0])) == ((6, 6, 27),)
    assert key_versions(bytes([0xC6, 8, 4, 0, 0, 0, 0, 22, 0, 0])) == ((6, 4, 22),)


@given(st.binary(min_size=20, max_size=20))
def test_words_say_the_fingerprint_and_notice_a_swap(raw: bytes) -> None:
    fingerprint = raw.hex().upper()
    words = list(fingerprint_words(fingerprint))
    assert fingerprint_of(" ".join(words)) == fingerprint
    words[0], words[1] = words[1], words[0]
    assert fingerprint_of(" ".join(words)) != fingerprint


def test_an_address_is_found_in_a_user_id() -> None:
    found = {text: UserId(text).address for text in ("A <a@B.org>", "a@b.org", "A", "A <nobody>", "x@y z")}
    assert found == {"A <a@B.org>": "a@b.org", "a@b.org": "a@b.org", "A": "", "A <nobody>": "", "x@y z": ""}


def test_names_that_look_alike_have_one_skeleton() -> None:
    assert skeleton("Рavel") == skeleton("Pavel") and skeleton("Amina") != skeleton("Amira")
