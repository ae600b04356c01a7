"""An authenticated conversation with one Tor's control port (blocking; call it from a thread)."""

import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import stem
import stem.connection
import stem.response
from stem.connection import AuthMethod
from stem.descriptor.router_status_entry import RouterStatusEntryV3
from stem.response import ControlMessage

from safecomm.core.errors import NotTold, Unavailable
from safecomm.core.world import Circuit
from safecomm.tor.conversation import Conversation
from safecomm.tor.failure import Cause, TorFailure
from safecomm.tor.greeting import greet
from safecomm.tor.ledger import Ledger
from safecomm.tor.settings import parse_reply, parse_settings, unrecognized

OLDEST = stem.version.Version("0.4.5.1")
HANDSHAKE_S = 10.0
LONGEST_PASSWORD = 4096
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
    """One conversation. on_change hears (from a thread) a word for each event that can change a verdict:
    an event's name and action, like "STATUS_CLIENT CIRCUIT_NOT_ESTABLISHED", or "lost"."""

    def __init__(self, endpoint: str, on_change: Changed) -> None:
        self._on_change = on_change
        self.endpoint = endpoint
        self.method = ""
        self.version = ""
        self.ledger = Ledger()
        self._talk = Conversation(endpoint, self._heard, self._lost)

    @property
    def alive(self) -> bool:
        """Whether the connection still stands."""
        return self._talk.is_alive()

    def info(self, key: str) -> str:
        """GETINFO key; Unavailable if the connection is gone, NotTold if Tor refuses to say."""
        return self._info(key).decode("utf-8", "replace")

    def _info(self, key: str) -> bytes:
        reply = self._ask(f"GETINFO {key}")
        try:
            stem.response.convert("GETINFO", reply)
            return bytes(reply.entries[key])
        except (stem.ControllerError, KeyError) as error:
            raise NotTold(key) from error

    def _ask(self, message: str) -> Any:
        try:
            return self._talk.msg(message)
        except (stem.SocketClosed, stem.SocketError) as error:
            raise Unavailable("entry.control") from error

    def options(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """These settings as they are in force, and all others that config-text shows as changed.

        config-text alone would not do: it leaves out what stands in a defaults-torrc (Debian's
        service and Tor Browser have one) and every option that begins with "__".
        """
        asked = list(names)
        reply = self._ask("GETCONF " + " ".join(asked))
        if not reply.is_ok():
            strange = unrecognized(text for _, _, text in reply.content())
            asked = [name for name in asked if name.lower() not in strange]
            reply = self._ask("GETCONF " + " ".join(asked))
        if not reply.is_ok():
            raise NotTold("GETCONF")
        return {
            **parse_settings(self.info("config-text")),
            **parse_reply(text for _, _, text in reply.content()),
        }

    def circuits(self) -> tuple[Circuit, ...]:
        """GETINFO circuit-status."""
        lines = self.info("circuit-status").splitlines()
        try:
            return tuple(_circuit(_event(f"650 CIRC {line}\r\n")) for line in lines if line)
        except (stem.ControllerError, ValueError) as error:
            raise NotTold("circuit-status") from error

    def relay_addresses(self, fingerprint: str) -> tuple[str, ...]:
        """A relay's addresses in the consensus."""
        try:
            entry = self._info(f"ns/id/{fingerprint}")
        except NotTold:
            return ()
        return next((_addresses(relay) for relay in _relays(entry)), ())

    def exits_at(self, address: str) -> tuple[str, ...]:
        """Fingerprints of the consensus' exits with that address."""
        return tuple(
            relay.fingerprint
            for relay in _relays(self._info("ns/all"), address)
            if "Exit" in relay.flags and address in _addresses(relay)
        )

    def take_ownership(self) -> None:
        """Tor shall end when this connection does."""
        self._ask("TAKEOWNERSHIP")

    def wake(self) -> None:
        """Wake a dormant Tor."""
        self._ask("SIGNAL ACTIVE")

    def close(self) -> None:
        """End the conversation; nothing is told any more."""
        self._on_change = _nobody
        self._talk.close()
        self.ledger.close()

    def shake_hands(self, password: str | None, named: bool) -> None:
        """Authenticate, ask the version, and listen, within HANDSHAKE_S; TorFailure names what went wrong."""
        self._talk.allow(HANDSHAKE_S)
        try:
            self.method = _authenticate(self._talk, password, named)
            self.version = self.info("version").split()[0]
            if stem.version.Version(self.version) < OLDEST:
                raise TorFailure("too_old", self.version)
            self._listen()
        except TorFailure as failure:
            raise TorFailure("no_answer") if self._talk.late else failure from None
        except Unavailable as error:
            raise TorFailure("no_answer" if self._talk.late else "lost") from error
        except NotTold as error:
            raise TorFailure("filtered", error.key) from error
        except (ValueError, IndexError) as error:
            raise TorFailure("not_tor") from error
        self._talk.allow(None)

    def _listen(self) -> None:
        heard = list(NEEDED)
        if not self._ask("SETEVENTS " + " ".join(heard)).is_ok():
            raise TorFailure("filtered", " ".join(heard))
        if not self._ask("SETEVENTS " + " ".join((*heard, *WELCOME))).is_ok():
            for name in WELCOME:
                if self._ask("SETEVENTS " + " ".join((*heard, name))).is_ok():
                    heard.append(name)
            self._ask("SETEVENTS " + " ".join(heard))
        for circuit in self.circuits():
            self.ledger.circuit(circuit, event=False)

    def _lost(self) -> None:
        self.ledger.close()
        self._on_change("lost")

    def _heard(self, message: ControlMessage) -> None:
        text = str(message)
        name = text.partition(" ")[0]
        if name not in NEEDED:
            self._on_change(" ".join(text.split()[:4]))
            return
        try:
            event = _event(message)
        except (stem.ControllerError, ValueError):
            return  # a stream that nobody described is not proven
        if name == "CIRC":
            self.ledger.circuit(_circuit(event))
        else:
            self.ledger.stream(
                str(event.id),
                str(event.status),
                str(event.circ_id or ""),
                str(event.target),
                event.keyword_args.get("SOCKS_USERNAME", ""),
                str(event.source_addr or ""),
                str(event.remote_reason or event.reason or ""),
            )


def _nobody(_: str) -> None:
    return None


def _circuit(event: Any) -> Circuit:
    path = tuple(str(fingerprint) for fingerprint, _ in event.path)
    return Circuit(str(event.id), str(event.status), str(event.purpose or ""), path)


def _event(message: ControlMessage | str) -> Any:
    if isinstance(message, str):
        message = ControlMessage.from_str(message)
    stem.response.convert("EVENT", message)
    return message


def _relays(entries: bytes, holding: str = "") -> Iterator[Any]:
    """The relays of a GETINFO ns answer that have this text in their entry."""
    for entry in b"\n".join([b"", *entries.splitlines()]).split(b"\nr ")[1:]:
        if holding.encode() in entry:
            try:
                yield RouterStatusEntryV3(b"r " + entry)
            except ValueError:
                continue


def _addresses(relay: Any) -> tuple[str, ...]:
    return (relay.address, *(address for address, _, _ in relay.or_addresses))


def open_control(
    endpoint: str, password_file: Path | None, on_change: Changed, *, named: bool = False
) -> Control:
    """Connect, authenticate and listen; TorFailure names what went wrong.

    named: the user has named this endpoint. To any other, where anybody may listen, no password and
    no cookie is sent as it is: SAFECOOKIE proves that both sides know it (control-spec, section 3.24).
    """
    logging.getLogger("stem").setLevel(logging.CRITICAL)
    greet(endpoint)
    password = _password(password_file) if named else None
    try:
        control = Control(endpoint, on_change)
    except stem.SocketError as error:
        raise TorFailure("lost") from error
    try:
        control.shake_hands(password, named)
    except BaseException:
        control.close()
        raise
    return control


def _password(file: Path | None) -> str | None:
    """The first line, as stem wants it: it escapes quotes, but not backslashes."""
    if file is None:
        return None
    try:
        with file.open(encoding="utf-8") as text:
            line = text.readline(LONGEST_PASSWORD).rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise TorFailure("password_needed", type(error).__name__) from error
    return line.replace("\\", "\\\\")


def _authenticate(talk: Conversation, password: str | None, named: bool) -> str:
    """Authenticate by one method; what Tor offers, joined by "+"."""
    try:
        offer = stem.connection.get_protocolinfo(talk)
        offered = "+".join(sorted(str(method).lower() for method in offer.auth_methods))
        offer.auth_methods = (_method(offer, password, named),)
        stem.connection.authenticate(talk, password=password, protocolinfo_response=offer)
    except stem.SocketError as error:
        raise TorFailure("lost") from error
    except stem.connection.AuthenticationFailure as error:
        for kind, cause in AUTH_FAILURES:
            if isinstance(error, kind):
                raise TorFailure(cause) from error
        raise TorFailure("not_tor") from error
    except stem.ControllerError as error:
        raise TorFailure("not_tor") from error
    return offered


def _method(offer: Any, password: str | None, named: bool) -> AuthMethod:
    """The safest that can work; a later one is never tried because an earlier one has failed."""
    offered = offer.auth_methods
    if AuthMethod.NONE in offered:
        return AuthMethod.NONE
    readable = offer.cookie_path is not None and os.access(offer.cookie_path, os.R_OK)
    other = AuthMethod.PASSWORD in offered and password is not None
    if AuthMethod.SAFECOOKIE in offered and (readable or not other):
        return AuthMethod.SAFECOOKIE
    if AuthMethod.PASSWORD in offered:
        return AuthMethod.PASSWORD
    if AuthMethod.COOKIE in offered and named:
        return AuthMethod.COOKIE
    raise TorFailure("cookie_wrong" if AuthMethod.COOKIE in offered else "not_tor")
