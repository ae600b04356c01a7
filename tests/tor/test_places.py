"""Where a running Tor is looked for."""

from pathlib import Path

import pytest

from safecomm.core.profile import TorSettings
from safecomm.tor import places, reach
from safecomm.tor.places import Place, usual_places


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "DEBIAN_SOCKETS", ())
    monkeypatch.setattr(places, "WHONIX_MARK", tmp_path / "absent")


def test_the_profile_decides_alone() -> None:
    settings = TorSettings(control="127.0.0.1:7051", socks="127.0.0.1:7050")
    assert usual_places(settings, {"TOR_CONTROL_PORT": "1"}) == (Place("127.0.0.1:7051", "127.0.0.1:7050"),)


def test_the_environment_comes_next() -> None:
    named = {"TOR_CONTROL_PORT": "9999", "TOR_SOCKS_PORT": "9998"}
    assert usual_places(TorSettings(), named) == (Place("127.0.0.1:9999", "127.0.0.1:9998"),)
    named = {"TOR_CONTROL_IPC_PATH": "/run/x", "TOR_SOCKS_HOST": "127.0.0.2", "TOR_SOCKS_PORT": "5"}
    assert usual_places(TorSettings(), named) == (Place("unix:/run/x", "127.0.0.2:5"),)


def test_a_socks_port_that_is_a_file_is_left_alone() -> None:
    named = {"TOR_CONTROL_IPC_PATH": "/run/x", "TOR_SOCKS_IPC_PATH": "/run/y"}
    assert usual_places(TorSettings(), named) == (Place("unix:/run/x", None),)


@pytest.mark.parametrize("port", ["", "abc", "0", "70000", "-1"])
def test_a_broken_variable_counts_as_none(port: str) -> None:
    found = usual_places(TorSettings(), {"TOR_CONTROL_PORT": port})
    assert [place.control for place in found] == ["127.0.0.1:9051", "127.0.0.1:9151"]


def test_debian_and_whonix_are_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "control").touch()
    monkeypatch.setattr(places, "DEBIAN_SOCKETS", (tmp_path / "control", tmp_path / "." / "control"))
    monkeypatch.setattr(places, "WHONIX_MARK", tmp_path)
    found = usual_places(TorSettings(), {})
    assert found[0] == Place(f"unix:{tmp_path / 'control'}")
    assert found[-1] == Place("10.152.152.10:9051", "10.152.152.10:9050")
    assert len(found) == 4


@pytest.mark.parametrize("address", ["203.0.113.5:9051", "10.152.152.10:9051", "[2001:db8::1]:9051"])
def test_a_tor_on_another_computer_is_not_asked(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nobody_may(_: object) -> None:
        raise AssertionError("asked")

    for name in ("open_control", "greet", "connect"):
        monkeypatch.setattr(reach, name, nobody_may)
    for settings in (TorSettings("system", control=address), TorSettings("auto", socks=address)):
        reached = reach.reach(settings, lambda: tmp_path, lambda _: None)
        assert reached.seen.cause == "elsewhere"
        assert not reach.answers_now(settings)


def test_a_whonix_workstation_may_ask_its_gateway_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(places, "WHONIX_MARK", tmp_path)
    assert places.is_near(Place("10.152.152.10:9051", "10.152.152.10:9050"))
    assert not places.is_near(Place("10.152.152.10:9051", "9.9.9.9:9050"))


def test_no_packet_goes_to_a_whonix_gateway_that_is_not_there() -> None:
    assert all("10.152" not in place.control for place in usual_places(TorSettings(), {}))
