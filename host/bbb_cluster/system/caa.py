"""Whether the DNS forbids a CA to certify a name (RFC 8659), looked up before the CA does."""

from __future__ import annotations

import json
from dataclasses import dataclass

from . import curl, dns_query
from .failure import Failure

_TYPE = 257
_CRITICAL = 128
# IANA's registry "Certification Authority Restriction Properties".
_KNOWN = {"issue", "issuewild", "issuemail", "issuevmc", "iodef", "contactemail", "contactphone"}
_LONGEST = 300


@dataclass(frozen=True)
class Property:
    """One CAA record."""

    flags: int
    tag: str
    value: str
    ttl: int

    def __str__(self) -> str:
        return f'{self.flags} {self.tag} "{self.value}"'


def refuse_what_is_forbidden(hostname: str, directory: str) -> None:
    """
    A Failure when CAA records forbid the CA behind an ACME directory to certify a name. What cannot be found out, or
    depends on the account, is left to the CA.
    """
    name, found = _relevant(hostname)
    identities = _identities(directory) if found else []
    if not identities:
        return
    unknown = [one for one in found if one.flags & _CRITICAL and one.tag not in _KNOWN]
    issuers = [one for one in found if one.tag == "issue"]
    if unknown:
        why, remedy = f"makes `{unknown[0].tag}` critical, which CAs do not know", "remove it there"
    elif issuers and not any(_issuer(one) in identities for one in issuers):
        why = f"does not allow {' or '.join(identities)}"
        remedy = f'add `{name}. CAA 0 issue "{identities[0]}"`, or remove it there'
    else:
        return
    quoted = ", ".join(str(one) for one in unknown or issuers)[:_LONGEST]
    forgotten = f"in {max(one.ttl for one in found)} seconds, when name servers have forgotten it"
    raise Failure(f"no certificate for {hostname}: CAA of {name} ({quoted}) {why}: {remedy}; run again {forgotten}")


def _relevant(hostname: str) -> tuple[str, list[Property]]:
    """The closest of a name and those above it that has CAA records, and these; none as soon as nobody can tell."""
    labels = hostname.split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        records = dns_query.ask(name, _TYPE)
        if records is None:
            break
        if records:
            return name, [_property(record.ttl, record.data) for record in records if len(record.data) > 1]
    return hostname, []


def _property(ttl: int, data: bytes) -> Property:
    flags, behind_tag = data[0], 2 + data[1]
    return Property(flags, data[2:behind_tag].decode("latin-1").lower(), data[behind_tag:].decode("latin-1"), ttl)


def _issuer(issue: Property) -> str:
    """Whom an `issue` allows, without the parameters; nobody: an empty text."""
    return issue.value.partition(";")[0].strip(" \t").lower()


def _identities(directory: str) -> list[str]:
    """The names by which a CA says that it is meant; none when it does not say, and then it looks at no CAA."""
    try:
        found = json.loads(curl.get(directory, json=False).body)["meta"]["caaIdentities"]
        return [name.lower() for name in found]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
