"""The one question that decides everything else, asked on a terminal before anything is sent."""

import sys

from safecomm.core.errors import SafeCommError
from safecomm.core.language import N_, printable, tr
from safecomm.core.profile import Profile, answered
from safecomm.core.telling import MAY_IT_BE_SEEN
from safecomm.core.words import Use
from safecomm.home import keep_use, kept_use

EXPLAINED = (
    N_("v or 1  Yes, it may be seen. Others on the network can see that you use Tor, not what you do."),
    N_("h or 2  No, it must stay hidden. SafeComm then uses Tor only through bridges that disguise it."),
    N_("Anything else stops here. Nothing is sent before you have answered."),
)


def with_use(profile: Profile, may_ask: bool) -> Profile:
    """The profile with its own answer, else the kept one, else one asked for now, if that may be."""
    if profile.tor.use is not None:
        return profile
    use = kept_use()
    if use is None and may_ask and sys.stdin.isatty() and sys.stderr.isatty():
        use = _ask()
    return profile if use is None else answered(profile, use)


def _ask() -> Use | None:
    print(tr(MAY_IT_BE_SEEN), *map(tr, EXPLAINED), sep="\n  ", file=sys.stderr)
    print("> ", end="", file=sys.stderr, flush=True)
    try:
        typed = sys.stdin.readline().strip().lower()
    except UnicodeDecodeError:  # keys of another alphabet on an old terminal
        typed = ""
    use = {"v": Use.VISIBLE, "1": Use.VISIBLE, "h": Use.HIDDEN, "2": Use.HIDDEN}.get(typed)
    if use is not None:
        try:
            keep_use(use)
        except SafeCommError as error:  # it holds for this run all the same
            print(printable(str(error), 600), file=sys.stderr)
    return use
