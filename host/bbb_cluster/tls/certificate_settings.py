"""What a request says about a machine's name and its certificates."""

from __future__ import annotations

from dataclasses import dataclass

from ..system import dns, request
from . import acme_server, ca_certificates

FIELDS = ("hostname", "addresses", "email", "acmeDirectory", "caCertificates")


@dataclass(frozen=True)
class CertificateSettings:
    """
    The machine's name, its public addresses (none: its DNS records are not waited for), and who certifies it; `others`
    are all further names that the certificate is to be for (None: that is not looked at); `shared`: a name may lead to
    another machine, which asks this one.
    """

    hostname: str
    addresses: list[str]
    email: str
    acme_directory: str | None
    ca_certificates: list[bytes]
    others: tuple[str, ...] | None = None
    shared: bool = False

    @property
    def names(self) -> list[str]:
        """All names that the certificate is for, the one that it is kept under first."""
        return list(dict.fromkeys([self.hostname, *(self.others or ())]))


def parse(data: dict) -> CertificateSettings:
    """The checked part of the request."""
    return CertificateSettings(
        request.hostname(data, "hostname"),
        dns.addresses(data),
        request.field(data, "email", str),
        request.field(data, "acmeDirectory", str, None),
        ca_certificates.certificates(request.texts(data, "caCertificates")),
    )


def are_in_place(wanted: CertificateSettings) -> bool:
    """Whether this machine trusts whom it is to trust, and asks whom it is to ask for certificates."""
    return ca_certificates.are_trusted(wanted.ca_certificates) and acme_server.is_configured(wanted.acme_directory)


def put_in_place(wanted: CertificateSettings) -> None:
    """Makes it so."""
    ca_certificates.trust(wanted.ca_certificates)
    acme_server.configure_acme_server(wanted.acme_directory)
