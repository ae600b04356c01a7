"""Nothing is sent to a SOCKS port on another computer, whoever names it."""

from typing import Any

import pytest

from safecomm.core.errors import Unavailable
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Use
from safecomm.core.world import Ask, ControlSeen
from safecomm.live import world as world_module
from safecomm.live.world import LiveWorld
from safecomm.net.threads import Threads
from safecomm.tor.ledger import Ledger
from safecomm.tor.reach import Reached


class TellingTor:
    """A control port that is let in, and says that it is connected and listens there."""

    alive = True

    def __init__(self, *listeners: str) -> None:
        self.ledger = Ledger()
        self._told = {
            "net/listeners/socks": " ".join(f'"{listener}"' for listener in listeners),
            "status/bootstrap-phase": "NOTICE BOOTSTRAP PROGRESS=100 TAG=done",
        }

    def info(self, key: str) -> str:
        return self._told[key]


def world_of(*listeners: str, socks: str | None = None) -> LiveWorld:
    tor: Any = TellingTor(*listeners)
    profile = Profile("test", tor=TorSettings(use=Use.VISIBLE))
    return LiveWorld(profile, Reached(ControlSeen("ok"), tor, socks), Threads())


@pytest.mark.parametrize(
    ("listeners", "socks"),
    [
        (("203.0.113.5:9050",), ""),
        (("203.0.113.5:9050", "127.0.0.1:9052"), "127.0.0.1:9052"),
        (("unix:/run/tor/socks", "0.0.0.0:9050"), "127.0.0.1:9050"),
        (("[2001:db8::1]:9050", "[::]:9051"), "[::1]:9051"),
        ((), ""),
    ],
)
async def test_only_a_port_of_this_computer_is_taken_from_tors_list(
    listeners: tuple[str, ...], socks: str
) -> None:
    world = world_of(*listeners)
    await world.listeners("socks")
    assert world.socks == socks


@pytest.mark.parametrize("socks", [None, "203.0.113.5:9050"])
async def test_the_gate_stays_shut_before_another_computer(
    socks: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_may(*_: object) -> None:
        raise AssertionError("sent")

    monkeypatch.setattr(world_module, "open_stream", nobody_may)
    world = world_of("203.0.113.5:9050", socks=socks)
    with pytest.raises(Unavailable) as caught:
        await world.fetch(Ask("https://page.test/", "me"))
    assert caught.value.check == "entry.socks_is_tor"
    with pytest.raises(Unavailable):
        await world.probe("page.test", 443, 1.0)
