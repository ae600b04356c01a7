"""The errors that reach people, and the ways in which a look can be blind."""


class SafeCommError(Exception):
    """Something a person must know: what happened and what to do next."""

    def __init__(self, what: str, then: str = "") -> None:
        super().__init__(f"{what} {then}".strip())
        self.what = what
        self.then = then


class ProfileError(SafeCommError):
    """A profile that cannot be used; names file, key and what was expected."""


class Unavailable(Exception):
    """What a look needs was not given by another check, named here."""

    def __init__(self, check: str) -> None:
        super().__init__(check)
        self.check = check


class NotTold(Exception):
    """Tor answers, but not this question (an older Tor or a filtered control port)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class UseUnanswered(Exception):
    """Nobody has answered yet whether it may be seen that Tor is used."""
