"""Whom the check services must see, and who can and cannot turn the verdict."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.entry import exit_agreement
from safecomm.checks.entry.exit_agreement import CHECK, Agreement, Said
from safecomm.core.finding import Finding
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile, Service
from safecomm.core.words import GOOD, Status
from safecomm.core.world import Answer, Ask, Step, StreamSeen
from safecomm.run import conclude_check
from tests.checks.world import FakeWorld, judged, stream_to

A, B, C = "A" * 40, "B" * 40, "C" * 40
RELAYS = {A: ("198.51.100.1", "2001:db8::a"), B: ("203.0.113.2",), C: ("203.0.113.3", "203.0.113.33")}
MINE = "192.0.2.10"
CHECKER, ECHO, ECHO_2 = "https://check.example.org/ip", "https://echo.example.net/", "https://ip.example.com/"

Speak = Callable[[str], bytes | Answer]


def tells(address: str, **more: object) -> bytes:
    return json.dumps({"ip": address, **more}).encode()


def confirms(address: str, is_tor: object = True) -> bytes:
    return json.dumps({"IP": address, "IsTor": is_tor}).encode()


def honest_check(exit_: str) -> bytes:
    return confirms(RELAYS[exit_][0])


def honest_echo(exit_: str) -> bytes:
    return tells(RELAYS[exit_][0])


def always(body: bytes | Answer) -> Speak:
    return lambda _: body


def only_over(exit_: str, speak: Speak, otherwise: bytes | Answer) -> Speak:
    return lambda seen: speak(seen) if seen == exit_ else otherwise


DOWN = Answer("", Step.CONNECT, "timed_out", stream=StreamSeen(True, True))
UNTRUSTED = Answer("", Step.TLS, "untrusted")


@dataclass
class Net:
    """Services by URL, and the exits that new identities get, in turn (the last one again and again)."""

    services: dict[str, Speak]
    exits: Sequence[str] = (A, B)
    carried: bool = True
    own: tuple[str, ...] = (MINE,)
    met: dict[str, str] = field(default_factory=dict)

    def answer(self, ask: Ask) -> Answer:
        turn = min(len(self.met), len(self.exits) - 1)
        exit_ = self.met.setdefault(ask.identity, self.exits[turn])
        said = self.services[ask.url](exit_)
        stream = stream_to(exit_) if self.carried else StreamSeen(succeeded=True)
        if isinstance(said, Answer):
            return replace(said, stream=said.stream if said.broken else stream)
        return Answer(ask.url, status=200, body=said, stream=stream)

    def world(self) -> FakeWorld:
        urls = list(self.services)
        profile = Profile(
            "test",
            tor_check=tuple(Service(url) for url in urls if "check" in url),
            ip_echo=tuple(Service(url) for url in urls if "check" not in url),
        )
        return FakeWorld(profile=profile, pages=dict.fromkeys(urls, self.answer), own=self.own, relays=RELAYS)

    def found(self) -> Finding:
        return judged(CHECK, self.world())


def two(check: Speak = honest_check, echo: Speak = honest_echo) -> dict[str, Speak]:
    return {CHECKER: check, ECHO: echo}


def three(
    check: Speak = honest_check, echo: Speak = honest_echo, third: Speak = honest_echo
) -> dict[str, Speak]:
    return {CHECKER: check, ECHO: echo, ECHO_2: third}


def test_two_services_over_two_exits_agree() -> None:
    net = Net(two())
    assert net.found().status is Status.PASS
    assert len(net.met) == len((A, B))


@pytest.mark.parametrize(
    ("services", "cause"),
    [
        (two(check=lambda e: confirms(RELAYS[e][0], is_tor=False)), "says_not_tor"),
        (two(check=only_over(A, honest_check, confirms(RELAYS[B][0], is_tor=False))), "says_not_tor"),
        (two(echo=always(tells("203.0.113.3"))), "disagree"),
        (two(check=always(DOWN), echo=always(tells("192.0.2.99"))), "unknown_address"),
        (two(echo=always(DOWN)), "too_few"),
        (two(check=always(DOWN), echo=always(DOWN)), "too_few"),
        (two(echo=always(UNTRUSTED)), "untrusted_certificate"),
        (three(third=always(UNTRUSTED)), "untrusted_certificate"),
        (two(echo=always(tells(MINE))), "own_address_once"),
        (two(echo=always(tells(f"::ffff:{MINE}"))), "own_address_once"),
        ({ECHO: honest_echo}, "too_few"),
        ({}, "too_few"),
    ],
)
def test_one_third_party_withholds_a_yes_and_cannot_say_no(services: dict[str, Speak], cause: str) -> None:
    finding = Net(services).found()
    assert (finding.status, finding.cause) == (Status.UNKNOWN, cause)


def test_two_services_that_see_this_machine_say_no() -> None:
    finding = Net(two(always(confirms(MINE)), always(tells(MINE)))).found()
    assert (finding.status, finding.cause) == (Status.FAIL, "own_address")


def test_it_is_no_even_if_tor_did_not_carry_it() -> None:
    finding = Net(two(always(confirms(MINE, is_tor=False)), always(tells(MINE))), carried=False).found()
    assert (finding.status, finding.cause) == (Status.FAIL, "own_address")


def test_a_plain_proxy_with_a_page_that_says_you_are_using_tor_is_not_tor() -> None:
    finding = Net(two(always(confirms("198.51.100.1")), always(tells("198.51.100.1"))), carried=False).found()
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "not_carried")


def test_ones_own_address_is_not_kept_in_the_report() -> None:
    finding = Net(two(always(confirms(MINE)), always(tells(MINE)))).found()
    assert MINE not in json.dumps(finding.evidence)


@pytest.mark.parametrize(
    "address", ["203.0.113.2", "2001:db8::a", "2001:0DB8:0000::000A", "::ffff:198.51.100.1"]
)
def test_an_exit_may_come_out_at_any_address_of_an_exit(address: str) -> None:
    def both(speak: Callable[[str], bytes]) -> Speak:
        return lambda exit_: speak(address if exit_ == A else RELAYS[exit_][0])

    assert Net(two(both(confirms), both(tells))).found().status is Status.PASS


def test_an_exit_with_two_kinds_of_address_is_no_disagreement() -> None:
    services = two(echo=only_over(A, always(tells("2001:db8::a")), tells("203.0.113.2")))
    assert Net(services).found().status is Status.PASS


def test_an_unlisted_address_counts_if_another_service_sees_it_over_the_same_exit() -> None:
    odd = "192.0.2.99"
    services = two(
        only_over(A, always(confirms(odd)), confirms("203.0.113.2")),
        only_over(A, always(tells(odd)), tells("203.0.113.2")),
    )
    assert Net(services).found().status is Status.PASS


def over_a(check: str, *echoes: str) -> Finding:
    """The finding when the services see these addresses over exit A, and the right ones over B."""
    spoken = [only_over(A, always(speak), honest_echo(B)) for speak in map(tells, echoes)]
    services = three(only_over(A, always(confirms(check)), honest_check(B)), *spoken)
    return Net(services if len(echoes) > 1 else two(services[CHECKER], *spoken)).found()


def test_another_exit_or_another_address_confirms_nothing() -> None:
    assert over_a("192.0.2.99", "2001:db8::a").cause == "unknown_address"
    services = three(
        only_over(A, always(confirms("192.0.2.99")), DOWN),
        only_over(B, always(tells("192.0.2.99")), tells("2001:db8::a")),
        always(DOWN),
    )
    assert Net(services).found().cause == "unknown_address"


def test_the_address_of_another_exit_needs_no_confirmation() -> None:
    assert over_a("203.0.113.2", "2001:db8::a").status is Status.PASS


def test_a_confirmed_unlisted_address_of_the_other_kind_is_no_disagreement() -> None:
    assert over_a("198.51.100.1", "2001:db8::99", "2001:db8::99").status is Status.PASS
    assert over_a("198.51.100.1", "192.0.2.99", "192.0.2.99").cause == "disagree"


def test_an_exit_may_have_two_addresses_of_one_kind() -> None:
    services = two(echo=only_over(C, always(tells("203.0.113.33")), tells("198.51.100.1")))
    assert Net(services, exits=(A, C)).found().status is Status.PASS


def test_a_third_service_that_is_down_is_only_told() -> None:
    finding = Net(three(third=always(DOWN))).found()
    assert (finding.status, finding.cause) == (Status.WARN, "some_silent")


def test_an_exit_that_repeats_is_tried_again() -> None:
    net = Net(two(), exits=(A, A, A, B))
    assert net.found().status is Status.PASS


def test_one_exit_is_not_two() -> None:
    net = Net(two(), exits=(A,))
    finding = net.found()
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "same_exit")
    assert len(net.met) == 14


def test_an_exit_that_cannot_reach_one_service_is_replaced() -> None:
    net = Net(two(echo=lambda e: DOWN if e == B else honest_echo(e)), exits=(A, B, C))
    assert net.found().status is Status.PASS


def test_a_service_that_is_down_is_not_asked_again_and_again() -> None:
    net = Net(two(echo=always(DOWN)))
    net.found()
    assert len(net.met) == len((A, B))


def test_answers_over_different_exits_do_not_confirm_each_other() -> None:
    services = two(only_over(A, honest_check, DOWN), only_over(B, honest_echo, DOWN))
    finding = Net(services).found()
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "not_confirmed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Congratulations. This browser is configured to use Tor.",
        b"\xff\xfe\xff",
        b"[]",
        b"null",
        b'"IP"',
        b"{}",
        b"[" * 4000,
        b'{"IP": "198.51.100.1"}',
        b'{"IsTor": true}',
        b'{"IsTor": "true", "IP": "198.51.100.1"}',
        b'{"IsTor": 1, "IP": "198.51.100.1"}',
        b'{"IsTor": true, "IP": "198.51.100.1.5"}',
        b'{"IsTor": true, "IP": 3325256705}',
        b'{"IsTor": true, "IP": null}',
        b'{"IsTor": true, "IP": ["198.51.100.1"]}',
        b'{"IsTor": true, "IP": "127.0.0.1"}',
        b'{"IsTor": true, "IP": "::"}',
    ],
)
def test_an_answer_in_any_other_form_is_none(body: bytes) -> None:
    finding = Net(two(check=always(body))).found()
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "too_few")


def test_an_answer_that_is_not_a_page_is_none() -> None:
    finding = Net(two(check=always(Answer("", status=204, body=confirms("198.51.100.1"))))).found()
    assert finding.cause == "too_few"


def test_a_service_without_tls_is_not_asked() -> None:
    net = Net({CHECKER: honest_check, "http://echo.example.net/": honest_echo})
    world = net.world()
    finding = judged(CHECK, world)
    assert finding.cause == "too_few"
    assert {ask.url for ask in world.asked} == {CHECKER}


@pytest.mark.parametrize("host", ["check.example.org", "check.example.org:443", "CHECK.example.org."])
def test_two_pages_of_one_host_are_one_service(host: str) -> None:
    world = Net({CHECKER: honest_check, f"https://{host}/ip/echo": honest_check}).world()
    finding = judged(CHECK, world)
    assert finding.cause == "too_few"
    assert {ask.url for ask in world.asked} == {CHECKER}


def test_each_circuit_is_asked_once_and_identities_are_not_reused_between_runs() -> None:
    first, second = Net(two()), Net(two())
    first.found()
    second.found()
    assert not set(first.met) & set(second.met)


def test_slow_services_are_judged_by_what_came_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exit_agreement, "LOOK_S", 0.05)

    class Slow(FakeWorld):
        async def fetch(self, ask: Ask) -> Answer:
            if ask.url == ECHO:
                await asyncio.sleep(60)
            return await FakeWorld.fetch(self, ask)

    usual = Net(two()).world()
    world = Slow(profile=usual.profile, pages=usual.pages, own=usual.own, relays=RELAYS)
    finding = judged(CHECK, world)
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "too_few")


HOSTS = ("one.example", "two.example", "three.example")
SAID = st.builds(
    Said,
    st.sampled_from(HOSTS),
    st.sampled_from([A, B, C, ""]),
    st.sampled_from(["198.51.100.1", "203.0.113.2", "2001:db8::a"]),
    st.sampled_from([None, True, True, False]),
    st.sampled_from([False, False, False, True]),
    st.booleans(),
    st.sampled_from([True, True, False]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from(["", "", "", "connect", "tls"]),
    st.sampled_from(["untrusted", "timed_out"]),
)


@given(st.lists(SAID, max_size=9))
def test_good_means_two_services_over_two_exits_and_nobody_objects(said: list[Said]) -> None:
    finding = conclude_check(CHECK, Agreement(HOSTS, tuple(said)), Policy(), True)
    answers = [each for each in said if each.answered]
    seen_by = {exit_: {a.service for a in answers if a.exit == exit_} for exit_ in (A, B, C)}
    if finding.status in GOOD:
        assert sum(len(services) > 1 for services in seen_by.values()) > 1
        assert all(a.carried and not a.own and a.is_tor is not False for a in answers)
        assert not any(each.step == "tls" and each.reason == "untrusted" for each in said)
    if finding.status is Status.FAIL:
        assert len({a.service for a in answers if a.own}) > 1


@given(st.lists(SAID, max_size=6), SAID)
def test_one_service_more_that_says_no_never_makes_it_good(said: list[Said], one: Said) -> None:
    objection = replace(one, is_tor=False, step="")
    finding = conclude_check(CHECK, Agreement(HOSTS, (*said, objection)), Policy(), True)
    assert finding.status not in GOOD
