"""The place where you publish is the right one, whichever way through Tor leads there."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from safecomm.checks.visits import Visit, visit
from safecomm.core.check import Cause, Check, Judgement, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.profile import Destination, Profile
from safecomm.core.words import Footprint, Status
from safecomm.core.world import Step, World

ROUNDS = 6
LOOK_S = 34.0
BROKEN: dict[str, str] = {
    Step.SOCKS: "no_socks",
    Step.RESOLVE: "no_name",
    Step.CONNECT: "no_connection",
    Step.TLS: "no_encryption",
    Step.HTTP: "no_page",
}
DISTRUST = {
    "untrusted": "untrusted",
    "expired": "expired",
    "not_yet_valid": "not_yet_valid",
    "name": "wrong_name",
    "pin": "wrong_key",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A destination. encrypted: by https; onion: its address is its own key; pinned: keys are given."""

    host: str
    encrypted: bool
    onion: bool = False
    pinned: bool = False
    visits: tuple[Visit, ...] = ()

    @property
    def good(self) -> tuple[Visit, ...]:
        """The visits at which the page came from a server that proved who it is."""
        return tuple(each for each in self.visits if each.good and (each.key or not self.encrypted))

    @property
    def enough(self) -> bool:
        """Two exits show the same as one person would see; an onion page has no exit."""
        return len({each.exit for each in self.good}) >= (1 if self.onion else 2)


@dataclass(frozen=True, slots=True)
class Places:
    """All destinations of the profile; None: not looked at."""

    places: tuple[Place, ...] | None = None


async def look(world: World) -> Places:
    """Visit every destination side by side."""
    return Places(tuple(await asyncio.gather(*(_visit(world, each) for each in world.profile.destinations))))


async def _visit(world: World, destination: Destination) -> Place:
    """By two ways at once, then by others until two good ones have different exits."""
    url = urlsplit(destination.url)
    host = url.hostname or ""
    onion = host.endswith(".onion")
    place = Place(host, url.scheme == "https", onion, bool(destination.spki_sha256))
    if not (place.encrypted or onion):
        return place
    visits: list[Visit] = []

    async def go() -> None:
        visits.append(await visit(world, destination))

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK_S):
            for again in range(ROUNDS):
                await asyncio.gather(*(go() for _ in range(1 if onion else 2)))
                place = replace(place, visits=tuple(visits))
                if place.enough or (again and not place.good):
                    break
    return replace(place, visits=tuple(visits))


def judge(seen: Places, policy: Policy) -> Sequence[Judgement]:
    """All destinations, each with all that is wrong with it."""
    if seen.places is None:
        return because("not_looked_at")
    if not seen.places:
        return because("no_destination")
    problems = [judgement for place in seen.places for judgement in _judge(place)]
    return problems or because("ok")


def _judge(place: Place) -> Sequence[Judgement]:
    if not (place.encrypted or place.onion):
        return because("not_encrypted", host=place.host)
    problems: list[Judgement] = []
    for reason in dict.fromkeys(each.reason for each in place.visits if each.step == Step.TLS):
        if reason in DISTRUST:
            problems += because(DISTRUST[reason], host=place.host)
    if any(each.redirect == "insecure" for each in place.visits):
        problems += because("insecure", host=place.host)
    keys = {each.key for each in place.visits if each.key and each.step != Step.TLS}
    if len(keys) > 1 and not (place.pinned or place.onion):
        problems += because("different_keys", host=place.host)
    if any(each.status and not each.carried for each in place.visits):
        problems += because("not_carried", host=place.host)
    if problems or place.enough:
        return problems
    return _doubt(place)


def _doubt(place: Place) -> Sequence[Judgement]:
    """Why two good visits over different exits did not come about: the last that went wrong tells."""
    wrong = [each for each in place.visits if each not in place.good]
    if place.good and not wrong:
        return because("same_exit", host=place.host)
    last = wrong[-1] if wrong else Visit(step=Step.CONNECT.value, reason="timed_out")
    if last.redirect:
        return because("redirect_loop" if last.redirect == "endless" else "redirect", host=place.host)
    if last.step or not last.status:
        return because(BROKEN.get(last.step, "no_page"), host=place.host, reason=last.reason or "?")
    if last.good:
        return because("no_encryption", host=place.host, reason="no_key")
    return because("http_status", host=place.host, status=last.status)


def has_destination(profile: Profile) -> bool:
    """Whether there is a place to look at."""
    return bool(profile.destinations)


A, B = (Visit(exit_ * 40, "key=", status=200, carried=True) for exit_ in "AB")
HOST = "publish.example.org"
UNPROVEN = Visit(A.exit, "key=", status=200)


def _place(*visits: Visit, encrypted: bool = True) -> Places:
    return Places((Place(HOST, encrypted, visits=visits),))


def _broken(step: Step, reason: str) -> Places:
    return _place(A, Visit(B.exit, step=step.value, reason=reason, carried=True))


AGAIN = N_("Wait two minutes, then check again: another way through Tor is used.")
STOP = N_("Do not publish, and do not enter a password there. Check again; get help if it stays so.")
GUIDE = "start#the-place-where-you-publish"

