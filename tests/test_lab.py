"""The lab itself: what it promises to the tests that use it."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.lab import Lab, LabError
from tests.lab.answers import encode
from tests.lab.client import Page
from tests.lab.client_tor import PASSWORD
from tests.lab.modes import PAGE_MODES, TLS_MODES, parse_mode
from tests.lab.packets import decode
from tests.lab.plan import CONTROL, OBFS4_PORT, Role, nodes
from tests.lab.web import REPOSITORY

PLAIN = 9150


@pytest.fixture
def tor(lab: Lab) -> Iterator[Lab]:
    """The lab, whose Tor the test may set up otherwise: the usual one runs again afterwards."""
    yield lab
    lab.tor.restart()


def _get(lab: Lab, service: str, timeout: float = 20.0) -> Page:
    return lab.client.fetch(lab.web.url(service), timeout=timeout)


def test_the_check_page_sees_one_of_the_labs_exits(lab: Lab) -> None:
    answer = json.loads(_get(lab, "check").body)
    assert answer["IsTor"] is True
    assert answer["IP"] in lab.exits


def test_without_tor_the_check_page_sees_the_client(lab: Lab) -> None:
    page = lab.client.fetch(lab.web.url("check"), socks=None)
    assert json.loads(page.body)["IsTor"] is False
    assert json.loads(page.body)["IP"] in (lab.client.address, lab.client.address6)


def test_the_onion_service_answers(lab: Lab) -> None:
    assert "the page onion" in lab.client.fetch(lab.onion_url).body


def test_nothing_of_the_real_network_is_reachable(lab: Lab) -> None:
    links = lab.client.run(["ip", "-o", "link"]).stdout.splitlines()
    assert {line.split()[1].split("@")[0] for line in links} == {"lo:", "eth0"}
    assert lab.client.fetch("https://example.org/", socks=None, timeout=5).error


def test_a_pinned_exit_is_the_one_seen(tor: Lab) -> None:
    for node in nodes(Role.EXIT)[:2]:
        tor.tor.restart(tor.pin_exit(node.name))
        assert json.loads(_get(tor, "ip1").body) == {"ip": node.address}


def test_the_dns_server_is_asked_by_the_exit_and_by_nobody_else(lab: Lab) -> None:
    lab.web.clear()
    assert _get(lab, "dnsleak").status == 200
    assert {query.source for query in lab.web.queries()} <= set(lab.exits)


def test_the_dns_leak_page_names_who_asked(lab: Lab) -> None:
    host = "0a1b2c.dnsleak.safe-lab.test"
    lab.client.run([sys.executable, "-c", f"import socket; socket.getaddrinfo('{host}', 443)"])
    page = lab.client.fetch(lab.web.url("dnsleak") + "result/0a1b2c")
    assert json.loads(page.body) == {"resolvers": [lab.client.address]}


def test_the_witness_sees_tor_and_no_leak_where_there_is_none(lab: Lab) -> None:
    with lab.witness() as witness:
        assert _get(lab, "check").status == 200
    assert witness.tor_packets > 0
    assert witness.leaks == ()


def test_the_witness_sees_a_name_asked_in_the_clear(lab: Lab) -> None:
    leak = "import socket; socket.socket(2, 2).sendto(b'?', ('80.67.169.12', 53))"
    with lab.witness() as witness:
        lab.client.run([sys.executable, "-c", leak])
    assert [(each.proto, each.dst, each.dport) for each in witness.leaks] == [("udp", "80.67.169.12", 53)]


@pytest.mark.parametrize("address", ["151.101.65.140", "2a01:4f8:191::4"])
def test_the_witness_sees_a_direct_connection(lab: Lab, address: str) -> None:
    with lab.witness() as witness:
        lab.client.run(
            [sys.executable, "-c", f"import socket; socket.create_connection(('{address}', 443), 5)"]
        )
    assert {(each.proto, each.dst, each.dport) for each in witness.leaks} == {("tcp", address, 443)}


def test_through_the_bridge_only_the_bridge_is_seen(tor: Lab) -> None:
    bridge = nodes(Role.BRIDGE)[0].address
    tor.tor.stop()
    with tor.witness() as witness:
        tor.tor.start(bridge=True, fresh=True)
        assert json.loads(_get(tor, "check").body)["IsTor"] is True
    assert witness.leaks == ()
    assert {(each.dst, each.dport) for each in witness.packets if each.proto == "tcp"} == {
        (bridge, OBFS4_PORT)
    }


def test_every_mode_of_a_service_does_what_its_name_says(lab: Lab) -> None:
    seen = {}
    for mode in ("says_no", "wrong_ip", "own_ip", "error500", "redirect_loop", "redirect_elsewhere"):
        lab.web.set("check", mode)
        seen[mode] = _get(lab, "check")
    assert json.loads(seen["says_no"].body)["IsTor"] is False
    assert json.loads(seen["wrong_ip"].body)["IP"] not in lab.exits
    assert json.loads(seen["own_ip"].body)["IP"] == lab.client.address
    assert seen["error500"].status == 500
    assert seen["redirect_loop"].headers["Location"] == "/"
    assert "ip2" in seen["redirect_elsewhere"].headers["Location"]


def test_bodies_that_are_too_big_or_no_json(lab: Lab) -> None:
    lab.web.set("ip1", "big")
    assert int(_get(lab, "ip1").headers["Content-Length"]) > 90_000_000
    lab.web.set("ip1", "not_json")
    assert _get(lab, "ip1").body.startswith("<html>")
    lab.web.set("ip1", "not_utf8")
    assert "\\xff" in _get(lab, "ip1").body


def test_a_service_that_is_down_silent_or_slow_gives_no_answer(lab: Lab) -> None:
    lab.web.set("ip2", "down")
    assert "refused" in lab.client.fetch(lab.web.url("ip2"), socks=None).error
    assert _get(lab, "ip2").error
    for mode in ("silent", "trickle"):
        lab.web.set("ip2", mode)
        page = _get(lab, "ip2", timeout=2)
        assert page.error, mode
    lab.web.reset()
    assert _get(lab, "ip2").status == 200


@pytest.mark.parametrize("mode", ["untrusted_cert", "expired_cert", "wrong_name_cert"])
def test_a_wrong_certificate_is_refused(lab: Lab, mode: str) -> None:
    lab.web.set("publish", mode)
    assert "CERTIFICATE_VERIFY_FAILED" in _get(lab, "publish").error


def test_another_key_is_valid_but_not_the_same(lab: Lab) -> None:
    usual = _get(lab, "publish")
    lab.web.set("publish", "other_key")
    other = _get(lab, "publish")
    assert other.status == 200
    assert other.certificate != usual.certificate
    assert lab.web.pin("publish") != lab.web.pin("publish", "other_key")


def test_one_exit_can_be_shown_another_key_than_the_others(tor: Lab) -> None:
    tor.web.set("publish", "key_per_exit")
    keys = []
    for name in ("exit1", "exit2"):
        tor.tor.restart(tor.pin_exit(name))
        keys.append(hashlib.sha256(bytes.fromhex(_get(tor, "publish").certificate)).hexdigest())
    assert keys[0] != keys[1]


def test_a_wrong_date_is_sent(lab: Lab) -> None:
    lab.web.set("check", "wrong_date:-7200")
    sent = parsedate_to_datetime(_get(lab, "check").headers["Date"]).timestamp()
    assert sent == pytest.approx(time.time() - 7200, abs=30)


def test_the_onion_page_can_be_told_to_misbehave_but_not_with_certificates(lab: Lab) -> None:
    lab.web.set("onion", "error500")
    assert lab.client.fetch(lab.onion_url).status == 500
    with pytest.raises(LabError):
        lab.web.set("onion", "expired_cert")


@pytest.mark.parametrize("how", ["drop", "reject", "reset"])
def test_the_censor_cuts_off_one_address_and_lifts_it_again(lab: Lab, how: str) -> None:
    lab.router.censor("151.101.65.140", "2a01:4f8:191::4", how=how)
    url = lab.web.url("publish")
    assert lab.client.fetch(url, socks=None, timeout=3).error
    assert lab.client.fetch(lab.web.url("ip1"), socks=None).status == 200
    lab.router.lift()
    assert lab.client.fetch(url, socks=None).status == 200


def test_a_slow_way_makes_new_connections_late_and_ends_again(lab: Lab) -> None:
    """Over IPv4: one trip to connect, one for TLS, one for the page, each there and back."""
    timed = ["curl", "-4sk", "-o", "/dev/null", "-w", "%{http_code} %{time_total}", lab.web.url("publish")]
    for delay_s in (0.2, 0):
        with lab.router.slow(delay_s):
            status, seconds = lab.client.run(timed).stdout.split()
        assert status == "200"
        assert float(seconds) >= 6 * delay_s
    assert lab.client.run(timed).stdout.startswith("200 ")


def test_when_all_is_cut_off_tor_is_too(tor: Lab) -> None:
    tor.router.censor()
    assert _get(tor, "ip1", timeout=5).error
    tor.router.lift()


def test_a_plain_socks_proxy_works_and_is_no_tor(lab: Lab) -> None:
    proxy = lab.plain_socks(PLAIN)
    page = lab.client.fetch(lab.web.url("check"), socks=f"127.0.0.1:{PLAIN}")
    proxy.stop()
    assert json.loads(page.body)["IsTor"] is False


@pytest.mark.parametrize("behaviour", ["rubbish", "silence", "endless_line"])
def test_a_fake_control_port_listens(lab: Lab, behaviour: str) -> None:
    fake = lab.fake_control(9061, behaviour)
    ask = "import socket; s = socket.create_connection(('127.0.0.1', 9061), 1); s.sendall(b'HELLO\\r\\n')"
    said = lab.client.run([sys.executable, "-c", f"{ask}; print(len(s.recv(9999)))"])
    fake.stop()
    assert (said.returncode == 0) == (behaviour != "silence")


def test_the_control_port_can_be_set_up_in_every_way(tor: Lab) -> None:
    assert "250" in tor.tor.ask("PROTOCOLINFO 1") or "AUTH" in tor.tor.ask("PROTOCOLINFO 1")
    tor.tor.restart(control="socket", wait=False)
    socket = tor.tor.folder / "control"
    end = time.monotonic() + 10
    while not socket.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert socket.is_socket()
    tor.tor.restart(control="none", wait=False)
    with pytest.raises(LabError):
        tor.tor.ask("GETINFO version")
    tor.tor.restart(control="password")
    talk = "import stem.control; c = stem.control.Controller.from_port(); c.authenticate(password='{}')"
    assert tor.client.run([sys.executable, "-c", talk.format(PASSWORD)]).returncode == 0
    assert tor.client.run([sys.executable, "-c", talk.format("wrong")]).returncode != 0


def test_the_authorities_can_make_the_clients_tor_obsolete(tor: Lab) -> None:
    tor.authorities.recommend("9.9.9.9")
    tor.tor.restart(fresh=True)
    assert "obsolete" in tor.tor.ask("GETINFO status/version/current")
    tor.authorities.recommend(None)


def test_a_killed_tor_is_gone_and_can_be_started_again(tor: Lab) -> None:
    tor.tor.kill()
    assert not tor.tor.running
    assert _get(tor, "check", timeout=5).error
    tor.tor.start()
    assert _get(tor, "check").status == 200


def test_a_tor_whose_clock_is_a_day_off_still_works_and_can_be_stopped(tor: Lab) -> None:
    tor.tor.restart(clock_s=86_400, fresh=True)
    assert _get(tor, "check").status == 200
    tor.tor.stop()
    assert _get(tor, "check", timeout=5).error


def test_the_profile_is_valid_toml_with_its_files_beside_it(lab: Lab, tmp_path: Path) -> None:
    file = lab.write_profile(
        tmp_path / "p.toml", password="secret", tor={"use": None}, services={"onion": ()}
    )
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    assert read["tor"]["control"] == CONTROL
    assert read["tor"]["private_network"] is True
    assert "use" not in read["tor"]
    assert len(read["services"]["ip_echo"]) == 2
    assert "onion" not in read["services"]
    assert (tmp_path / "ca.pem").exists()
    assert (tmp_path / "control-password").read_text(encoding="utf-8") == "secret\n"


def test_a_tor_started_with_the_managed_options_bootstraps(tor: Lab, tmp_path: Path) -> None:
    tor.write_profile(tmp_path / "p.toml", managed=True, bridge=True)
    options = (tmp_path / "extra.torrc").read_text(encoding="utf-8")
    torrc = tor.folder / "managed.torrc"
    more = f"DataDirectory {tor.folder / 'managed'}\nSocksPort auto\nLog notice stdout\n"
    torrc.write_text(options + more, encoding="utf-8")
    managed = tor.client.popen(["tor", "-f", str(torrc)], stdout=subprocess.PIPE)
    assert managed.popen.stdout is not None
    lines = iter(managed.popen.stdout.readline, "")
    assert any("Bootstrapped 100%" in line for line in lines)
    managed.stop()


def test_the_lab_ends_with_the_process_that_made_it() -> None:
    boot = "from tests.lab.lab import Lab\nimport time\nlab = Lab()\nlab.space.start()\n"
    boot += "lab.space.popen(None, ['sleep', '4242.5'])\ntime.sleep(0.3)\n"
    boot += "print(lab.folder, flush=True)\ntime.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", boot], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert parent.stdout is not None
    folder = Path(parent.stdout.readline().strip())
    assert folder.is_dir()
    assert _running("4242.5")
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 10
    while (folder.exists() or _running("4242.5")) and time.monotonic() < end:
        time.sleep(0.1)
    assert not folder.exists()
    assert not _running("4242.5")


def _running(word: str) -> bool:
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in command.read_bytes().split(b"\0"):
                return True
        except OSError:
            continue
    return False


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.lab.space.NEEDED", {"no-such-program": "its-package"})
    with pytest.raises(LabError, match=r"no-such-program.*its-package"):
        Lab.start()


def test_an_unknown_mode_is_refused() -> None:
    for service in ("check", "onion"):
        with pytest.raises(LabError):
            parse_mode(service, "sings")
    assert not PAGE_MODES & TLS_MODES


def test_a_packet_that_is_not_understood_is_still_a_packet() -> None:
    assert decode(b"\0" * 12 + b"\x88\xcc").proto == "ethertype 0x88cc"
    fragment = bytes.fromhex("45000020000100b940110000010203040506070800350035")
    assert decode(b"\0" * 12 + b"\x08\x00" + fragment).dport is None


def test_an_answer_says_how_long_it_is() -> None:
    from tests.lab.answers import Answer

    text = b"".join(encode(Answer(body=b"abc", padding=70_000), 0))
    assert b"Content-Length: 70003\r\n" in text
    assert len(text.partition(b"\r\n\r\n")[2]) == 70_003
