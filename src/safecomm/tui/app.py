"""The terminal program: the answer first, everything by keyboard, nothing blocks."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from safecomm.core.errors import SafeCommError
from safecomm.core.language import N_, printable, tr
from safecomm.core.profile import Profile, answered
from safecomm.core.words import Question, Use
from safecomm.live.events import Event
from safecomm.tui.first import FirstScreen
from safecomm.tui.following import MakeWatch, Watching, end, real_watch
from safecomm.tui.paint import unicode
from safecomm.tui.state import State

STOPPED = N_("SafeComm could not look any further ({kind}), so nothing is known now.")


class SafeCommApp(App[None]):
    """Follows a watch; only its handlers touch widgets."""

    CSS_PATH = "safecomm.tcss"
    TITLE = "SafeComm"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", tr(N_("Help")), key_display="?"),
        Binding("q,Q,f10", "quit", tr(N_("Quit")), key_display="Q"),
        Binding("ctrl+c", "quit", show=False, priority=True),
        Binding("ctrl+q", "quit", show=False, priority=True),
    ]

    class Told(Message):
        """An event has come."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    def __init__(
        self,
        profile: Profile,
        make_watch: MakeWatch = real_watch,
        keep_answer: Callable[[Use], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self.animation_level = "none"
        self.profile = profile
        self.state = State()
        self.watching = True
        self._make_watch = make_watch
        self._keep_answer = keep_answer
        self._watch: Watching | None = None
        self._following: Worker[None] | None = None
        self._leaving = False
        self.set_class(not unicode(), "-ascii")

    def get_default_screen(self) -> FirstScreen:
        """The first screen is the answer."""
        return FirstScreen(id="_default")

    def on_mount(self) -> None:
        """Ask first if need be; else look at once, after the first picture stands."""
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, self.action_quit)
            loop.add_signal_handler(signal.SIGHUP, lambda: self.run_worker(self._hang_up()))
        self.set_interval(1.0, self._tick)
        if self.profile.tor.use is None:
            from safecomm.tui.ask import AskScreen

            self.push_screen(AskScreen(), self._answered)
        else:
            self.call_after_refresh(self._begin)

    async def _hang_up(self) -> None:
        """The terminal is gone: there is nothing to restore, and reading from it would never end."""
        try:
            await end(self._watch)
        finally:
            os._exit(128 + signal.SIGHUP)

    def _answered(self, use: Use | None) -> None:
        if use is None:
            return
        self.profile = answered(self.profile, use)
        try:
            self._keep_answer(use)
        except SafeCommError as error:
            self.notify(printable(str(error)), markup=False, severity="warning")
        self._begin()

    def _handle_exception(self, error: Exception) -> None:
        """A crash is one line: the usual picture of it would show what is in memory."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        what = tr(N_("An internal error stopped the program ({kind})."), kind=type(error).__name__)
        then = tr(N_("This is no answer about your safety. Please report it."))
        self.exit(return_code=1, message=f"{what} {then}")

    def _begin(self) -> None:
        self.state = State()
        self._tell()
        self._following = self.run_worker(self._follow(), exit_on_error=False)

    async def _follow(self) -> None:
        self._watch = watch = await asyncio.to_thread(self._make_watch, self.profile)
        watch.watching = self.watching
        try:
            async for event in watch.events():
                self.post_message(self.Told(event))
        finally:
            await end(watch)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """However the watch has ended, nothing is known from then on."""
        over = event.state in (WorkerState.ERROR, WorkerState.SUCCESS, WorkerState.CANCELLED)
        if not over or event.worker is not self._following:
            return
        error = event.worker.error
        told = str(error) if isinstance(error, SafeCommError) else ""
        kind = type(error).__name__ if error is not None else "-"
        self._following = self._watch = None
        self.state = self.state.stop(told or tr(STOPPED, kind=kind))
        self._tell()

    def on_safe_comm_app_told(self, message: Told) -> None:
        """Take the event into the state, and show it on every open screen."""
        self.state = self.state.after(message.event, datetime.now(UTC), time.monotonic())
        self._tell()

    def _tick(self) -> None:
        aged = self.state.aged(datetime.now(UTC), time.monotonic())
        if aged is not self.state:
            self.state = aged
            self._tell()
        elif isinstance(self.screen, FirstScreen) and self.screen.is_mounted:  # slow computers tick before
            self.screen.tick(self.state)

    def _tell(self) -> None:
        for screen in self.screen_stack:
            tell = getattr(screen, "tell", None)
            if tell is not None and screen.is_mounted:
                tell(self.state)

    def _open(self, screen: Screen[None]) -> None:
        if self.screen.name != screen.name:
            self.push_screen(screen)

    def open_question(self, question: Question) -> None:
        """A page with its findings."""
        from safecomm.tui.page import Page
        from safecomm.tui.question import guide, write

        self._open(Page(question.value, write(question), guide(question)))

    def open_guide(self, link: str) -> None:
        """A guide at its heading."""
        from safecomm.tui.guide import GuideScreen

        self._open(GuideScreen(link))

    def action_check_again(self) -> None:
        """Run again now; if the watch has ended, begin a new one."""
        if self._watch is not None:
            self._watch.check_again()
        elif self.state.stopped and self._following is None:
            self._begin()

    def action_watching(self) -> None:
        """Turn watching on or off."""
        self.watching = not self.watching
        if self._watch is not None:
            self._watch.watching = self.watching
        self._tell()

    def action_guide(self) -> None:
        """The guide for the first reason."""
        first = self.state.report.first_reason if self.state.report else None
        self.open_guide(first.remedy.guide if first and first.remedy and first.remedy.guide else "start")

    def action_meaning(self) -> None:
        """What SAFE means."""
        from safecomm.tui.page import Page
        from safecomm.tui.words import meaning_text

        self._open(Page("meaning", meaning_text))

    def action_help(self) -> None:
        """The keys."""
        from safecomm.tui.page import Page
        from safecomm.tui.words import help_text

        self._open(Page("help", help_text))

    def action_quit(self) -> None:  # type: ignore[override]
        """End the watch, then the program; asked again, do not wait."""
        if self._leaving:
            self.exit()
            return
        self._leaving = True
        self.run_worker(self._leave())

    async def _leave(self) -> None:
        try:
            await end(self._watch)
        finally:
            self.exit()
