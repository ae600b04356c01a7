"""Services on the internet see me come out of Tor, and not as myself."""

import asyncio
import contextlib
import ipaddress
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from safecomm.core.address import plain
from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile, Service
from safecomm.core.words import Footprint, Status
from safecomm.core.world import Answer, Ask, Step, World

SERVICES = 3
ENOUGH = 2
MORE_PAIRS = 6
ASK_S = 15.0
LOOK_S = 26.0
LIMIT = 4096
OK = 200
DISTRUST = frozenset({"untrusted", "name", "pin", "expired", "not_yet_valid"})


@dataclass(frozen=True, slots=True)
class Said:
    """What one service answered over one exit.

    address: the one it saw ("" if none could be read, or if it is this machine's: own); is_tor:
    None where it was not asked for. of_this_exit, of_an_exit: the consensus knows the address.
    carried: Tor showed that it carried the stream. step and reason say what broke.
    """

    service: str
    exit: str = ""
    address: str = ""
    is_tor: bool | None = None
    own: bool = False
    of_this_exit: bool = False
    of_an_exit: bool = False
    carried: bool = False
    step: str = ""
    reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether it named an address at all."""
        return not self.step


@dataclass(frozen=True, slots=True)
class Agreement:
    """services: the hosts that were asked; said: one entry for each host and circuit."""

    services: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


async def look(world: World) -> Agreement:
    """Ask up to three services side by side over two circuits, and over others if an exit repeats."""
    services = _different_hosts(world.profile)
    own = {plain(address) for address in await world.addresses()}
    said: list[Said] = []

    async def ask(service: Service, identity: str) -> None:
        said.append(await _ask(world, service, service in world.profile.tor_check, identity, own))

    async def pair() -> None:
        identities = (secrets.token_hex(16), secrets.token_hex(16))
        await asyncio.gather(*(ask(service, identity) for identity in identities for service in services))

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK_S):
            await pair()
            for _ in range(MORE_PAIRS):
                if not _another_may_help(said):
                    break
                await pair()
    hosts = tuple(_host(service) for service in services)
    return Agreement(hosts, await _placed(world, sorted(said, key=lambda each: (each.exit, each.service))))


def _different_hosts(profile: Profile) -> tuple[Service, ...]:
    """The first of each kind, then the others, one for each host."""
    kinds = (profile.tor_check, profile.ip_echo)
    mixed = [kind[i] for i in range(max(map(len, kinds))) for kind in kinds if i < len(kind)]
    by_host: dict[str, Service] = {}
    for service in mixed:
        by_host.setdefault(_host(service), service)
    return tuple(by_host.values())[:SERVICES]


def _host(service: Service) -> str:
    """Its name without port and in one spelling: the same server twice is one witness."""
    return (urlsplit(service.url).hostname or "").rstrip(".")


def _another_may_help(said: Sequence[Said]) -> bool:
    """Enough services are up, but not yet enough exits were seen by enough of them."""
    return len({each.service for each in said if each.answered}) >= ENOUGH > len(_exits(said))


async def _ask(world: World, service: Service, is_tor_check: bool, identity: str, own: set[str]) -> Said:
    host = _host(service)
    if urlsplit(service.url).scheme != "https":
        return Said(host, step=Step.TLS.value, reason="insecure")
    answer = await world.fetch(Ask(service.url, identity, service.ca_file, limit=LIMIT, timeout_s=ASK_S))
    said = Said(host, answer.stream.exit, carried=answer.stream.proven)
    if answer.broken is not None:
        return replace(said, step=answer.broken.value, reason=answer.reason)
    read = _read(answer, is_tor_check)
    if read is None:
        return replace(said, step=Step.HTTP.value, reason="not_understood")
    address, is_tor = read
    if address in own:
        return replace(said, own=True, is_tor=is_tor)
    return replace(said, address=address, is_tor=is_tor)


async def _placed(world: World, said: Sequence[Said]) -> tuple[Said, ...]:
    """The same, compared with the consensus; every relay and every address is looked up once."""
    exits = sorted({each.exit for each in said if each.exit and each.address})
    theirs = dict(zip(exits, await asyncio.gather(*map(world.relay_addresses, exits)), strict=True))
    of_this_exit = {(exit_, plain(address)) for exit_, addresses in theirs.items() for address in addresses}
    strange = sorted({s.address for s in said if s.address and (s.exit, s.address) not in of_this_exit})
    at = dict(zip(strange, await asyncio.gather(*map(world.relays_at, strange)), strict=True))
    return tuple(
        replace(
            each,
            of_this_exit=(each.exit, each.address) in of_this_exit,
            of_an_exit=(each.exit, each.address) in of_this_exit or bool(at.get(each.address)),
        )
        for each in said
    )


def _read(answer: Answer, is_tor_check: bool) -> tuple[str, bool | None] | None:
    """The address, and IsTor where it was asked for, out of strict JSON; None if it is anything else."""
    try:
        told = json.loads(answer.body)
        text, is_tor = (told["IP"], told["IsTor"]) if is_tor_check else (told["ip"], None)
        address = ipaddress.ip_address(text)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    if answer.status != OK or not isinstance(text, str) or (is_tor_check and not isinstance(is_tor, bool)):
        return None
    return None if address.is_loopback or address.is_unspecified else (plain(text), is_tor)


def judge(seen: Agreement, policy: Policy) -> Sequence[Judgement]:
    """Two services over two exits; third parties can withhold a yes, only two of them can say no."""
    answers = [each for each in seen.said if each.answered]
    problems: list[Judgement] = []
    own = {each.service for each in answers if each.own}
    if own:
        problems += because("own_address" if len(own) >= ENOUGH else "own_address_once")
    if any(each.step == Step.TLS and each.reason in DISTRUST for each in seen.said):
        problems += because("untrusted_certificate")
    if any(each.is_tor is False for each in answers):
        problems += because("says_not_tor")
    if not all(each.carried for each in answers):
        problems += because("not_carried")
    if any(_differ(one, other) for one in answers for other in answers):
        problems += because("disagree")
    if any(_unfamiliar(each, answers) for each in answers):
        problems += because("unknown_address")
    if not problems:
        problems += _enough(seen, answers)
    return problems


def _enough(seen: Agreement, answers: Sequence[Said]) -> Sequence[Judgement]:
    hosts = {each.service for each in answers}
    if len(hosts) < ENOUGH:
        broken = next((each for each in seen.said if not each.answered), Said(""))
        return because("too_few", count=len(hosts), step=broken.step or "-", reason=broken.reason or "-")
    exits = _exits(answers)
    if len(exits) < ENOUGH:
        return because("same_exit" if len({each.exit for each in answers}) < ENOUGH else "not_confirmed")
    silent = set(seen.services) - hosts
    return because("some_silent", count=len(silent), all=len(seen.services)) if silent else because("ok")


def _exits(said: Sequence[Said]) -> set[str]:
    """The exits over which at least two services answered."""
    pairs = {(each.exit, each.service) for each in said if each.answered and each.carried and each.exit}
    return {exit_ for exit_, _ in pairs if sum(exit_ == other for other, _ in pairs) >= ENOUGH}


def _differ(one: Said, other: Said) -> bool:
    """Two answers over one exit name different addresses of one kind, and not both are that exit's."""
    return (
        one.exit == other.exit
        and one.address != other.address
        and not (one.own or other.own)
        and (":" in one.address) == (":" in other.address)
        and not (one.of_this_exit and other.of_this_exit)
    )


