"""An authenticated conversation with one Tor's control port (blocking; call it from a thread)."""

import logging
import queue
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import stem
import stem.connection
from stem.control import Controller, EventType

from safecomm.core.address import split, unix_path
from safecomm.core.errors import NotTold, Unavailable
from safecomm.core.world import Circuit
from safecomm.tor.failure import Cause, TorFailure
from safecomm.tor.greeting import greet
from safecomm.tor.ledger import Ledger
from safecomm.tor.settings import parse_reply, parse_settings, unrecognized

OLDEST = stem.version.Version("0.4.5.1")
HANDSHAKE_S = 10.0
NEEDED = ("STREAM", "CIRC")
WELCOME = ("STATUS_CLIENT", "STATUS_GENERAL", "NETWORK_LIVENESS", "CONF_CHANGED", "SIGNAL", "GUARD")

AUTH_FAILURES: tuple[tuple[type[Exception], Cause], ...] = (
    (stem.connection.MissingPassword, "password_needed"),
    (stem.connection.PasswordAuthFailed, "wrong_password"),
    (stem.connection.UnreadableCookieFile, "cookie_unreadable"),
    (stem.connection.AuthSecurityFailure, "cookie_wrong"),
    (stem.connection.CookieAuthFailed, "cookie_wrong"),
    (stem.connection.AuthenticationFailure, "not_tor"),
)

Changed = Callable[[str], None]


