"""Certificates for tests: an authority of their own, and programs that it has signed."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority:
    """Signs certificates; `path` is its own one, for those who trust it."""

    def __init__(self, folder: Path, name: str = "Authority of a test") -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = _name(name)
        builder = _begin(self.name, self.key.public_key(), ends_at=datetime.now(UTC) + DAY)
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(usage, critical=True)
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(self._sign(builder).public_bytes(serialization.Encoding.PEM))

    def serving(self, host: str, *, ends_at: datetime | None = None) -> ssl.SSLContext:
        """Return what a server for `host` needs, valid until `ends_at`; for a day unless it is given."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _begin(_name(host), key.public_key(), ends_at=ends_at or datetime.now(UTC) + DAY)
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(host)]), critical=False)
        signed = self._sign(builder)
        both = self.folder / f"{signed.serial_number}.pem"
        both.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context

    def _sign(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        whose = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.issuer_name(self.name).add_extension(whose, critical=False)
        return builder.sign(self.key, hashes.SHA256())


def _begin(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, *, ends_at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends_at - 30 * DAY)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