def _unfamiliar(one: Said, answers: Sequence[Said]) -> bool:
    """An address of no exit, that no other service saw over the same exit."""
    return not (one.own or one.of_an_exit) and not any(
        (other.exit, other.address) == (one.exit, one.address) and other.service != one.service
        for other in answers
    )


HOSTS = ("check.example.org", "echo.example.net")


def _over(exit_: str, address: str, own: bool = False, known: bool = True) -> tuple[Said, Said]:
    """Two services that see the same over one exit."""
    check = Said(HOSTS[0], exit_, address, True, own, known, known, carried=True)
    return check, replace(check, service=HOSTS[1], is_tor=None)


A, B = "A" * 40, "B" * 40
ONE, TWO = _over(A, "198.51.100.1"), _over(B, "203.0.113.2")
DOWN = (
    Said(HOSTS[1], A, step="connect", reason="refused"),
    Said(HOSTS[1], B, step="connect", reason="refused"),
)

CHECK = Check(
    id="entry.exit_agreement",
    sentence=__doc__,
    footprint=Footprint.TOR,
    needs=("entry.socks_is_tor",),
    required=always,
    deadline_s=LOOK_S + 4,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Different services see you come out of Tor, in two different places.")),
        "some_silent": Cause(
            Status.WARN,
            N_("{count} of {all} check services did not answer. The others agree that you come out of Tor."),
            N_("Nothing to do now. If it stays so for days, ask for a profile with other services."),
            "start#the-check-services",
        ),
        "own_address": Cause(
            Status.FAIL,
            N_("Services on the internet see this computer's own address: you are not hidden."),
            N_("Do not publish. Stop all programs that use the network, start Tor again, then check again."),
            "start#the-check-services",
        ),
        "own_address_once": Cause(
            Status.UNKNOWN,
            N_("One service says that it sees this computer's own address. No other service says so."),
            N_("Do not publish. Check again, and get help if it stays so."),
            "start#the-check-services",
        ),
        "untrusted_certificate": Cause(
            Status.UNKNOWN,
            N_("A check service could not prove who it is. Somebody may stand between you and it."),
            N_("Wait two minutes, then check again: another way through Tor is used."),
            "start#the-check-services",
        ),
        "says_not_tor": Cause(
            Status.UNKNOWN,
            N_(
                "A check service says that you do not come out of Tor. It may not know this exit, or it lies."
            ),
            N_("Wait two minutes, then check again: another way through Tor is used."),
            "start#the-check-services",
        ),
        "not_carried": Cause(
            Status.UNKNOWN,
            N_("A check service answered, but this Tor did not show that it carried the answer."),
            N_("Check again. If it stays so, another program stands between SafeComm and Tor."),
            "start#the-door-is-not-tor",
        ),
        "disagree": Cause(
            Status.UNKNOWN,
            N_("The check services do not agree about where you come out of Tor. One of them is wrong."),
            N_("Wait two minutes, then check again: another way through Tor is used."),
            "start#the-check-services",
        ),
        "unknown_address": Cause(
            Status.UNKNOWN,
            N_("A check service sees you at an address that is no exit of Tor, and no other confirms it."),
            N_("Wait two minutes, then check again: another way through Tor is used."),
            "start#the-check-services",
        ),
        "too_few": Cause(
            Status.UNKNOWN,
            N_("Two check services are needed, and {count} answered (step {step}: {reason})."),
            N_("Wait two minutes, then check again. Many services turn Tor away at times."),
            "start#the-check-services",
        ),
        "not_confirmed": Cause(
            Status.UNKNOWN,
            N_("Not enough check services answered over two different ways out of Tor."),
            N_("Wait two minutes, then check again. Many services turn Tor away at times."),
            "start#the-check-services",
        ),
        "same_exit": Cause(
            Status.UNKNOWN,
            N_("Only one way out of Tor was found, and two are needed to compare."),
            N_("Wait two minutes, then check again. If it stays so, start Tor again."),
            "start#the-check-services",
        ),
    },
    examples={
        "ok": Agreement(HOSTS, ONE + TWO),
        "some_silent": Agreement(
            (*HOSTS, "third.example"), ONE + TWO + (Said("third.example", step="connect"),)
        ),
        "own_address": Agreement(HOSTS, _over(A, "", own=True, known=False) + TWO),
        "own_address_once": Agreement(HOSTS, (_over(A, "", own=True, known=False)[0], ONE[1], *TWO)),
        "untrusted_certificate": Agreement(
            (*HOSTS, "third.example"), ONE + TWO + (Said("third.example", step="tls", reason="untrusted"),)
        ),
        "says_not_tor": Agreement(HOSTS, (replace(ONE[0], is_tor=False), ONE[1], *TWO)),
        "not_carried": Agreement(HOSTS, (replace(ONE[0], exit="", carried=False), *TWO)),
        "disagree": Agreement(
            HOSTS, (ONE[0], replace(ONE[1], address="203.0.113.9", of_this_exit=False), *TWO)
        ),
        "unknown_address": Agreement(HOSTS, (_over(A, "192.0.2.9", known=False)[0], *TWO)),
        "too_few": Agreement(HOSTS, (ONE[0], TWO[0], *DOWN)),
        "not_confirmed": Agreement(HOSTS, (*ONE, TWO[0], DOWN[1])),
        "same_exit": Agreement(HOSTS, ONE + ONE),
    },
    blind=Agreement(),
)
