"""What counts as good enough."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """max_age_s and clock_tolerance_s in seconds; required adds check ids to the built-in set."""

    max_age_s: int = 300
    clock_tolerance_s: int = 120
    required: tuple[str, ...] = ()
    private_network: bool = False
    hidden: bool = False
