"""Mistakes in a profile that would be easy to tell wrongly: versions, repetitions, half certificates."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safecomm.core.errors import ProfileError
from safecomm.core.profile import Profile
from safecomm.profile import load_profile
from tests.net.certificates import Authority

HEAD = 'schema = 1\nname = "x"\n'
SERVICE = '[[services.tor_check]]\nurl = "https://x/"\n'
WORDS = [
    "schema",
    "name",
    "tor",
    "mode",
    "control",
    "socks",
    "use",
    "password_file",
    "private_network",
    "services",
    "tor_check",
    "onion",
    "destinations",
    "url",
    "ca_file",
    "spki_sha256",
    "policy",
    "max_age_s",
    "required",
    "1",
    "300",
    "1.5",
    "true",
    "2026-01-01",
    "inf",
    '"x"',
    '"visible"',
    '"unix:x"',
    '"127.0.0.1:1"',
    '"https://x/"',
    '"{token}"',
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "''",
]


def read(folder: Path, text: str) -> Profile:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return load_profile(folder / "profile.toml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('schema = 1.0\nname = "x"', "schema: expected the number 1"),
        ('schema = 2\nname = "x"\nof_version_2 = 1', "schema: expected the number 1"),
        ('name = "x"\ncolour = 1', "schema is missing"),
        (f"{HEAD}[[tor]]", "tor: expected a table"),
        (HEAD + SERVICE * 21, "services.tor_check: expected a list of tables, at most 20"),
        (f'{HEAD}name = "y"\n', "line 3"),
        (f"{HEAD}[tor]\n[tor]", "line 4"),
        (f"{HEAD}[tor\n", "line 3"),
        (f'{HEAD}{SERVICE}ca_file = "revoked.pem"', "services.tor_check[0].ca_file: expected certificates"),
        (f'{HEAD}{SERVICE}ca_file = "empty.pem"', "services.tor_check[0].ca_file: expected certificates"),
        (f'{HEAD}{SERVICE}ca_file = "half.pem"', "services.tor_check[0].ca_file: expected certificates"),
    ],
)
def test_it_is_named(tmp_path: Path, text: str, named: str) -> None:
    Authority(tmp_path)
    whole = (tmp_path / "ca.pem").read_bytes()
    (tmp_path / "empty.pem").touch()
    (tmp_path / "half.pem").write_bytes(whole + whole[:-60])
    (tmp_path / "revoked.pem").write_bytes(_revocations())
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, text)
    assert named in caught.value.what
    assert "profile.toml" in caught.value.what


def _revocations() -> bytes:
    """PEM that OpenSSL reads, without a certificate in it."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    blank = x509.CertificateRevocationListBuilder(name, now, now + timedelta(days=1))
    return blank.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.PEM)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "\n"]), max_size=30).map(" ".join), st.booleans())
def test_words_of_a_profile_in_any_order_are_a_profile_or_a_named_mistake(
    tmp_path: Path, text: str, begun: bool
) -> None:
    try:
        assert isinstance(read(tmp_path, HEAD * begun + text), Profile)
    except ProfileError as error:
        assert error.what.isprintable()
        assert "profile.toml" in error.what
