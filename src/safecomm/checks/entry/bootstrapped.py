"""Tor says that it is connected to its network."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import World

WORD = re.compile(r'\b([A-Z]+)=("(?:[^"\\]|\\.)*"|\S*)')
HELD_UP_BY = {
    "NOROUTE": "no_route",
    "CONNECTREFUSED": "connection_refused",
    "TIMEOUT": "connection_timed_out",
    "DONE": "connection_cut",
    "CONNECTRESET": "connection_cut",
    "IOERROR": "connection_cut",
    "TLS_ERROR": "entry_not_genuine",
    "IDENTITY": "entry_not_genuine",
    "PT_MISSING": "transport_missing",
    "RESOURCELIMIT": "stuck",
    "MISC": "stuck",
}


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What Tor believes of itself; None is an answer that could not be understood.

    tag and reason are Tor's own words for the phase and for what holds it up; its warning text and
    the address it warns of (perhaps a private bridge) are left out.
    """

    percent: int | None = None
    tag: str = ""
    reason: str = ""
    circuit: bool | None = None
    directory: bool | None = None
    network: bool | None = None
    dormant: bool | None = None
    disabled: bool | None = None


async def look(world: World) -> Bootstrap:
    """Ask for every flag side by side."""
    phase, circuit, directory, network, dormant, options = await asyncio.gather(
        world.info("status/bootstrap-phase"),
        world.info("status/circuit-established"),
        world.info("status/enough-dir-info"),
        world.info("network-liveness"),
        world.info("dormant"),
        world.options(("DisableNetwork",)),
    )
    words = bootstrap_words(phase)
    return Bootstrap(
        percent=int(words["PROGRESS"]) if re.fullmatch(r"\d{1,3}", words.get("PROGRESS", "")) else None,
        tag=words.get("TAG", ""),
        reason=words.get("REASON", ""),
        circuit=_flag(circuit),
        directory=_flag(directory),
        network={"up": True, "down": False}.get(network),
        dormant=_flag(dormant),
        disabled=_flag(options.get("DisableNetwork", ("0",))[-1]),
    )


def bootstrap_words(phase: str) -> dict[str, str]:
    """The keywords of a bootstrap status event (control-spec, section 4.1.10), quotes removed."""
    return {key: value.strip('"') for key, value in WORD.findall(phase)}


def _flag(answer: str) -> bool | None:
    return {"1": True, "0": False}.get(answer)


def judge(seen: Bootstrap, policy: Policy) -> Sequence[Judgement]:
    """Every flag must say yes; necessary, never sufficient, for they stay up on a dead network."""
    if seen.disabled:
        return because("network_disabled")
    if seen.percent is None:
        return because("unreadable")
    if seen.percent != 100:
        cause = HELD_UP_BY.get(seen.reason, "stuck" if seen.reason else "not_bootstrapped")
        return because(cause, percent=seen.percent, phase=seen.tag or "?")
    if seen.dormant:
        return because("dormant")
    if seen.network is False:
        return because("network_down")
    if seen.directory is False:
        return because("no_directory")
    if seen.circuit is False:
        return because("no_circuit")
    told = (seen.circuit, seen.directory, seen.network, seen.dormant, seen.disabled)
    return because("ok" if told == (True, True, True, False, False) else "unreadable")


