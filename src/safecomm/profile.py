"""Read a profile: one TOML file, checked against its schema; what is wrong is named."""

import contextlib
import hashlib
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safecomm.core.errors import ProfileError
from safecomm.core.language import N_, printable, tr, translated
from safecomm.core.policy import Policy
from safecomm.core.profile import Destination, Profile, Service, TorSettings
from safecomm.core.words import Use
from safecomm.tor.failure import TorFailure
from safecomm.tor.options import read_options

BUILT_IN = Path(__file__).with_name("public.toml")
LIMIT = 1 << 20
DOTS = 400
MEND = N_("Correct it, or ask the people who gave you this profile for a new one.")


def load_profile(path: Path | None = None) -> Profile:
    """The profile in this file, else the built-in one; ProfileError names file, key and expectation."""
    if path is None:
        built_in = BUILT_IN.read_bytes()
        public = tomllib.loads(built_in.decode("utf-8"))  # its own test checks it against the schema
        return _Reader(Path("public.toml"), hashlib.sha256(built_in).hexdigest()).profile(public)
    content = _content(path)
    data = _parsed(content, path)
    _check(data, path)
    return _Reader(path, hashlib.sha256(content).hexdigest()).profile(data)


def _content(path: Path) -> bytes:
    try:
        problem = _unreadable(path)
        if not problem:
            with path.open("rb") as file:
                content = file.read(LIMIT + 1)
    except OSError as error:
        problem = error.strerror or type(error).__name__
    if problem:
        raise _error(path, tr(N_("cannot be read ({kind})"), kind=problem))
    if len(content) > LIMIT:
        raise _error(path, tr(N_("is larger than 1 MiB")))
    return content


def _unreadable(path: Path) -> str:
    """Why not to open it, or nothing: opening a pipe could wait for ever."""
    try:
        return "" if stat.S_ISREG(path.stat().st_mode) else tr(N_("not a plain file"))
    except ValueError:
        return tr(N_("not a path"))


def _parsed(content: bytes, path: Path) -> Mapping[str, Any]:
    try:
        text = content.decode("utf-8-sig")
        for number, line in enumerate(text.split("\n"), 1):
            if line.count(".") > DOTS:  # the parser's time grows with the square of a key's parts
                raise _error(path, tr(N_("line {number} has too many dots"), number=number))
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise _error(path, tr(N_("is not text in UTF-8"))) from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # not all of tomllib's are its own: a number can be too long
        raise _error(path, tr(N_("is not valid TOML: {error}"), error=error)) from error


def _check(data: Mapping[str, Any], path: Path) -> None:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    from safecomm.core.formats import FORMATS
    from safecomm.schemas import schema

    formats = FormatChecker(formats=())
    for name, test in FORMATS.items():
        formats.checks(name)(lambda value, test=test: not isinstance(value, str) or test(value))
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    strict = extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
    validator = strict(schema("profile"), format_checker=formats)
    try:
        first = min(validator.iter_errors(data), key=_order, default=None)
    except (ValueError, RecursionError) as error:  # its message spells the value out
        raise _error(path, tr(N_("has a number that is too long, or tables too deep"))) from error
    if first is not None:
        raise _named(first, path)


def _order(error: Any) -> tuple[bool, list[str]]:
    """The version first: a file of another version is not blamed for its other keys."""
    where = list(map(str, error.absolute_path))
    absent = error.validator == "required" and "schema" not in error.instance
    return not (where == ["schema"] or (absent and not where)), where


