"""Tor is as hidden as it must be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from safecomm.checks.settings import door
from safecomm.core.check import Cause, Check, Judgement, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile
from safecomm.core.words import Footprint, Status, Use
from safecomm.core.world import World

# In a Bridge line the transport comes first, if there is one; an address is no such word (tor(1)).
TRANSPORT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
KNOWN = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
SEEN_THROUGH = frozenset({"obfs2", "obfs3"})


@dataclass(frozen=True, slots=True)
class Visibility:
    """How Tor goes out; counts and names of transports only, never a bridge.

    use: the profile's answer ("" if there is none); plain: bridges without a transport; transports:
    those of the other bridges; plugins: those that a program on this computer provides. authority:
    Tor asks about bridges at a public place. relay: this computer is in the public list of relays.
    """

    use: str = ""
    use_bridges: bool = False
    bridges: int = 0
    plain: int = 0
    transports: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    authority: bool = False
    relay: bool = False


ASKED = ("UseBridges", "Bridge", "ClientTransportPlugin", "UpdateBridgesFromAuthority", "ORPort", "DirPort")


async def look(world: World) -> Visibility:
    """Count what the settings say about bridges."""
    given = await world.options(ASKED)
    options = {name.lower(): tuple(values) for name, values in given.items()}
    bridges = [value.split()[:1] for value in options.get("bridge", ())]
    named = [words[0] for words in bridges if words and TRANSPORT.fullmatch(words[0])]
    plugins = [name for value in options.get("clienttransportplugin", ()) for name in _names(value)]
    use = world.profile.tor.use
    return Visibility(
        use=use.value if use else "",
        use_bridges=options.get("usebridges", ("0",))[-1:] == ("1",),
        bridges=len(bridges),
        plain=len(bridges) - len(named),
        transports=tuple(sorted({_harmless(name) for name in named})),
        plugins=tuple(sorted({_harmless(name) for name in plugins})),
        authority=options.get("updatebridgesfromauthority", ("0",))[-1:] == ("1",),
        relay=_is_relay(options),
    )


def _names(plugin: str) -> Sequence[str]:
    words = plugin.split()
    return words[0].split(",") if len(words) > 2 and words[1].lower() in ("exec", "socks4", "socks5") else ()


def _harmless(transport: str) -> str:
    """A transport's name; a word that cannot be one is not repeated."""
    return transport.lower() if KNOWN.fullmatch(transport.lower()) else "?"


def _is_relay(options: Mapping[str, tuple[str, ...]]) -> bool:
    ports = (*options.get("orport", ()), *options.get("dirport", ()))
    return any(word.split()[0] != "off" for port in ports for word in door(port))


def judge(seen: Visibility, policy: Policy) -> Sequence[Judgement]:
    """If it must be hidden, every way out is a bridge with a transport that this Tor can start."""
    if seen.use == Use.VISIBLE and not policy.hidden:
        return because("visible")
    if not policy.hidden and seen.use != Use.HIDDEN:
        return because("undecided")
    if not seen.use_bridges:
        return because("direct")
    if not seen.bridges:
        return because("no_bridges")
    problems: list[Judgement] = []
    if seen.plain or not seen.transports:
        problems += because("plain_bridge", count=seen.plain, all=seen.bridges)
    missing = [name for name in seen.transports if name not in seen.plugins or name == "?"]
    if missing:
        problems += because("no_transport", transports=", ".join(missing))
    if SEEN_THROUGH & set(seen.transports):
        problems += because("seen_through", transports=", ".join(sorted(SEEN_THROUGH & set(seen.transports))))
    if seen.authority:
        problems += because("asks_authority")
    if seen.relay:
        problems += because("is_relay")
    return problems or because("ok", transports=", ".join(seen.transports))


def hidden(profile: Profile) -> bool:
    """Whether it must not be seen that Tor is used."""
    return profile.tor.use is Use.HIDDEN or profile.policy.hidden


HIDDEN = Visibility("hidden", True, 2, 0, ("obfs4",), ("obfs4", "snowflake"))

CHECK = Check(
    id="health.visibility",
    sentence=__doc__,
    footprint=Footprint.NONE,
    needs=("entry.control",),
    required=hidden,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Tor goes out by bridges that hide it ({transports}).")),
        "visible": Cause(
            Status.PASS, N_("It may be seen that you use Tor: that is what you or your profile answered.")
        ),
        "undecided": Cause(
            Status.UNKNOWN,
            N_("Nobody has said yet whether it may be seen that you use Tor."),
            N_("Start SafeComm without arguments and answer its one question."),
            "start#may-it-be-seen-that-you-use-tor",
        ),
        "direct": Cause(
            Status.FAIL,
            N_("Your use of Tor must stay hidden, but this Tor does not go by bridges. It can be seen."),
            N_("Stop Tor at once. Set it up with bridges that have a transport before you start it again."),
            "start#hide-that-you-use-tor",
        ),
        "no_bridges": Cause(
            Status.FAIL,
            N_("Your use of Tor must stay hidden, but this Tor knows no bridge, no hidden way in."),
            N_("Stop Tor. Get bridges and add them before you start it again."),
            "start#hide-that-you-use-tor",
        ),
        "plain_bridge": Cause(
            Status.FAIL,
            N_("{count} of your {all} bridges have no disguise: anybody on the network sees that it is Tor."),
            N_("Stop Tor. Use only bridges with a transport, like obfs4 or snowflake."),
            "start#hide-that-you-use-tor",
        ),
        "no_transport": Cause(
            Status.FAIL,
            N_("The program that disguises Tor is not set up for some of your bridges ({transports})."),
            N_("Install that program and name it in Tor's settings, or use other bridges."),
            "start#hide-that-you-use-tor",
        ),
        "seen_through": Cause(
            Status.FAIL,
            N_("The disguise of some of your bridges is old and known to censors ({transports})."),
            N_("Stop Tor. Use newer bridges, like obfs4 or snowflake."),
            "start#hide-that-you-use-tor",
        ),
        "asks_authority": Cause(
            Status.FAIL,
            N_("Tor asks for its bridges at a public place of the Tor network, which can be seen."),
            N_("Take UpdateBridgesFromAuthority out of Tor's settings, and start Tor again."),
            "start#hide-that-you-use-tor",
        ),
        "is_relay": Cause(
            Status.FAIL,
            N_("Your use of Tor must stay hidden, but this computer is set up as a relay. All can see it."),
            N_("Take ORPort and DirPort out of Tor's settings, and start Tor again."),
            "start#hide-that-you-use-tor",
        ),
    },
    examples={
        "ok": HIDDEN,
        "visible": Visibility("visible"),
        "undecided": Visibility(),
        "direct": replace(HIDDEN, use_bridges=False),
        "no_bridges": replace(HIDDEN, bridges=0, transports=()),
        "plain_bridge": replace(HIDDEN, plain=1),
        "no_transport": replace(HIDDEN, plugins=("snowflake",)),
        "seen_through": replace(HIDDEN, transports=("obfs3",), plugins=("obfs3",)),
        "asks_authority": replace(HIDDEN, authority=True),
        "is_relay": replace(HIDDEN, relay=True),
    },
    blind=Visibility(),
)
