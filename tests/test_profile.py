"""A profile is read whole, or the mistake in it is named: file, key and what was expected."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safecomm.core.errors import ProfileError
from safecomm.core.formats import is_onion_url
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Use
from safecomm.profile import BUILT_IN, _check, load_profile
from tests.net.certificates import Authority

ONION = "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/"
PIN = "A" * 43 + "="
EXAMPLE = f"""
schema = 1
name = "lab"
[tor]
mode = "system"
control = "127.0.0.1:9051"
socks = "localhost:9050"
use = "hidden"
password_file = "secret"
private_network = true
options_file = "extra.torrc"
[[services.tor_check]]
url = "https://check.example.org/api/ip"
ca_file = "ca.pem"
[[services.ip_echo]]
url = "https://ip.example.org/json"
[[services.onion]]
url = "{ONION}"
[[services.dns_leak]]
url = "https://dnsleak.example.org/result/{{token}}"
name = "{{token}}.dnsleak.example.org"
[[destinations]]
name = "Editor's drop"
url = "https://publish.example.org/"
ca_file = "ca.pem"
spki_sha256 = ["{PIN}"]
[policy]
max_age_s = 300
clock_tolerance_s = 120
required = ["entry.socks_is_tor", "health.version"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Authority(tmp_path)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "extra.torrc").write_text("TestingTorNetwork 1\n")
    (tmp_path / "folder").mkdir()
    return tmp_path


def read(folder: Path, text: str | bytes) -> Profile:
    file = folder / "profile.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_profile(file)


def test_the_documented_example_is_read_whole(folder: Path) -> None:
    profile = read(folder, EXAMPLE)
    assert profile.tor.use is Use.HIDDEN
    assert profile.policy.hidden
    assert profile.policy.private_network
    assert profile.tor.socks == "127.0.0.1:9050"
    assert profile.tor.password_file == folder / "secret"
    assert profile.tor_check[0].ca_file == folder / "ca.pem"
    assert profile.destinations[0].spki_sha256 == (PIN,)
    assert profile.policy.required == ("entry.socks_is_tor", "health.version")
    assert len(profile.sha256) == 64


def test_a_unix_path_is_relative_to_the_profile(folder: Path) -> None:
    profile = read(folder, 'schema = 1\nname = "x"\n[tor]\ncontrol = "unix:control"\n')
    assert profile.tor.control == f"unix:{folder / 'control'}"
    profile = read(folder, 'schema = 1\nname = "x"\n[tor]\ncontrol = "unix:/run/tor/control"\n')
    assert profile.tor.control == "unix:/run/tor/control"


def test_the_built_in_profile_keeps_to_the_schema() -> None:
    import tomllib

    _check(tomllib.loads(BUILT_IN.read_text(encoding="utf-8")), BUILT_IN)
    profile = load_profile()
    assert len({_operator(service.url) for service in (*profile.tor_check, *profile.ip_echo)}) >= 2
    assert len({_operator(service.url) for service in profile.ip_echo}) == len(profile.ip_echo) >= 2
    assert all(service.url.startswith("https://") for service in (*profile.tor_check, *profile.ip_echo))
    assert len({service.url for service in profile.onion}) >= 2
    assert all(is_onion_url(service.url) for service in profile.onion)
    assert profile.tor.use is None, "the answer is the user's"