class Control:
    """One connection. on_change hears (from a thread) a word for each event that can change a verdict:
    an event's name and action, like "STATUS_CLIENT CIRCUIT_NOT_ESTABLISHED", or "lost"."""

    def __init__(self, controller: Controller, endpoint: str, on_change: Changed) -> None:
        self._controller = controller
        self._on_change = on_change
        self.endpoint = endpoint
        self.method = ""
        self.version = ""
        self.ledger = Ledger()

    @property
    def alive(self) -> bool:
        """Whether the connection still stands."""
        return bool(self._controller.is_alive())

    def info(self, key: str) -> str:
        """GETINFO key; Unavailable if the connection is gone, NotTold if Tor refuses to say."""
        return str(self._ask(key, lambda: self._controller.get_info(key)))

    def _ask(self, key: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except stem.SocketClosed as error:
            raise Unavailable("entry.control") from error
        except (stem.ControllerError, ValueError) as error:
            raise NotTold(key) from error

    def options(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """These settings as they are in force, and all others that config-text shows as changed.

        config-text alone would not do: it leaves out what stands in a defaults-torrc (Debian's
        service and Tor Browser have one) and every option that begins with "__".
        """
        asked = list(names)
        reply = self._ask("GETCONF", lambda: self._controller.msg("GETCONF " + " ".join(asked)))
        if not reply.is_ok():
            strange = unrecognized(text for _, _, text in reply.content())
            asked = [name for name in asked if name.lower() not in strange]
            reply = self._ask("GETCONF", lambda: self._controller.msg("GETCONF " + " ".join(asked)))
        if not reply.is_ok():
            raise NotTold("GETCONF")
        return {
            **parse_settings(self.info("config-text")),
            **parse_reply(text for _, _, text in reply.content()),
        }

    def circuits(self) -> tuple[Circuit, ...]:
        """GETINFO circuit-status."""
        events = self._ask("circuit-status", self._controller.get_circuits)
        return tuple(_circuit(event) for event in events)

    def relay_addresses(self, fingerprint: str) -> tuple[str, ...]:
        """A relay's addresses in the consensus."""
        try:
            relay = self._controller.get_network_status(fingerprint)
        except stem.SocketClosed as error:
            raise Unavailable("entry.control") from error
        except (stem.ControllerError, ValueError):
            return ()
        return (relay.address, *(address for address, _, _ in relay.or_addresses))

    def exits_at(self, address: str) -> tuple[str, ...]:
        """Fingerprints of the consensus' exits with that address."""
        relays = self._ask("ns/all", lambda: list(self._controller.get_network_statuses()))
        return tuple(
            relay.fingerprint
            for relay in relays
            if "Exit" in relay.flags
            and address in (relay.address, *(other for other, _, _ in relay.or_addresses))
        )

    def take_ownership(self) -> None:
        """Tor shall end when this connection does."""
        self._ask("TAKEOWNERSHIP", lambda: self._controller.msg("TAKEOWNERSHIP"))

    def wake(self) -> None:
        """Wake a dormant Tor."""
        self._ask("SIGNAL", lambda: self._controller.signal("ACTIVE"))

    def close(self) -> None:
        """End the conversation; nothing is told any more."""
        self._on_change = _nobody
        self._controller.close()
        self.ledger.close()

    def listen(self) -> None:
        """Subscribe to events; TorFailure "filtered" if the ones we need are refused."""
        self._controller.add_status_listener(self._closed)
        for name in (*NEEDED, *WELCOME):
            try:
                self._controller.add_event_listener(self._heard, getattr(EventType, name))
            except stem.SocketClosed as error:
                raise TorFailure("lost") from error
            except stem.ControllerError as error:
                if name in NEEDED:
                    raise TorFailure("filtered", name) from error
        for circuit in self.circuits():
            self.ledger.circuit(circuit, event=False)

    def _closed(self, _: object, state: str, __: float) -> None:
        if state == "Closed":
            self.ledger.close()
            self._on_change("lost")

    def _heard(self, event: Any) -> None:
        words = event.keyword_args
        if event.type == "STREAM":
            self.ledger.stream(
                str(event.id),
                str(event.status),
                str(event.circ_id or ""),
                str(event.target),
                words.get("SOCKS_USERNAME", ""),
                str(event.source_addr or ""),
                str(event.remote_reason or event.reason or ""),
            )
        elif event.type == "CIRC":
            self.ledger.circuit(_circuit(event))
        else:
            self._on_change(" ".join([event.type, *str(event).split()[1:4]]))


def _nobody(_: str) -> None:
    return None


def _circuit(event: Any) -> Circuit:
    path = tuple(str(fingerprint) for fingerprint, _ in event.path)
    return Circuit(str(event.id), str(event.status), str(event.purpose or ""), path)


def open_control(endpoint: str, password_file: Path | None, on_change: Changed) -> Control:
    """Connect, authenticate and listen, within HANDSHAKE_S; TorFailure names what went wrong."""
    logging.getLogger("stem").setLevel(logging.CRITICAL)
    greet(endpoint)
    password = _password(password_file)
    try:
        path = unix_path(endpoint)
        controller = (
            Controller.from_socket_file(str(path)) if path else Controller.from_port(*split(endpoint))
        )
    except stem.SocketError as error:
        raise TorFailure("lost") from error
    try:
        return _within(HANDSHAKE_S, lambda: _shake_hands(controller, endpoint, password, on_change))
    except BaseException:
        controller.close()
        raise


def _within(seconds: float, work: Callable[[], Control]) -> Control:
    """The work's result; TorFailure "no_answer" when it is late: a thread that hangs is left behind."""
    results: queue.Queue[Control | BaseException] = queue.Queue()

    def run() -> None:
        try:
            results.put(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            results.put(error)

    threading.Thread(target=run, name="safecomm-handshake", daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        raise TorFailure("no_answer") from None
    if isinstance(result, BaseException):
        raise result
    return result


def _shake_hands(controller: Controller, endpoint: str, password: str | None, on_change: Changed) -> Control:
    control = Control(controller, endpoint, on_change)
    try:
        control.method = _authenticate(controller, password)
        control.version = control.info("version").split()[0]
        if stem.version.Version(control.version) < OLDEST:
            raise TorFailure("too_old", control.version)
        control.listen()
    except Unavailable as error:
        raise TorFailure("lost") from error
    except NotTold as error:
        raise TorFailure("filtered", error.key) from error
    except (ValueError, IndexError) as error:
        raise TorFailure("not_tor") from error
    return control


def _password(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise TorFailure("password_needed", type(error).__name__) from error


def _authenticate(controller: Controller, password: str | None) -> str:
    try:
        methods = stem.connection.get_protocolinfo(controller).auth_methods
        controller.authenticate(password=password)
    except stem.SocketError as error:
        raise TorFailure("lost") from error
    except stem.connection.AuthenticationFailure as error:
        for kind, cause in AUTH_FAILURES:
            if isinstance(error, kind):
                raise TorFailure(cause) from error
        raise TorFailure("not_tor") from error
    except stem.ControllerError as error:
        raise TorFailure("not_tor") from error
    return "+".join(sorted(str(method).lower() for method in methods))
