"""Why Tor could not be reached: a closed set of named causes."""

from typing import Literal, get_args

Cause = Literal[
    "not_running",
    "refused",
    "unreachable",
    "elsewhere",
    "no_permission",
    "no_answer",
    "not_tor",
    "wrong_password",
    "password_needed",
    "cookie_unreadable",
    "cookie_wrong",
    "filtered",
    "too_old",
    "tor_missing",
    "no_bridges",
    "options_refused",
    "no_folder",
    "start_failed",
    "lost",
]
CAUSES: frozenset[str] = frozenset(get_args(Cause))


class TorFailure(Exception):
    """One of the named causes; detail is a short fact without secrets."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(cause)
        self.cause: Cause = cause
        self.detail = detail
