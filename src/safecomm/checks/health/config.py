"""Nothing in Tor's settings undoes what Tor does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from safecomm.checks.setting_rules import Rule
from safecomm.checks.settings import CONTROL_DOORS, DOORS, Setting, is_local, read_settings
from safecomm.checks.undoing_settings import UNDOING
from safecomm.checks.weakening_settings import WEAKENING
from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import World

KINDS = ("socks", "control", "dns", "trans", "natd", "httptunnel")
RULES: dict[str, Rule] = {**UNDOING, **WEAKENING}
LOCKS = ("CookieAuthentication", "HashedControlPassword")
KNOWN = frozenset(
    option.lower()
    for option in (*DOORS, *CONTROL_DOORS, *LOCKS, *(name for rule in RULES.values() for name in rule.tests))
)


@dataclass(frozen=True, slots=True)
class Listener:
    """A port Tor has opened: its kind, and "host:port" or just "unix"."""

    kind: str
    address: str

    @property
    def is_open(self) -> bool:
        """Whether other machines can reach it."""
        return self.address != "unix" and not is_local(self.address.rpartition(":")[0])


@dataclass(frozen=True, slots=True)
class Config:
    """Tor's ports and those of its settings that matter, in harmless words.

    method: how its control port authenticates ("none": not at all; "": not known).
    others: names of settings that differ from Tor's defaults and do not matter.
    """

    listeners: tuple[Listener, ...] = ()
    method: str = ""
    settings: tuple[Setting, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def locked(self) -> bool:
        """Whether the control port asks for a proof; only a clear yes counts."""
        if self.method:
            return self.method != "none"
        words = {each.option.lower(): each.words for each in self.settings}
        return words.get("cookieauthentication") == ("1",) or bool(words.get("hashedcontrolpassword"))


async def look(world: World) -> Config:
    """Read the settings and the ports; values are reduced to words before they become evidence."""
    control, options = await world.control(), await world.options(KNOWN)
    listening = await asyncio.gather(*(world.listeners(kind) for kind in KINDS))
    listeners = (
        Listener(kind, "unix" if address.startswith("unix:") else address)
        for kind, addresses in zip(KINDS, listening, strict=True)
        for address in addresses
    )
    others = tuple(option for option in options if option.lower() not in KNOWN)
    return Config(tuple(listeners), control.method, read_settings(options, KNOWN), others)


def judge(seen: Config, policy: Policy) -> Sequence[Judgement]:
    """Every broken rule is told; a Tor without the control port we speak through was not seen whole."""
    if not any(listener.kind == "control" for listener in seen.listeners):
        return because("not_seen")
    problems = [*_open_doors(seen), *_unlocked(seen)]
    for code, rule in RULES.items():
        broken = rule.broken_by(seen.settings)
        if broken and not (rule.lab and policy.private_network):
            problems += because(code, option=", ".join(broken))
    return problems or because("ok")


def _open_doors(seen: Config) -> Sequence[Judgement]:
    doors = {listener.kind for listener in seen.listeners if listener.is_open}
    for setting in seen.settings:
        if any(word.startswith("open") for word in setting.words):
            name = setting.option.lower().lstrip("_").removesuffix("port")
            doors |= {name} & set(KINDS)
    problems = [because(f"{kind}_open")[0] for kind in ("socks", "control") if kind in doors]
    others = sorted(doors - {"socks", "control"})
    return [*problems, *(because("door_open", doors=", ".join(others)) if others else ())]


def _unlocked(seen: Config) -> Sequence[Judgement]:
    """A Unix socket is guarded by the rights of its file, unless everybody may write to it."""
    if seen.locked:
        return ()
    by_network = any(each.kind == "control" and each.address != "unix" for each in seen.listeners)
    doors = {name.lower() for name in CONTROL_DOORS}
    for_all = any(
        "WorldWritable".lower() in word.lower().split()
        for setting in seen.settings
        if setting.option.lower() in doors
        for word in setting.words
    )
    return because("control_unlocked") if by_network or for_all else ()


ADVICE = N_("Take {option} out of Tor's settings, start Tor again, then check again.")
OPEN_ADVICE = N_("Do not publish. Let Tor listen on this computer only (127.0.0.1), and start it again.")
LOCAL = Config(
    (Listener("socks", "127.0.0.1:9050"), Listener("control", "127.0.0.1:9051")), "cookie+safecookie"
)


def _with(*settings: tuple[str, tuple[str, ...]]) -> Config:
    return replace(LOCAL, settings=tuple(Setting(option, words) for option, words in settings))


def _listening(kind: str, address: str) -> Config:
    return replace(LOCAL, listeners=(*LOCAL.listeners, Listener(kind, address)))


CHECK = Check(
    id="health.config",
    sentence=__doc__,
    footprint=Footprint.NONE,
    needs=("entry.control",),
    required=always,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Nothing in Tor's settings undoes what Tor does.")),
        "not_seen": Cause(
            Status.UNKNOWN,
            N_("Tor does not tell through which port it answers, so its settings were not seen whole."),
            N_("Start Tor again, then check again."),
            "start#tors-settings",
        ),
        "socks_open": Cause(
            Status.FAIL,
            N_(
                "Tor's door for programs is open to other computers. They can use it, and read what you send."
            ),
            OPEN_ADVICE,
            "start#tors-settings",
        ),
        "control_open": Cause(
            Status.FAIL,
            N_("Tor's control port, from which it can be steered, is open to other computers."),
            OPEN_ADVICE,
            "start#tors-settings",
        ),
        "door_open": Cause(
            Status.FAIL,
            N_(
                "A door of Tor is open to other computers ({doors}). They can use it, and read what you send."
            ),
            OPEN_ADVICE,
            "start#tors-settings",
        ),
        "control_unlocked": Cause(
            Status.FAIL,
            N_("Tor's control port has no lock: every program, and some web pages, can steer your Tor."),
            N_("Put the line CookieAuthentication 1 into Tor's settings, and start Tor again."),
            "start#tors-settings",
        ),
        **{
            code: Cause(rule.status, rule.summary, ADVICE, "start#tors-settings")
            for code, rule in RULES.items()
        },
    },
    examples={
        "ok": _with(("SocksPort", ("local",)), ("CookieAuthentication", ("1",))),
        "not_seen": replace(LOCAL, listeners=LOCAL.listeners[:1]),
        "socks_open": _listening("socks", "0.0.0.0:9050"),
        "control_open": _listening("control", "[::]:9051"),
        "door_open": _listening("dns", "192.168.1.5:53"),
        "control_unlocked": replace(LOCAL, method="none"),
        **{code: _with(rule.example) for code, rule in RULES.items()},
    },
    blind=Config(),
)