def _operator(url: str) -> str:
    """The domain somebody owns, for the plain domains of the built-in profile."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


HEAD = 'schema = 1\nname = "x"\n'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "schema is missing"),
        ('name = "x"', "schema is missing"),
        ('schema = 2\nname = "x"', "schema: expected the number 1"),
        ("schema = 1", "name is missing"),
        (f"{HEAD}colour = 1", "colour is not a known key"),
        (f"{HEAD}[tor]\nmodus = 1", "tor.modus is not a known key"),
        (f'{HEAD}[tor]\nmode = "fast"', 'tor.mode: expected "system", "managed" or "auto"'),
        (f"{HEAD}[tor]\nmode = 3", "tor.mode: expected"),
        (f'{HEAD}[tor]\nuse = "maybe"', 'tor.use: expected "visible" or "hidden"'),
        (f'{HEAD}[tor]\ncontrol = "tor.example.org:9051"', "tor.control: expected"),
        (f'{HEAD}[tor]\ncontrol = "127.0.0.1"', "tor.control: expected"),
        (f'{HEAD}[tor]\ncontrol = "::1:9051"', "tor.control: expected"),
        (f'{HEAD}[tor]\ncontrol = "unix:"', "tor.control: expected"),
        (f'{HEAD}[tor]\nsocks = "unix:/x"', "tor.socks: expected"),
        (f'{HEAD}[tor]\nprivate_network = "yes"', "tor.private_network: expected true or false"),
        (f'{HEAD}[tor]\npassword_file = "absent"', "tor.password_file: expected a file"),
        (f'{HEAD}[tor]\noptions_file = "folder"', "tor.options_file: expected a file"),
        (f'{HEAD}[tor]\noptions_file = "/dev/zero"', "tor.options_file: expected a file"),
        (f'{HEAD}[tor]\npassword_file = ""', "tor.password_file: expected the path of a file"),
        (f'{HEAD}[tor]\npassword_file = "a\\u0000b"', "tor.password_file: expected a file"),
        (f"{HEAD}tor = 1", "tor: expected a table"),
        (f"{HEAD}[services.weather]", "services.weather is not a known key; expected one of: tor_check"),
        (f'{HEAD}[services]\ntor_check = "x"', "services.tor_check: expected a list of tables"),
        (f"{HEAD}[[services.tor_check]]", "services.tor_check[0].url is missing"),
        (f'{HEAD}[[services.tor_check]]\nurl = "ftp://x/"', "services.tor_check[0].url: expected"),
        (f'{HEAD}[[services.ip_echo]]\nurl = "https://"', "services.ip_echo[0].url: expected"),
        (f'{HEAD}[[services.ip_echo]]\nurl = "https://a:b@c/"', "services.ip_echo[0].url: expected"),
        (f'{HEAD}[[services.onion]]\nurl = "http://abc.onion/"', "services.onion[0].url: expected"),
        (f'{HEAD}[[services.onion]]\nurl = "https://example.org/"', "services.onion[0].url: expected"),
        (
            f'{HEAD}[[services.tor_check]]\nurl = "https://x/"\nca_file = "secret"',
            "services.tor_check[0].ca_file: expected certificates",
        ),
        (
            f'{HEAD}[[destinations]]\nurl = "https://x/"\nspki_sha256 = ["x"]',
            "destinations[0].spki_sha256[0]",
        ),
        (f'{HEAD}[[destinations]]\nurl = "https://x/"\ncolour = 1', "destinations[0].colour is not a known"),
        (f"{HEAD}[policy]\nmax_age_s = 0", "policy.max_age_s: expected a number"),
        (f"{HEAD}[policy]\nmax_age_s = 300.0", "policy.max_age_s: expected a number"),
        (f"{HEAD}[policy]\nmax_age_s = nan", "policy.max_age_s: expected a number"),
        (f"{HEAD}[policy]\nclock_tolerance_s = 86400", "policy.clock_tolerance_s: expected a number"),
        (f"{HEAD}[policy]\nmax_age_s = true", "policy.max_age_s: expected a number"),
        (f'{HEAD}[policy]\nrequired = ["everything"]', "policy.required[0]: expected a check id"),
        (f'{HEAD}[policy]\nrequired = ["entry.control\\n"]', "policy.required[0]: expected a check id"),
        (
            f'{HEAD}[[services.dns_leak]]\nurl = "https://x/"\nname = "y"',
            "services.dns_leak[0].name: expected",
        ),
        (
            f'{HEAD}[[services.dns_leak]]\nurl = "https://x/"\nname = "{{token}}.y"',
            "services.dns_leak[0].url: expected",
        ),
        ('schema = 2\nname = 3\ncolour = "red"', "schema: expected the number 1"),
        ('schema = "1"\nname = "x"', "schema: expected the number 1"),
        ('schema = 1\nname = ""', "name: expected a name of 1 to 100 characters"),
        (f"{HEAD}{HEAD}", "is not valid TOML"),
        (f"{HEAD}[policy]\nmax_age_s = {'9' * 5000}", "is not valid TOML"),
        (f"{HEAD}[policy]\nmax_age_s = 0x{'f' * 5000}", "has a number that is too long"),
        (f"{HEAD}{'a.' * 200_000}a = 1", "line 3 has too many dots"),
        ("\u2028".join(['"', '".' + "a." * 100_000 + "a = 1"]), "line 1 has too many dots"),
        (f"{HEAD}[tor", "is not valid TOML"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b" " * (1 << 21), "is larger than 1 MiB"),
        ("[" * 100_000, "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(folder: Path, text: str | bytes, named: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read(folder, text)
    assert named in caught.value.what
    assert "profile.toml" in caught.value.what


def test_a_profile_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(ProfileError, match="cannot be read"):
            load_profile(path)


def test_nobody_waits_for_a_pipe_or_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(ProfileError, match="not a plain file"):
            load_profile(path)
    with pytest.raises(ProfileError, match="expected a file that can be read"):
        read(tmp_path, f'{HEAD}[tor]\npassword_file = "pipe"')


def test_paths_are_relative_to_the_profile_not_to_where_we_stand(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "folder" / "secret").write_text("another")
    monkeypatch.chdir(folder / "folder")
    (folder / "profile.toml").write_text(f'{HEAD}[tor]\npassword_file = "secret"\n')
    profile = load_profile(Path("../profile.toml"))
    assert profile.tor.password_file is not None
    assert profile.tor.password_file.is_absolute()
    assert profile.tor.password_file.read_text() == "x"


def test_nothing_is_assumed_that_a_profile_does_not_say(folder: Path) -> None:
    profile = read(folder, HEAD)
    assert profile.tor == TorSettings()
    assert profile.tor.use is None
    assert profile.policy == Policy()
    assert not (*profile.tor_check, *profile.onion, *profile.destinations)


def test_a_hostile_key_reaches_no_terminal(folder: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        read(folder, f'{HEAD}"\\u001b]0;pwn\\u0007" = 1')
    assert caught.value.what.isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_profile_or_a_named_mistake(tmp_path: Path, content: bytes) -> None:
    try:
        assert isinstance(read(tmp_path, content), Profile)
    except ProfileError as error:
        assert error.what.isprintable()


KEYS = st.sampled_from(
    ["schema", "name", "tor", "mode", "control", "use", "services", "onion", "url", "policy", "required", "x"]
)
WORDS = st.sampled_from(["auto", "unix:/x", "127.0.0.1:9051", ONION, "https://x/", "entry.control", "\x1b["])
SCALARS = st.booleans() | st.integers() | WORDS | st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def toml(value: object) -> str:
    """TOML of plain data; JSON's strings, numbers and lists are TOML's too, but for one character."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=6), st.booleans())
def test_any_data_is_a_profile_or_a_named_mistake(
    tmp_path: Path, data: dict[str, object], with_head: bool
) -> None:
    if with_head:
        data = {**data, "schema": 1, "name": "x"}
    text = "".join(f"{key} = {toml(value)}\n" for key, value in data.items())
    try:
        assert isinstance(read(tmp_path, text), Profile)
    except ProfileError as error:
        assert "is not valid TOML" not in error.what
        assert error.what.isprintable()
        assert "profile.toml" in error.what
        assert error.then


@pytest.mark.parametrize("mode", ["system", "managed"])
def test_an_option_that_a_profile_may_not_set_is_named(tmp_path: Path, mode: str) -> None:
    (tmp_path / "extra.torrc").write_text("UseBridges 1\nSocksPort 0.0.0.0:9\n")
    with pytest.raises(ProfileError, match=r"tor\.options_file: .* not SocksPort"):
        read(tmp_path, f'{HEAD}[tor]\nmode = "{mode}"\noptions_file = "extra.torrc"')


def test_a_mark_of_byte_order_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + HEAD).name
