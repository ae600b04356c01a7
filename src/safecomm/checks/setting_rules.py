"""What can be wrong with one of Tor's settings: a rule, and the tests of which rules are made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safecomm.checks.settings import Setting, Words
from safecomm.core.words import Status

Test = Callable[[Words], bool]

AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)(?: ([a-z]+))?", re.IGNORECASE)
DAY = 86400.0
UNITS = {
    "msec": 0.001,
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": DAY,
    "week": 7 * DAY,
    "month": 30 * DAY,
}
FEW_RELAYS = 20


@dataclass(frozen=True, slots=True)
class Rule:
    """What is wrong when the test of an option (in Tor's spelling) holds for its words.

    summary may name the {option}. example is an option and words for which it holds. lab: expected
    in a private network that the profile announces.
    """

    status: Status
    tests: Mapping[str, Test]
    summary: str
    example: tuple[str, Words]
    lab: bool = False

    def broken_by(self, settings: tuple[Setting, ...]) -> tuple[str, ...]:
        """The options that break it, in Tor's spelling."""
        tests = {name.lower(): test for name, test in self.tests.items()}
        known = [(each, tests[each.option.lower()]) for each in settings if each.option.lower() in tests]
        return tuple(each.option for each, test in known if test(each.words))


def all_of(test: Test, *options: str) -> Mapping[str, Test]:
    """The same test for several options."""
    return dict.fromkeys(options, test)


def said(*wanted: str) -> Test:
    """One of these words is there."""
    return lambda words: any(word.lower() in wanted for word in words)


def is_set(words: Words) -> bool:
    """It is there at all."""
    return bool(words)


def is_on(words: Words) -> bool:
    """A port that is not switched off."""
    return any(word.partition(" ")[0] != "off" for word in words)


def between(low: float, high: float) -> Test:
    """A number (a length of time in seconds) above low and not above high; an unreadable one counts too."""

    def test(words: Words) -> bool:
        return any((number := amount(word)) is None or low < number <= high for word in words)

    return test


def amount(word: str) -> float | None:
    """A number or a length of time in seconds; None if it is neither."""
    found = AMOUNT.fullmatch(word)
    unit = (found.group(2) or "second").lower() if found else ""
    size = UNITS.get(unit, UNITS.get(unit.removesuffix("s")))
    return float(found.group(1)) * size if found and size is not None else None


def few(words: Words) -> bool:
    """Relays of one country, or no more than a handful of single ones."""
    countries = {word for word in words if word != "relay"}
    return bool(words) and len(countries) <= 1 and words.count("relay") <= FEW_RELAYS


def many(words: Words) -> bool:
    """A choice of relays that is limited, but not to few."""
    return bool(words) and not few(words)


def only_some(words: Words) -> bool:
    """No way in at any address is left."""
    return bool(words) and "any" not in words


def flags(word: str) -> dict[str, bool]:
    """The flags of a door by lower-case name, the last one counting, "No" taken off."""
    seen = {}
    for flag in word.lower().split()[1:]:
        name = flag.partition("=")[0]
        seen[name.removeprefix("no")] = not name.startswith("no")
    return seen


def unisolated(words: Words) -> bool:
    """A door through which different programs or names may share a way through Tor."""
    return any(
        not on.get("isolatesocksauth", True)
        or not on.get("isolateclientaddr", True)
        or on.get("prefersocksnoauth", False)
        or "sessiongroup" in on
        for on in map(flags, words)
    )


def cached(words: Words) -> bool:
    """A door that remembers addresses of names."""
    return any(any(on.get(f"use{kind}cache") for kind in ("dns", "ipv4", "ipv6")) for on in map(flags, words))


OFF = said("0")
ON = said("1")
