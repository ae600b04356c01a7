"""Variables that lead programs around Tor."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.leaks.environment import CHECK, NAMES
from safecomm.core.profile import Destination, Profile
from safecomm.core.words import GOOD, Status
from tests.checks.world import FakeWorld, judged

PROFILE = Profile(
    "test",
    destinations=(Destination("https://publish.example.org/up"), Destination("https://198.51.100.7:8443/")),
)


def world(socks: str = "127.0.0.1:9050", **variables: str) -> FakeWorld:
    return FakeWorld(profile=PROFILE, socks=socks, variables={"PATH": "/bin", "LANG": "C", **variables})


@pytest.mark.parametrize(
    ("name", "value", "status", "cause"),
    [
        ("EDITOR", "vi", Status.PASS, "ok"),
        ("ALL_PROXY", "", Status.PASS, "ok"),
        ("ALL_PROXY", "socks5h://127.0.0.1:9050", Status.PASS, "ok"),
        ("all_proxy", "SOCKS5H://localhost:9050/", Status.PASS, "ok"),
        ("https_proxy", "socks4a://127.0.0.1:9050", Status.PASS, "ok"),
        ("HTTPS_PROXY", "socks5h://anna:secret@127.0.0.1:9050", Status.PASS, "ok"),
        ("ALL_PROXY", "socks5://127.0.0.1:9050", Status.FAIL, "names_leak"),
        ("ALL_PROXY", "socks4://127.0.0.1:9050", Status.FAIL, "names_leak"),
        ("socks_proxy", "127.0.0.1:9050", Status.FAIL, "names_leak"),
        ("SOCKS_SERVER", "127.0.0.1:9050", Status.FAIL, "names_leak"),
        ("http_proxy", "http://127.0.0.1:9050", Status.FAIL, "elsewhere"),
        ("HTTP_PROXY", "http://proxy.example.org:3128", Status.FAIL, "elsewhere"),
        ("FTP_PROXY", "http://proxy.example.org", Status.FAIL, "elsewhere"),
        ("RSYNC_PROXY", "proxy.example.org:3128", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "socks5h://127.0.0.1:9150", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "socks5h://127.0.0.1", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "socks5h://[::1]:9050", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "socks5h://127.0.0.1:9050@evil.example:1080", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "socks5h://127.0.0.1:9050#@evil.example:1080", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "socks5h://127.0.0.1:90\n50", Status.FAIL, "elsewhere"),
        ("ALL_PROXY", "rubbish", Status.FAIL, "elsewhere"),
        ("auto_proxy", "http://wpad.example/proxy.pac", Status.FAIL, "elsewhere"),
        ("NO_PROXY", "localhost,127.0.0.1, ::1,[::1],127.0.0.0/8,localhost:8080", Status.PASS, "ok"),
        ("NO_PROXY", "*", Status.FAIL, "exempts_all"),
        ("no_proxy", "localhost,*", Status.FAIL, "exempts_all"),
        ("no_proxy", "publish.example.org", Status.FAIL, "exempts_destination"),
        ("no_proxy", "PUBLISH.example.org:443", Status.FAIL, "exempts_destination"),
        ("no_proxy", ".example.org", Status.FAIL, "exempts_destination"),
        ("no_proxy", "*.example.org", Status.FAIL, "exempts_destination"),
        ("no_proxy", "org", Status.FAIL, "exempts_destination"),
        ("no_proxy", "198.51.100.0/24", Status.FAIL, "exempts_destination"),
        ("no_proxy", "198.51.100.7", Status.FAIL, "exempts_destination"),
        ("no_proxy", "0.0.0.0/0", Status.FAIL, "exempts_destination"),
        ("no_proxy", "localhost,intranet.example", Status.WARN, "exempts_other"),
        ("no_proxy", "10.0.0.0/8", Status.WARN, "exempts_other"),
    ],
)
def test_only_this_tor_by_name_is_good(name: str, value: str, status: Status, cause: str) -> None:
    finding = judged(CHECK, world(**{name: value}))
    assert (finding.status, finding.cause) == (status, cause)
    if status is not Status.PASS:
        assert name in finding.summary


def test_localhost_is_whichever_loopback_tor_listens_on() -> None:
    assert judged(CHECK, world("[::1]:9050", ALL_PROXY="socks5h://localhost:9050")).cause == "ok"
    assert judged(CHECK, world("[::1]:9050", ALL_PROXY="socks5h://[::1]:9050")).cause == "ok"
    assert judged(CHECK, world("[::1]:9050", ALL_PROXY="socks5h://127.0.0.1:9050")).cause == "elsewhere"


def test_without_a_known_tor_a_proxy_is_a_doubt_and_none_is_fine() -> None:
    assert judged(CHECK, world("", ALL_PROXY="socks5h://127.0.0.1:9050")).status is Status.UNKNOWN
    assert judged(CHECK, world("")).cause == "ok"


def test_all_that_is_wrong_is_told() -> None:
    finding = judged(
        CHECK, world(ALL_PROXY="http://a:1", https_proxy="socks5://127.0.0.1:9050", NO_PROXY="*")
    )
    told = {finding.cause, *(problem.cause for problem in finding.also)}
    assert told == {"elsewhere", "names_leak", "exempts_all"}


@pytest.mark.parametrize(
    "value",
    ["http://anna:hunter2@proxy.example:3128", "anna:hunter2@proxy.example:3128", "http:/anna:hunter2@x:1",
     "socks5h://anna:12/hunter2@127.0.0.1:9050", "hunter2://anna@x:1"],
)  # fmt: skip
def test_no_password_is_in_the_finding(value: str) -> None:
    finding = judged(CHECK, world(ALL_PROXY=value))
    assert finding.status is Status.FAIL
    assert "hunter2" not in json.dumps(finding.evidence) + finding.summary


HOSTS = st.sampled_from(
    ["proxy.example", "10.0.0.1", "[2001:db8::1]", "127.0.0.2", "0.0.0.0", "localhost.evil"]
)
SCHEMES = st.sampled_from(["", "socks5h://", "socks5://", "http://", "socks4a://", "https://"])


@given(st.sampled_from(sorted(NAMES)), SCHEMES, HOSTS, st.integers(1, 65535))
def test_no_value_that_points_elsewhere_is_ever_good(name: str, scheme: str, host: str, port: int) -> None:
    assert judged(CHECK, world(**{name: f"{scheme}{host}:{port}"})).status not in GOOD


@given(st.sampled_from(sorted(NAMES)), st.text(min_size=1).filter(str.strip))
def test_no_rubbish_breaks_it_or_is_good(name: str, value: str) -> None:
    assert judged(CHECK, world(**{name: value})).status is Status.FAIL


@given(st.text())
def test_no_exemption_breaks_it(value: str) -> None:
    judged(CHECK, world(NO_PROXY=value))