def _named(error: Any, path: Path) -> ProfileError:
    key = _key(error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = next(name for name in error.instance if name not in error.schema["properties"])
        known = ", ".join(error.schema["properties"])
        what = tr(
            N_("{key} is not a known key; expected one of: {known}"), key=_join(key, unknown), known=known
        )
    elif error.validator == "required":
        absent = next(name for name in error.validator_value if name not in error.instance)
        rule = translated(error.schema["properties"][absent].get("description", N_("a value")))
        what = tr(N_("{key} is missing; expected {rule}"), key=_join(key, absent), rule=rule)
    else:
        rule = translated(error.schema.get("description", N_("a table")))
        what = tr(N_("{key}: expected {rule}"), key=key or tr(N_("the whole file")), rule=rule)
    return _error(path, what)


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else str(name)


def _key(parts: Any) -> str:
    key = ""
    for part in parts:
        key = f"{key}[{part}]" if isinstance(part, int) else _join(key, part)
    return key


def _error(path: Path, what: str) -> ProfileError:
    return ProfileError(f"{printable(str(path), 300)}: {what}.", tr(MEND))


class _Reader:
    """Turns checked data into a profile; files are looked at here."""

    def __init__(self, path: Path, sha256: str) -> None:
        self._path = path
        self._sha256 = sha256

    def profile(self, data: Mapping[str, Any]) -> Profile:
        tor = self._tor(data.get("tor", {}))
        services = data.get("services", {})
        policy = data.get("policy", {})
        return Profile(
            name=data["name"],
            sha256=self._sha256,
            tor=tor,
            tor_check=self._services(services, "tor_check"),
            ip_echo=self._services(services, "ip_echo"),
            onion=self._services(services, "onion"),
            dns_leak=self._services(services, "dns_leak"),
            destinations=tuple(self._destinations(data.get("destinations", ()))),
            policy=Policy(
                max_age_s=policy.get("max_age_s", 300),
                clock_tolerance_s=policy.get("clock_tolerance_s", 120),
                required=tuple(dict.fromkeys(policy.get("required", ()))),
                private_network=tor.private_network,
                hidden=tor.use is Use.HIDDEN,
            ),
        )

    def _tor(self, table: Mapping[str, Any]) -> TorSettings:
        return TorSettings(
            mode=table.get("mode", "auto"),
            control=self._socket(table.get("control")),
            socks=_literal(table.get("socks")),
            use=Use(table["use"]) if "use" in table else None,
            password_file=self._file(table, "tor", "password_file"),
            private_network=table.get("private_network", False),
            options_file=self._options(table),
        )

    def _options(self, table: Mapping[str, Any]) -> Path | None:
        file = self._file(table, "tor", "options_file")
        if file is not None:
            try:
                read_options(file, table.get("private_network", False))
            except TorFailure as failure:
                what = N_("tor.options_file: expected only options that a profile may set, not {name}")
                raise _error(self._path, tr(what, name=printable(failure.detail, 60))) from failure
        return file

    def _socket(self, address: str | None) -> str | None:
        if address is not None and address.startswith("unix:"):
            return f"unix:{self._path.parent / address.removeprefix('unix:')}"
        return _literal(address)

    def _services(self, services: Mapping[str, Any], kind: str) -> tuple[Service, ...]:
        return tuple(
            Service(each["url"], self._authority(each, f"services.{kind}[{i}]"), each.get("name", ""))
            for i, each in enumerate(services.get(kind, ()))
        )

    def _destinations(self, tables: Any) -> list[Destination]:
        return [
            Destination(
                url=each["url"],
                name=each.get("name", ""),
                ca_file=self._authority(each, f"destinations[{i}]"),
                spki_sha256=tuple(each.get("spki_sha256", ())),
            )
            for i, each in enumerate(tables)
        ]

    def _file(self, table: Mapping[str, Any], where: str, key: str) -> Path | None:
        if key not in table:
            return None
        path: Path = self._path.parent / table[key]
        try:
            problem = _unreadable(path)
            if not problem:
                with path.open("rb"):
                    return path.absolute()
        except OSError as error:
            problem = error.strerror or type(error).__name__
        rule = tr(
            N_("{key}: expected a file that can be read ({problem})"), key=f"{where}.{key}", problem=problem
        )
        raise _error(self._path, rule)

    def _authority(self, table: Mapping[str, Any], where: str) -> Path | None:
        path = self._file(table, where, "ca_file")
        if path is not None:
            import ssl

            trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            with contextlib.suppress(OSError):  # of which ssl.SSLError is one
                trusted.load_verify_locations(cafile=str(path))
                if trusted.cert_store_stats()["x509"]:
                    return path
            raise _error(
                self._path, tr(N_("{key}: expected certificates in PEM form"), key=f"{where}.ca_file")
            )
        return path


def _literal(address: str | None) -> str | None:
    return None if address is None else address.replace("localhost:", "127.0.0.1:", 1)
