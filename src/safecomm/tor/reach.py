"""Reach a Tor: one that runs already, or one of our own."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from safecomm.core.address import is_here, split
from safecomm.core.errors import SafeCommError
from safecomm.core.profile import TorSettings
from safecomm.core.world import ControlSeen
from safecomm.tor.control import Changed, Control, open_control
from safecomm.tor.failure import TorFailure
from safecomm.tor.greeting import connect, greet
from safecomm.tor.managed import ManagedTor, running, start
from safecomm.tor.places import Place, is_near, usual_places

LESS_TELLING = ("refused", "unreachable")


@dataclass(slots=True)
class Reached:
    """How it went; control and socks are there only if seen.cause is "ok"."""

    seen: ControlSeen
    control: Control | None = None
    socks: str | None = None
    own: ManagedTor | None = None

    def close(self) -> None:
        """End the conversation, and the Tor that is ours."""
        if self.control is not None:
            self.control.close()
        if self.own is not None:
            self.own.end()


def reach(settings: TorSettings, folder: Callable[[], Path], on_change: Changed) -> Reached:
    """Follow the profile's mode; in mode auto a Tor of our own starts only if none runs."""
    if settings.mode != "managed":
        reached = _system(settings, on_change)
        if settings.mode == "system" or reached.seen.cause not in ("not_running", "unreachable"):
            return reached
    try:
        own_folder = folder() / "tor"
    except SafeCommError:
        return Reached(ControlSeen("no_folder", managed=True))
    return _managed(settings, own_folder, on_change)


def _system(settings: TorSettings, on_change: Changed) -> Reached:
    places = usual_places(settings, os.environ)
    failed: list[tuple[Place, TorFailure]] = []
    for place in places:
        try:
            if not is_near(place):
                raise TorFailure("elsewhere")
            named = settings.control is not None
            control = open_control(place.control, settings.password_file, on_change, named=named)
        except TorFailure as failure:
            failed.append((place, failure))
            continue
        return Reached(_seen(control, managed=False), control, place.socks)
    place, worst = min(failed, key=lambda each: each[1].cause in LESS_TELLING)
    cause: str = worst.cause
    if cause == "refused" and not any(_answers(near) for near, _ in failed if is_near(near)):
        cause = "not_running"
    tried = tuple(each.control for each in places)
    return Reached(ControlSeen(cause, place.control, detail=worst.detail, tried=tried), None, place.socks)


def _answers(place: Place) -> bool:
    if place.socks is None and place.control.startswith("unix:"):
        return False
    try:
        near = place.socks or f"127.0.0.1:{split(place.control)[1] - 1}"
        connect(near).close()
    except (OSError, ValueError, TorFailure):
        return False
    return True


def _managed(settings: TorSettings, folder: Path, on_change: Changed) -> Reached:
    there = running(folder)
    if there is not None and is_here(there):
        with contextlib.suppress(TorFailure):
            control = open_control(there, None, on_change)
            return Reached(_seen(control, managed=True), control)
    try:
        own = start(settings, folder)
    except TorFailure as failure:
        return Reached(ControlSeen(failure.cause, managed=True, detail=failure.detail))
    try:
        control = open_control(own.control, None, on_change)
        control.take_ownership()
    except TorFailure as failure:
        own.end()
        return Reached(ControlSeen(failure.cause, own.control, managed=True, detail=failure.detail))
    except BaseException:
        own.end()
        raise
    return Reached(_seen(control, managed=True), control, own=own)


def _seen(control: Control, managed: bool) -> ControlSeen:
    return ControlSeen("ok", control.endpoint, control.method, control.version, managed)


def answers_now(settings: TorSettings) -> bool:
    """Whether a control port in the usual places would speak to us (nothing is authenticated)."""
    for place in usual_places(settings, os.environ):
        with contextlib.suppress(TorFailure):
            if is_near(place):
                greet(place.control)
                return True
    return False
