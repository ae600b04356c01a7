"""Pages that exist only inside the Tor network answer."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.profile import Service
from safecomm.core.words import Footprint, Status
from safecomm.core.world import Ask, World

V3 = re.compile(r"(?:^|\.)[a-z2-7]{56}\.onion$")
PAGE_S = 30.0
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Page:
    """One onion page: is_onion: its name is a v3 onion address; carried: by this Tor, as Tor tells.

    status is that of its HTTP answer, 0 if none came; step and reason say what broke.
    """

    host: str
    is_onion: bool
    status: int = 0
    carried: bool = False
    step: str = ""
    reason: str = ""

    @property
    def answers(self) -> bool:
        """Whether a page came, and not the excuse of a server that is down."""
        return 0 < self.status < SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Pages:
    """The profile's onion pages, in its order."""

    pages: tuple[Page, ...] = ()


async def look(world: World) -> Pages:
    """Ask for all of them side by side, each over a circuit of its own."""
    return Pages(tuple(await asyncio.gather(*(_ask(world, service) for service in world.profile.onion))))


async def _ask(world: World, service: Service) -> Page:
    host = urlsplit(service.url).hostname or ""
    if not V3.search(host):
        return Page(host, is_onion=False)
    ask = Ask(service.url, secrets.token_hex(16), service.ca_file, timeout_s=PAGE_S)
    answer = await world.fetch(ask)
    return Page(
        host,
        is_onion=True,
        status=answer.status,
        carried=answer.stream.proven,
        step=answer.broken.value if answer.broken else "",
        reason=answer.reason,
    )


def judge(seen: Pages, policy: Policy) -> Sequence[Judgement]:
    """One page that answers over this Tor is enough; the others are advice."""
    if not seen.pages:
        return because("no_service")
    if not all(page.is_onion for page in seen.pages):
        return because("not_onion")
    if any(page.answers and not page.carried for page in seen.pages):
        return because("not_carried")
    silent = [page for page in seen.pages if not page.answers]
    if len(silent) == len(seen.pages):
        return because("none_answers", step=silent[0].step or "?", reason=silent[0].reason or "?")
    if silent:
        return because("some_silent", count=len(silent), all=len(seen.pages))
    return because("ok")


ONION = "a" * 56 + ".onion"
ANSWERING = Page(ONION, is_onion=True, status=200, carried=True)
SILENT = Page(ONION, is_onion=True, step="connect", reason="onion_down")

CHECK = Check(
    id="entry.onion",
    sentence=__doc__,
    footprint=Footprint.TOR,
    needs=("entry.socks_is_tor",),
    required=always,
    deadline_s=PAGE_S + 5,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Pages that exist only inside the Tor network answer.")),
        "some_silent": Cause(
            Status.WARN,
            N_("{count} of {all} onion pages, which exist only inside the Tor network, did not answer."),
            N_("Nothing to do now. If it stays so for days, ask for a profile with other pages."),
            "start#onion-pages",
        ),
        "none_answers": Cause(
            Status.UNKNOWN,
            N_("No onion page, which exists only inside the Tor network, answered (step {step}: {reason})."),
            N_("Wait two minutes and check again. If it stays so, start Tor again."),
            "start#onion-pages",
        ),
        "not_carried": Cause(
            Status.UNKNOWN,
            N_("An onion page answered, but this Tor did not show that it carried the answer."),
            N_("Check again. If it stays so, another program stands between SafeComm and Tor."),
            "start#the-door-is-not-tor",
        ),
        "not_onion": Cause(
            Status.UNKNOWN,
            N_("The profile names an onion page that is none, so this could not be tested."),
            N_("Ask the people who gave you this profile for a new one."),
            "start#onion-pages",
        ),
        "no_service": Cause(
            Status.UNKNOWN,
            N_("The profile names no onion page, so nothing inside the Tor network could be tested."),
            N_("Ask the people who gave you this profile for one with onion pages."),
            "start#onion-pages",
        ),
    },
    examples={
        "ok": Pages((ANSWERING, ANSWERING)),
        "some_silent": Pages((ANSWERING, SILENT)),
        "none_answers": Pages((SILENT, SILENT)),
        "not_carried": Pages((ANSWERING, Page(ONION, is_onion=True, status=200))),
        "not_onion": Pages((ANSWERING, Page("www.example.org", is_onion=False))),
        "no_service": Pages(),
    },
    blind=Pages(),
)
