"""Tor's settings are reduced to words that give nobody away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.setting_rules import amount, few, unisolated
from safecomm.checks.settings import READERS, Words, door, is_local, log, mapped, nodes, reach, read_settings

FINGERPRINT = "9695DFC35FFEB861329B9F1AB04C46397020CE31"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", ("off",)),
        ("9050", ("local",)),
        ("auto", ("local",)),
        ("127.0.0.1:9050", ("local",)),
        ("localhost:auto", ("local",)),
        ("[::1]:9050 IPv6Traffic", ("local IPv6Traffic",)),
        ("0.0.0.0:9050", ("open",)),
        ("[::]:9050", ("open",)),
        ("192.168.1.5:9050 NoIsolateSOCKSAuth", ("open NoIsolateSOCKSAuth",)),
        ("myname.example:9050", ("open",)),
        ("unix:/home/anna/tor/socks WorldWritable", ("unix WorldWritable",)),
        ('unix:"/home/anna b/socks" SessionGroup=3', ("unix SessionGroup=3",)),
        ("/run/tor/control GroupWritable RelaxDirModeCheck", ("unix GroupWritable RelaxDirModeCheck",)),
    ],
)
def test_a_door_says_who_can_reach_it_and_no_path(value: str, words: Words) -> None:
    assert door(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("notice stdout", ("notice stdout",)),
        ("debug file /home/anna/tor.log", ("debug file",)),
        ("info-err syslog", ("info syslog",)),
        ("[handshake]debug [~net,~mm]info notice stdout", ("debug stdout",)),
        ("file /var/log/tor/log", ("notice file",)),
        ("warn", ("warn stdout",)),
    ],
)
def test_a_log_says_how_much_and_where_to_and_no_path(value: str, words: Words) -> None:
    assert log(value) == words


def test_relays_are_counted_and_only_countries_named() -> None:
    assert nodes(f"{{US}},${FINGERPRINT}, {{??}},203.0.113.0/24") == ("{us}", "relay", "{??}", "relay")


def test_a_mapped_address_is_not_told() -> None:
    assert mapped(f"www.example.com www.example.com.{FINGERPRINT}.exit") == ("exit",)
    assert mapped("www.example.com 192.0.2.9") == ("address",)


def test_ways_in_are_not_told() -> None:
    assert reach("99.0.0.0/8, reject 18.0.0.0/8:80, accept *:80") == ("some", "any")


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("600", 600), ("10 minutes", 600), ("1 hour", 3600), ("0.30", 0.3), ("100 msec", 0.1), ("soon", None)],
)
def test_lengths_of_time(word: str, seconds: float | None) -> None:
    assert amount(word) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("{de}",), True),
        (("{de}", "{de}"), True),
        (("relay",), True),
        (("relay",) * 20, True),
        (("relay",) * 21, False),
        (("{de}", "{fr}"), False),
        ((), False),
    ],
)
def test_few_is_one_country_or_a_handful_of_relays(words: Words, answer: bool) -> None:
    assert few(words) is answer


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("local", False),
        ("local IsolateSOCKSAuth IsolateDestAddr", False),
        ("local NoIsolateSOCKSAuth", True),
        ("local noisolatesocksauth", True),
        ("local NoIsolateSOCKSAuth IsolateSOCKSAuth", False),
        ("local NoIsolateClientAddr", True),
        ("local SessionGroup=1", True),
        ("local PreferSOCKSNoAuth", True),
    ],
)
def test_the_last_flag_counts(word: str, answer: bool) -> None:
    assert unisolated((word,)) is answer


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "198.51.100.1", "", "*", "tor.example"])
def test_only_loopback_is_local(host: str) -> None:
    assert not is_local(host)


@given(st.sampled_from(sorted(READERS)), st.text())
def test_no_value_breaks_the_reading_or_is_repeated(option: str, value: str) -> None:
    secret = f"{value}/home/anna/secret"
    words = [w for each in read_settings({option: (secret,)}, {option}) for w in each.words]
    assert not any("anna" in word or "secret" in word for word in words)
