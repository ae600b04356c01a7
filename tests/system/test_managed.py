"""A Tor of our own in the lab: from nothing to SAFE, and nothing left behind."""

from pathlib import Path

import pytest

from tests.lab import Lab
from tests.system.safecomm import check, tors

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]


@pytest.mark.parametrize("bridge", [False, True], ids=["visible", "hidden behind a bridge"])
def test_a_managed_tor_reaches_safe_and_ends(lab: Lab, tmp_path: Path, bridge: bool) -> None:
    lab.tor.stop()
    try:
        profile = lab.write_profile(tmp_path / "profile.toml", managed=True, bridge=bridge)
        with lab.witness() as witness:
            told = check(lab, profile)
    finally:
        lab.tor.start()
    assert told.verdict == "SAFE", [(f["check"], f["cause"]) for f in told.report["findings"]]
    assert told.finding("entry.control")["evidence"]["managed"] is True
    assert witness.leaks == ()
    assert tors(lab) == []
    kept = lab.client.home / "safecomm"
    assert kept.stat().st_mode & 0o777 == 0o700
    assert "obfs4" not in " ".join(path.name for path in kept.iterdir())


def test_hidden_use_without_a_bridge_starts_nothing(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml", managed=True, tor={"use": "hidden"})
    with lab.witness() as witness:
        told = check(lab, profile)
    assert (told.verdict, told.finding("entry.control")["cause"]) == ("CANNOT_CONFIRM", "no_bridges")
    assert witness.leaks == ()
    assert tors(lab) == []
