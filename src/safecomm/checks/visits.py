"""One visit to a destination through Tor, by a way of its own."""

import secrets
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from safecomm.core.profile import Destination
from safecomm.core.world import Answer, Ask, Step, World

REDIRECTS = 5
ASK_S = 14.0
LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Visit:
    """One ask over one way: the exit's fingerprint, the server's key, and where it broke ("" if not).

    redirect: "", elsewhere, insecure or endless. carried: Tor showed that it carried the answer.
    """

    exit: str = ""
    key: str = ""
    step: str = ""
    reason: str = ""
    status: int = 0
    redirect: str = ""
    carried: bool = False

    @property
    def good(self) -> bool:
        """Whether the page came, whole or its beginning, and over this Tor."""
        return self.carried and not (self.step or self.redirect) and 200 <= self.status < 300


async def visit(world: World, destination: Destination) -> Visit:
    """Ask, and follow what stays at the same host and does not become less safe."""
    url, identity = destination.url, secrets.token_hex(16)
    asked = {url}
    while True:
        ask = Ask(url, identity, destination.ca_file, destination.spki_sha256, LIMIT, ASK_S)
        answer = await world.fetch(ask)
        if not _redirects(answer):
            return _seen(answer)
        target, problem = _follow(url, answer.location)
        if not problem and (target in asked or len(asked) > REDIRECTS):
            problem = "endless"
        if problem:
            return replace(_seen(answer), redirect=problem)
        asked.add(target)
        url = target


def _redirects(answer: Answer) -> bool:
    broke = answer.broken not in (None, Step.REDIRECT) and answer.reason != "too_big"
    return not broke and 300 <= answer.status < 400 and bool(answer.location)


def _follow(url: str, location: str) -> tuple[str, str]:
    """Where it leads, and what is wrong with that: another host, or no encryption any more."""
    try:
        target = urljoin(url, location)
        here, there = urlsplit(url), urlsplit(target)
        same = here.hostname == there.hostname and there.port != 0
    except ValueError:
        return "", "elsewhere"
    onion = (there.hostname or "").endswith(".onion")
    if (here.scheme, there.scheme) == ("https", "http") and not onion:
        return target, "insecure"
    return target, "" if same and there.scheme in ("http", "https") else "elsewhere"


def _seen(answer: Answer) -> Visit:
    """A page that is too big to read whole came all the same."""
    came = answer.broken in (None, Step.STATUS, Step.REDIRECT) or answer.reason == "too_big"
    return Visit(
        answer.stream.exit,
        answer.key_sha256,
        "" if came or answer.broken is None else answer.broken.value,
        "" if came else answer.reason,
        answer.status,
        carried=answer.stream.proven,
    )
