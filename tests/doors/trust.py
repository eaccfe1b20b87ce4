"""Certificates for one test: an authority nobody knows, and what it signed for this machine."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Trust:
    """`authority` is the file that clients check against; `server` is what servers show."""

    authority: Path
    server: ssl.SSLContext


def trust(folder: Path) -> Trust:
    """Make an authority, and a certificate for 127.0.0.1 signed by it."""
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signer = _name("Ternevig Prøvemyndighed")
    authority = (
        _certificate(signer, issuer=signer)
        .public_key(root.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    shown = (
        _certificate(_name("127.0.0.1"), issuer=signer)
        .public_key(key.public_key())
        .add_extension(host, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(shown.public_bytes(serialization.Encoding.PEM) + _pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return Trust(folder / "authority.pem", context)


def own_certificate(file: Path) -> Path:
    """A certificate that signed itself, and its key, as an administrator makes them for an application."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    me = _name("hoeringsbot")
    made = _certificate(me, issuer=me).public_key(key.public_key()).sign(key, hashes.SHA256())
    file.write_bytes(_pem(key) + made.public_bytes(serialization.Encoding.PEM))
    return file


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject: x509.Name, *, issuer: x509.Name) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
