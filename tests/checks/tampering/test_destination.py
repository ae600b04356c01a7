"""What stands between us and the place where we publish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.tampering.destination import CHECK, Place, Places
from safecomm.checks.visits import Visit
from safecomm.core.finding import Finding
from safecomm.core.policy import Policy
from safecomm.core.profile import Destination, Profile
from safecomm.core.words import GOOD, Status
from safecomm.core.world import Answer, Ask, Step, StreamSeen
from safecomm.run import conclude_check
from tests.checks.world import FakeWorld, judged, stream_to

URL = "https://publish.example.org/"
ONION = "http://" + "a" * 56 + ".onion/"
A, B, C = "A" * 40, "B" * 40, "C" * 40

Speak = Callable[[Ask, str], Answer]


def page(status: int = 200, key: str = "key=", location: str = "") -> Speak:
    """A page as the real world tells it: errors and redirects are broken steps."""
    step = Step.STATUS if status >= 400 else Step.REDIRECT if status >= 300 else None
    reason = str(status) if step is Step.STATUS else "elsewhere" if step else ""
    return lambda ask, _: Answer(ask.url, step, reason, status, key_sha256=key, location=location)


def broken(step: Step, reason: str) -> Speak:
    return lambda ask, _: Answer(ask.url, step, reason, stream=StreamSeen(True, True))


def over(exit_: str, speak: Speak, otherwise: Speak) -> Speak:
    return lambda ask, seen: (speak if seen == exit_ else otherwise)(ask, seen)


def by_url(**pages: Speak) -> Speak:
    """Pages by the last word of their address."""
    return lambda ask, exit_: pages[ask.url.rstrip("/").rpartition("/")[2].replace(".", "_")](ask, exit_)


def big(ask: Ask, _: str) -> Answer:
    return Answer(ask.url, Step.HTTP, "too_big", 200, b"x" * ask.limit, key_sha256="key=")


@dataclass
class Net:
    """One destination; identities get these exits in turn, the last again and again."""

    speak: Speak
    exits: Sequence[str] = (A, B)
    carried: bool = True
    met: dict[str, str] = field(default_factory=dict)

    def answer(self, ask: Ask) -> Answer:
        exit_ = self.met.setdefault(ask.identity, self.exits[min(len(self.met), len(self.exits) - 1)])
        said = self.speak(ask, exit_)
        if said.stream.reported:
            return said
        return replace(said, stream=stream_to(exit_) if self.carried else StreamSeen(succeeded=True))


@dataclass(kw_only=True)
class Web(FakeWorld):
    """Every page comes from one net."""

    net: Net

    async def fetch(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        return self.net.answer(ask)


def visit(net: Net, destination: Destination | None = None) -> tuple[Finding, list[Ask]]:
    web = Web(profile=Profile("test", destinations=(destination or Destination(URL),)), net=net)
    return judged(CHECK, web), web.asked


@pytest.mark.parametrize(
    ("net", "status", "cause"),
    [
        (Net(page()), Status.PASS, "ok"),
        (Net(big), Status.PASS, "ok"),
        (Net(page(), (A, A, B)), Status.PASS, "ok"),
        (Net(over(B, broken(Step.CONNECT, "refused"), page()), (A, B, C)), Status.PASS, "ok"),
        (Net(over(B, page(403), page()), (A, B, C)), Status.PASS, "ok"),
        (Net(page(), (A,)), Status.UNKNOWN, "same_exit"),
        (Net(page(), carried=False), Status.UNKNOWN, "not_carried"),
        (Net(broken(Step.SOCKS, "refused")), Status.UNKNOWN, "no_socks"),
        (Net(broken(Step.RESOLVE, "failed")), Status.UNKNOWN, "no_name"),
        (Net(broken(Step.CONNECT, "refused")), Status.UNKNOWN, "no_connection"),
        (Net(broken(Step.TLS, "failed")), Status.UNKNOWN, "no_encryption"),
        (Net(broken(Step.TLS, "timed_out")), Status.UNKNOWN, "no_encryption"),
        (Net(broken(Step.HTTP, "not_http")), Status.UNKNOWN, "no_page"),
        (Net(broken(Step.TLS, "untrusted")), Status.FAIL, "untrusted"),
        (Net(broken(Step.TLS, "expired")), Status.FAIL, "expired"),
        (Net(broken(Step.TLS, "not_yet_valid")), Status.FAIL, "not_yet_valid"),
        (Net(broken(Step.TLS, "name")), Status.FAIL, "wrong_name"),
        (Net(broken(Step.TLS, "pin")), Status.FAIL, "wrong_key"),
        (Net(over(B, broken(Step.TLS, "untrusted"), page()), (A, B, C)), Status.FAIL, "untrusted"),
        (Net(over(B, page(key="other="), page())), Status.FAIL, "different_keys"),
        (Net(over(B, page(403, key="other="), page()), (A, B, C)), Status.FAIL, "different_keys"),
        (Net(page(403)), Status.UNKNOWN, "http_status"),
        (Net(page(500)), Status.UNKNOWN, "http_status"),
        (Net(page(302)), Status.UNKNOWN, "http_status"),
        (Net(page(key="")), Status.UNKNOWN, "no_encryption"),
        (Net(page(302, location="https://other.example.org/")), Status.UNKNOWN, "redirect"),
        (Net(page(302, location="//other.example.org/")), Status.UNKNOWN, "redirect"),
        (Net(page(302, location="ftp://publish.example.org/")), Status.UNKNOWN, "redirect"),
        (Net(page(302, location="https://[/")), Status.UNKNOWN, "redirect"),
        (Net(page(302, location="http://publish.example.org/")), Status.FAIL, "insecure"),
        (Net(page(302, location="http://other.example.org/")), Status.FAIL, "insecure"),
        (Net(page(302, location=URL)), Status.UNKNOWN, "redirect_loop"),
        (Net(lambda ask, _: page(302, location=ask.url + "x/")(ask, _)), Status.UNKNOWN, "redirect_loop"),
        (Net(by_url(publish_example_org=page(302, location="/new"), new=page())), Status.PASS, "ok"),
        (
            Net(by_url(publish_example_org=page(302, location="/new"), new=page(404))),
            Status.UNKNOWN,
            "http_status",
        ),
    ],
)
def test_every_broken_step_is_named(net: Net, status: Status, cause: str) -> None:
    finding, _ = visit(net)
    assert (finding.status, finding.cause) == (status, cause)


def test_pins_decide_where_they_are_given() -> None:
    net = Net(over(B, page(key="other="), page()))
    finding, asked = visit(net, Destination(URL, spki_sha256=("key=", "other=")))
    assert finding.cause == "ok"
    assert {ask.spki_sha256 for ask in asked} == {("key=", "other=")}


@pytest.mark.parametrize("url", ["http://publish.example.org/", "ftp://publish.example.org/"])
def test_a_place_without_encryption_fails_and_is_not_asked(url: str) -> None:
    finding, asked = visit(Net(page()), Destination(url))
    assert (finding.status, finding.cause) == (Status.FAIL, "not_encrypted")
    assert not asked


def test_an_onion_is_its_own_key_and_one_answer_is_enough() -> None:
    finding, asked = visit(Net(page(key="")), Destination(ONION))
    assert finding.cause == "ok"
    assert len(asked) == 1
    finding, _ = visit(Net(broken(Step.CONNECT, "onion_down")), Destination(ONION))
    assert finding.cause == "no_connection"
    finding, _ = visit(Net(page(302, location="https://www.example.org/")), Destination(ONION))
    assert finding.cause == "redirect"


def test_an_onion_may_send_on_to_its_encrypted_page() -> None:
    def speak(ask: Ask, exit_: str) -> Answer:
        secure = ask.url.startswith("https")
        return (page() if secure else page(302, "", ONION.replace("http", "https")))(ask, exit_)

    finding, asked = visit(Net(speak), Destination(ONION))
    assert finding.cause == "ok"
    assert len({ask.identity for ask in asked}) == 1


def test_every_way_has_an_identity_of_its_own_and_no_more_ways_are_tried_than_help() -> None:
    _, asked = visit(Net(page()))
    assert len(asked) == len({ask.identity for ask in asked}) == 2
    _, asked = visit(Net(page(), (A,)))
    assert len(asked) == 12
    _, asked = visit(Net(broken(Step.CONNECT, "refused")))
    assert len(asked) == 4


def test_one_bad_place_among_good_ones_decides() -> None:
    def speak(ask: Ask, exit_: str) -> Answer:
        return (broken(Step.TLS, "expired") if "second" in ask.url else page())(ask, exit_)

    places = (Destination(URL), Destination("https://second.example.org/"))
    finding = judged(
        CHECK, Web(profile=Profile("test", destinations=places), net=Net(speak, (A, B, C, A, B, C)))
    )
    assert finding.cause == "expired"
    assert "second.example.org" in finding.summary


def test_without_a_place_nothing_is_asked_and_nothing_is_said() -> None:
    finding = judged(CHECK, FakeWorld())
    assert (finding.status, finding.cause) == (Status.SKIPPED, "no_destination")
    assert not CHECK.required(Profile("test"))
    assert CHECK.required(Profile("test", destinations=(Destination(URL),)))


VISITS = st.builds(
    Visit,
    st.sampled_from(["", A, B]),
    st.sampled_from(["", "key=", "other="]),
    st.sampled_from(["", *Step]).map(str),
    st.sampled_from(["", "expired", "failed", "refused", "too_big"]),
    st.sampled_from([0, 200, 302, 403]),
    st.sampled_from(["", "elsewhere", "insecure", "endless"]),
    st.booleans(),
)
PLACES = st.builds(
    Place,
    st.just("publish.example.org"),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(VISITS).map(tuple),
)


@given(st.lists(PLACES, min_size=1).map(tuple))
def test_good_means_that_each_place_was_proven(places: tuple[Place, ...]) -> None:
    if conclude_check(CHECK, Places(places), Policy(), True).status in GOOD:
        for place in places:
            assert place.encrypted or place.onion
            good = [
                visit for visit in place.visits if visit.carried and visit.status == 200 and not visit.step
            ]
            assert len({visit.exit for visit in good}) >= (1 if place.onion else 2)
            assert not any(visit.step == "tls" and visit.reason == "expired" for visit in place.visits)
