"""The program itself leaks nothing: every packet that leaves while it works is Tor's."""

from pathlib import Path

import pytest

from tests.lab import Lab
from tests.system.safecomm import PROGRAM, check, tors

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]


def test_a_check_sends_nothing_but_tors_own_packets(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    lab.web.clear()
    with lab.witness() as witness:
        assert check(lab, profile).verdict == "SAFE"
    assert witness.leaks == ()
    assert witness.tor_packets > 20
    asked = {query.source for query in lab.web.queries()}
    assert lab.client.address not in asked
    assert lab.client.address6 not in asked


def test_a_check_that_goes_wrong_sends_nothing_else_either(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    lab.tor.stop()
    try:
        with lab.witness() as witness:
            assert check(lab, profile).verdict == "NOT_SAFE"
    finally:
        lab.tor.start()
    assert witness.packets == () or witness.leaks == ()


def test_nothing_is_sent_through_a_port_that_is_not_tors(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    lab.tor.restart(["SocksPort 127.0.0.1:9150"])
    proxy = lab.plain_socks(9050)
    lab.web.clear()
    try:
        with lab.witness() as witness:
            assert check(lab, profile).verdict == "NOT_SAFE"
    finally:
        proxy.stop()
        lab.tor.restart()
    assert witness.leaks == ()
    assert lab.web.requests() == ()


def test_nothing_is_sent_before_the_question_is_answered(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml", managed=True, tor={"use": None})
    with lab.witness() as witness:
        told = check(lab, profile)
    assert (told.verdict, told.finding("entry.control")["cause"]) == ("CANNOT_CONFIRM", "use_unanswered")
    assert witness.leaks == ()
    assert tors(lab) == []


def test_the_witness_sees_a_deliberate_leak(lab: Lab) -> None:
    leak = (
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('80.67.169.12', 53))"
    )
    with lab.witness() as witness:
        lab.client.run([PROGRAM[0], "-c", leak])
    assert [(packet.dst, packet.dport) for packet in witness.leaks] == [("80.67.169.12", 53)]
