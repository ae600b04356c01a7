"""What a web service of the lab can be told to do wrong."""

from dataclasses import dataclass

from tests.lab.errors import LabError

TLS_MODES = frozenset({"untrusted_cert", "expired_cert", "wrong_name_cert", "other_key", "key_per_exit"})
PAGE_MODES = frozenset(
    {
        "ok",
        "down",  # refuses the connection
        "silent",  # accepts, never answers
        "says_yes",  # "IsTor": true to everybody
        "says_no",  # "IsTor": false; the others answer 403
        "wrong_ip",  # another address; wrong_ip:ADDRESS for one of your own
        "own_ip",  # the client's own address
        "error500",
        "redirect_loop",
        "redirect_elsewhere",  # to another service; redirect_elsewhere:URL for one of your own
        "big",  # 100 MB
        "trickle",  # one byte each half second, headers too
        "not_json",
        "not_utf8",
        "wrong_date",  # wrong_date:SECONDS, the Date header is so far off
    }
)


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to behave, and what it needs to know."""

    name: str = "ok"
    argument: str = ""


def parse_mode(service: str, text: str) -> Mode:
    """Read "name" or "name:argument"; LabError when this service cannot do that."""
    name, _, argument = text.partition(":")
    known = PAGE_MODES if service == "onion" else PAGE_MODES | TLS_MODES
    if name not in known:
        raise LabError(f"{service} has no mode {text!r}.", f"Use one of {', '.join(sorted(known))}.")
    if name == "wrong_date" and not argument.lstrip("+-").isdecimal():
        raise LabError("wrong_date needs a number of seconds.", 'Write "wrong_date:3600".')
    return Mode(name, argument)
