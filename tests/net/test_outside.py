"""Changes of the network and the clock are told as they happen."""

import asyncio
import time

import pytest

from safecomm.net import outside
from safecomm.net.outside import CLOCK, NETWORK, Outside, network


async def test_a_changed_network_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    watch = Outside(heard.append)
    try:
        watch._compare()
        monkeypatch.setattr(outside, "network", lambda: ("another",))
        watch._compare()
        watch._compare()
    finally:
        watch.close()
    assert heard == [NETWORK]


async def test_a_jump_of_the_clock_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = asyncio.Event()
    monkeypatch.setattr(outside, "TICK_S", 0.01)
    watch = Outside(lambda word: heard.set() if word == CLOCK else None)
    real = time.time
    try:
        await asyncio.sleep(0.05)
        assert not heard.is_set()
        monkeypatch.setattr(time, "time", lambda: real() + 3600)
        await asyncio.wait_for(heard.wait(), 5)
    finally:
        watch.close()


def test_the_picture_of_the_network_is_steady() -> None:
    assert network() == network()
