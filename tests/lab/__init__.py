"""The lab: a private, real Tor network in namespaces of its own, for tests and for trainers."""

from tests.lab.errors import LabError
from tests.lab.lab import Lab

__all__ = ["Lab", "LabError"]
