"""Words for people: a fingerprint to read aloud, a passphrase to remember.

fingerprint.txt: the PGP word list (P. Juola and P. Zimmermann, 1995), a line for each byte: its word
at an even place, then at an odd one. passphrase.txt: the EFF's long word list (CC BY 3.0 US).
"""

import secrets
from functools import cache
from importlib.resources import files

WORDS = 6


@cache
def _lines(name: str) -> tuple[str, ...]:
    return tuple(files(__name__).joinpath(name).read_text(encoding="ascii").split("\n")[:-1])


def fingerprint_words(fingerprint: str) -> tuple[str, ...]:
    """A fingerprint (hexadecimal digits) as words, one a byte; swapped words do not fit."""
    pairs = _lines("fingerprint.txt")
    return tuple(pairs[byte].split()[n % 2] for n, byte in enumerate(bytes.fromhex(fingerprint)))


def fingerprint_of(text: str) -> str:
    """The fingerprint that was typed or read aloud as words or as digits; empty if it is neither."""
    digits = "".join(text.split()).replace(":", "").upper().removeprefix("0X")
    if len(digits) in (40, 64) and set(digits) <= set("0123456789ABCDEF"):
        return digits
    found = []
    pairs = [line.casefold().split() for line in _lines("fingerprint.txt")]
    for n, word in enumerate(text.casefold().replace(",", " ").split()):
        byte = next((byte for byte, pair in enumerate(pairs) if pair[n % 2] == word), None)
        if byte is None:
            return ""
        found.append(byte)
    return bytes(found).hex().upper() if len(found) in (20, 32) else ""


def new_passphrase() -> str:
    """Six words drawn by the system's random generator: 6 × 12.9 bits."""
    words = _lines("passphrase.txt")
    return " ".join(secrets.choice(words) for _ in range(WORDS))
