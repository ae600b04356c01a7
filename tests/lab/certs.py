"""Certificates of the lab's web: one authority to trust, one not to, and every way to be wrong."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

KINDS = ("ok", "other_key", "key_per_exit", "untrusted_cert", "expired_cert", "wrong_name_cert")
DAY = timedelta(days=1)


class Authority:
    """A certificate authority that lives in memory for as long as it takes to sign."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        now = datetime.now(UTC)
        usage = _usage(signs_certificates=True)
        builder = _builder(self._name, self._name, self._key, (now - DAY, now + 30 * DAY))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(usage, critical=True)
        self._certificate = builder.sign(self._key, hashes.SHA256())

    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self._certificate.public_bytes(Encoding.PEM)

    def issue(self, host: str, days: tuple[int, int]) -> bytes:
        """A new key and a certificate for host, valid from days[0] to days[1] from now, as one PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        builder = _builder(_name(host), self._name, key, (now + days[0] * DAY, now + days[1] * DAY))
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(issuer, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return private + certificate.public_bytes(Encoding.PEM)


def write_certificates(folder: Path, hosts: dict[str, str]) -> None:
    """Write ca.pem, other-ca.pem and NAME-KIND.pem for every kind; hosts maps names to host names."""
    folder.mkdir()
    lab, other = Authority("SafeComm lab"), Authority("Somebody else")
    (folder / "ca.pem").write_bytes(lab.pem())
    (folder / "other-ca.pem").write_bytes(other.pem())
    for name, host in hosts.items():
        for kind in KINDS:
            authority = other if kind == "untrusted_cert" else lab
            days = (-9, -2) if kind == "expired_cert" else (-1, 30)
            named = f"other.{host}" if kind == "wrong_name_cert" else host
            (folder / f"{name}-{kind}.pem").write_bytes(authority.issue(named, days))


def pin(file: Path) -> str:
    """The base64 SHA-256 of a certificate's public key (RFC 7469, section 2.4)."""
    text = file.read_bytes()
    certificate = x509.load_pem_x509_certificate(text[text.index(b"-----BEGIN CERT") :])
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode("ascii")


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, valid: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    public = key.public_key()
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