CONNECTED = Bootstrap(100, "done", "", True, True, True, False, False)
CAUSES = {
    "ok": Cause(Status.PASS, N_("Tor says that it is connected.")),
    "network_disabled": Cause(
        Status.UNKNOWN,
        N_("Tor runs, but it was told not to use the network."),
        N_("Let Tor connect (in Tor Browser: press Connect), or take DisableNetwork out of its settings."),
        "start#tors-settings",
    ),
    "not_bootstrapped": Cause(
        Status.UNKNOWN,
        N_("Tor is still connecting: {percent} % done (step {phase})."),
        N_("Wait a minute, then check again."),
        "start#tor-does-not-connect",
    ),
    "no_route": Cause(
        Status.UNKNOWN,
        N_("Tor finds no way to the internet (at {percent} %, step {phase}). You seem to be offline."),
        N_("Connect to a network, then check again."),
        "start#tor-does-not-connect",
    ),
    "connection_refused": Cause(
        Status.UNKNOWN,
        N_("Tor's way in refuses the connection (at {percent} %, step {phase}). It is down or blocked."),
        N_("Try another bridge, a hidden way into Tor, or another network."),
        "start#tor-does-not-connect",
    ),
    "connection_timed_out": Cause(
        Status.UNKNOWN,
        N_("Tor's way in does not answer (at {percent} %, step {phase}). Tor may be blocked here."),
        N_("Try another bridge, a hidden way into Tor, or another network."),
        "start#tor-does-not-connect",
    ),
    "connection_cut": Cause(
        Status.UNKNOWN,
        N_(
            "Tor's connection is cut again and again (at {percent} %, step {phase}). Tor may be blocked here."
        ),
        N_("Try another bridge, a hidden way into Tor, or another network."),
        "start#tor-does-not-connect",
    ),
    "entry_not_genuine": Cause(
        Status.UNKNOWN,
        N_("What answers at Tor's way in is not the right one (at {percent} %, step {phase})."),
        N_("Do not use this network for Tor, or use another bridge. Somebody may stand in between."),
        "start#tor-does-not-connect",
    ),
    "transport_missing": Cause(
        Status.UNKNOWN,
        N_(
            "The program that disguises Tor is missing, so Tor cannot connect (at {percent} %, step {phase})."
        ),
        N_("Install it, or use other bridges; do not connect without one if Tor must stay hidden."),
        "start#hide-that-you-use-tor",
    ),
    "stuck": Cause(
        Status.UNKNOWN,
        N_("Tor does not get on with connecting (at {percent} %, step {phase})."),
        N_("Start Tor again. If it stays so, try a bridge, a hidden way into Tor, or another network."),
        "start#tor-does-not-connect",
    ),
    "unreadable": Cause(
        Status.UNKNOWN,
        N_("What Tor says about its connection could not be understood."),
        N_("Start Tor again, then check again."),
        "start#tor-does-not-connect",
    ),
    "dormant": Cause(
        Status.UNKNOWN,
        N_("Tor is asleep, because nobody has used it for long."),
        N_("Wait a minute and check again: asking wakes it."),
        "start#tor-does-not-connect",
    ),
    "network_down": Cause(
        Status.UNKNOWN,
        N_("Tor has lost its network."),
        N_("See whether you are still connected to a network, then check again."),
        "start#tor-does-not-connect",
    ),
    "no_directory": Cause(
        Status.UNKNOWN,
        N_("Tor does not know enough relays yet, the computers that pass your traffic on."),
        N_("Wait a minute, then check again."),
        "start#tor-does-not-connect",
    ),
    "no_circuit": Cause(
        Status.UNKNOWN,
        N_("Tor has not managed to build a path through its network."),
        N_("Wait a minute and check again. If it stays so, Tor may be blocked: connect by a bridge."),
        "start#tor-does-not-connect",
    ),
}

CHECK = Check(
    id="entry.bootstrapped",
    sentence=__doc__,
    footprint=Footprint.NONE,
    needs=("entry.control",),
    required=always,
    look=look,
    judge=judge,
    causes=CAUSES,
    examples={
        "ok": CONNECTED,
        "network_disabled": Bootstrap(0, "starting", "", False, False, False, False, True),
        "not_bootstrapped": Bootstrap(45, "requesting_descriptors", "", False, False, True, False, False),
        "no_route": Bootstrap(5, "conn", "NOROUTE", False, False, False, False, False),
        "connection_refused": Bootstrap(5, "conn", "CONNECTREFUSED", False, False, False, False, False),
        "connection_timed_out": Bootstrap(5, "conn", "TIMEOUT", False, False, False, False, False),
        "connection_cut": Bootstrap(10, "conn_done", "DONE", False, False, True, False, False),
        "entry_not_genuine": Bootstrap(14, "handshake", "IDENTITY", False, False, True, False, False),
        "transport_missing": Bootstrap(1, "conn_pt", "PT_MISSING", False, False, False, False, False),
        "stuck": Bootstrap(14, "handshake", "MISC", False, False, True, False, False),
        "unreadable": Bootstrap(
            None, circuit=True, directory=True, network=True, dormant=False, disabled=False
        ),
        "dormant": Bootstrap(100, "done", "", True, True, True, True, False),
        "network_down": Bootstrap(100, "done", "", True, True, False, False, False),
        "no_directory": Bootstrap(100, "done", "", True, False, True, False, False),
        "no_circuit": Bootstrap(100, "done", "", False, True, True, False, False),
    },
    blind=Bootstrap(),
)
