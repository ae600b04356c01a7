"""The checks: one file each, in the folder of the question it helps answer."""

import pkgutil
from functools import cache
from importlib import import_module

from safecomm.core.check import Check
from safecomm.core.words import Question


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check in these folders: by question, then roots before what needs them, then by name."""
    found = {}
    for folder in pkgutil.iter_modules(__path__):
        if not folder.ispkg:
            continue
        package = import_module(f"{__name__}.{folder.name}")
        for file in pkgutil.iter_modules(package.__path__):
            check: Check = import_module(f"{package.__name__}.{file.name}").CHECK
            found[check.id] = check

    def depth(check: Check) -> int:
        return 1 + max((depth(found[needed]) for needed in check.needs), default=0)

    order = list(Question)
    return tuple(sorted(found.values(), key=lambda c: (order.index(c.question), depth(c), c.id)))
