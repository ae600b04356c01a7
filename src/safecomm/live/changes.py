"""Which changes can make a verdict untrue, and how they are told to a person."""

from safecomm.core.language import N_
from safecomm.net.outside import CLOCK, NETWORK

LOST = "lost"

WHY = {
    LOST: N_("The connection to Tor was lost."),
    NETWORK: N_("This computer's network has changed."),
    CLOCK: N_("This computer slept, or its clock was changed."),
    "CONF_CHANGED": N_("Tor's settings were changed."),
    "SIGNAL": N_("Tor was told to reload or to stop."),
    "NETWORK_LIVENESS": N_("Tor reports that its network went down or came back."),
    "GUARD": N_("A relay through which you enter Tor failed."),
    "STATUS_CLIENT": N_("Tor reports a change of its connection."),
    "STATUS_GENERAL": N_("Tor reports trouble with its clock or its network."),
}
# Good news; and what any program can make Tor say by what it asks for at the SOCKS port.
QUIET = {
    "STATUS_CLIENT": (
        "CONSENSUS_ARRIVED",
        "NOTICE BOOTSTRAP",
        "CIRCUIT_ESTABLISHED",
        "ENOUGH_DIR_INFO",
        "DANGEROUS_SOCKS",
        "SOCKS_BAD_HOSTNAME",
        "SOCKS_UNKNOWN_PROTOCOL",
    ),
    "STATUS_GENERAL": ("EXTERNAL_ADDRESS", "DIR_ALL_UNREACHABLE"),
}
SIGNALS = ("DORMANT", "RELOAD", "SHUTDOWN", "DUMP", "HALT", "TERM", "INT", "HUP")
GUARD_TROUBLE = ("DOWN", "BAD", "DROPPED")


def reason(word: str) -> str:
    """The sentence (not yet translated) for a change that matters, else nothing.

    word is one of the constants here, or an event as tor.control tells it.
    """
    kind, _, rest = word.partition(" ")
    parts = rest.split()
    if kind == "SIGNAL" and not set(parts) & set(SIGNALS):
        return ""
    if kind == "GUARD" and not set(parts) & set(GUARD_TROUBLE):
        return ""
    if any(set(quiet.split()) <= set(parts) for quiet in QUIET.get(kind, ())):
        return ""
    return WHY.get(kind, "")