CHECK = Check(
    id="tampering.destination",
    sentence=__doc__,
    footprint=Footprint.TOR,
    needs=("entry.socks_is_tor",),
    required=has_destination,
    deadline_s=LOOK_S + 4,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(
            Status.PASS, N_("The place where you publish proves who it is, by two ways through Tor.")
        ),
        "no_destination": Cause(
            Status.SKIPPED,
            N_("Not looked at: no place where you publish is named."),
            N_("Name it in your profile, or with --destination."),
            GUIDE,
        ),
        "not_looked_at": Cause(
            Status.UNKNOWN, N_("The place where you publish was not looked at."), N_("Check again."), GUIDE
        ),
        "not_encrypted": Cause(
            Status.FAIL,
            N_("The address of {host} begins with http://. All that you send there can be read and changed."),
            N_("Do not publish there. Use its address that begins with https://, or its onion address."),
            GUIDE,
        ),
        "untrusted": Cause(
            Status.FAIL,
            N_("What answers as {host} cannot prove that it is. Somebody may stand in between."),
            STOP,
            GUIDE,
        ),
        "expired": Cause(
            Status.FAIL,
            N_("The proof that {host} shows (its certificate) has run out, so anybody could show it."),
            N_("Do not publish there. Look at your clock too, and tell the people who run the place."),
            GUIDE,
        ),
        "not_yet_valid": Cause(
            Status.FAIL,
            N_("The proof that {host} shows (its certificate) is from the future. Your clock may be wrong."),
            N_("Do not publish. Set your clock, then check again."),
            "start#set-your-clock",
        ),
        "wrong_name": Cause(
            Status.FAIL,
            N_("What answers as {host} shows the proof of another place. Somebody may stand in between."),
            STOP,
            GUIDE,
        ),
        "wrong_key": Cause(
            Status.FAIL,
            N_("What answers as {host} has not the key your profile names. Somebody may stand in between."),
            STOP,
            GUIDE,
        ),
        "different_keys": Cause(
            Status.FAIL,
            N_("By two ways, {host} shows different keys. Big sites do that at times, and so do attackers."),
            N_("Do not publish. Ask the people who run the place for its key, and put it into your profile."),
            GUIDE,
        ),
        "insecure": Cause(
            Status.FAIL,
            N_("{host} sends you on to an address without encryption. All that you send could be read."),
            N_("Do not publish there. Tell the people who run the place."),
            GUIDE,
        ),
        "not_carried": Cause(
            Status.UNKNOWN,
            N_("{host} answered, but this Tor did not show that it carried the answer."),
            N_("Check again. If it stays so, another program stands between SafeComm and Tor."),
            "start#the-door-is-not-tor",
        ),
        "no_socks": Cause(
            Status.UNKNOWN,
            N_("Tor's door for programs did not let us through to {host} ({reason})."),
            N_("Start Tor again, then check again."),
            "start#the-door-is-not-tor",
        ),
        "no_name": Cause(
            Status.UNKNOWN,
            N_("Tor does not find {host} ({reason}). Its name may be misspelt, or it may be gone."),
            N_("Compare the address letter by letter, then check again."),
            GUIDE,
        ),
        "no_connection": Cause(
            Status.UNKNOWN,
            N_("{host} does not answer through Tor ({reason}). It may be down, or turn Tor away."),
            AGAIN,
            GUIDE,
        ),
        "no_encryption": Cause(
            Status.UNKNOWN,
            N_("No encrypted connection to {host} came about ({reason})."),
            AGAIN,
            GUIDE,
        ),
        "no_page": Cause(
            Status.UNKNOWN,
            N_("{host} is there, but no page came that could be understood ({reason})."),
            AGAIN,
            GUIDE,
        ),
        "http_status": Cause(
            Status.UNKNOWN,
            N_("{host} is there, but it refuses to show the page (error {status})."),
            AGAIN,
            GUIDE,
        ),
        "redirect": Cause(
            Status.UNKNOWN,
            N_("{host} sends you on to another place, which was not looked at."),
            N_("Name the place itself in your profile, if it is the right one. Then check again."),
            GUIDE,
        ),
        "redirect_loop": Cause(
            Status.UNKNOWN, N_("{host} sends us on without end, so no page came."), AGAIN, GUIDE
        ),
        "same_exit": Cause(
            Status.UNKNOWN,
            N_("Only one way out of Tor led to {host}, and two are needed to compare."),
            AGAIN,
            GUIDE,
        ),
    },
    examples={
        "ok": _place(A, B),
        "no_destination": Places(()),
        "not_looked_at": Places(),
        "not_encrypted": _place(encrypted=False),
        "untrusted": _broken(Step.TLS, "untrusted"),
        "expired": _broken(Step.TLS, "expired"),
        "not_yet_valid": _broken(Step.TLS, "not_yet_valid"),
        "wrong_name": _broken(Step.TLS, "name"),
        "wrong_key": _broken(Step.TLS, "pin"),
        "different_keys": _place(A, replace(B, key="other=")),
        "insecure": _place(A, replace(B, status=302, redirect="insecure")),
        "not_carried": _place(A, B, UNPROVEN),
        "no_socks": _broken(Step.SOCKS, "refused"),
        "no_name": _broken(Step.RESOLVE, "failed"),
        "no_connection": _broken(Step.CONNECT, "timed_out"),
        "no_encryption": _broken(Step.TLS, "failed"),
        "no_page": _broken(Step.HTTP, "not_http"),
        "http_status": _place(A, replace(B, status=403)),
        "redirect": _place(A, replace(B, status=302, redirect="elsewhere")),
        "redirect_loop": _place(A, replace(B, status=302, redirect="endless")),
        "same_exit": _place(A, A),
    },
    blind=Places(),
)
