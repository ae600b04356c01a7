"""The one error that the lab shows to people."""


class LabError(Exception):
    """The lab could not do what was asked: what happened, and what to do next."""

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(f"{what} {todo}".strip())
        self.what = what
        self.todo = todo
