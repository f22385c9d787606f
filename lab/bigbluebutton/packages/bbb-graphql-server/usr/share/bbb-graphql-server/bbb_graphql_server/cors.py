"""HASURA_GRAPHQL_CORS_DOMAIN: which origins may read the replies."""

import re

_DOMAIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?")


class CorsDomains:
    """`*`, or a comma list of origins with scheme; `https://*.x` stands for every name below x, not for x itself."""

    def __init__(self, text):
        self._all = text.strip() == "*"
        self._domains = [] if self._all else [domain.strip().lower() for domain in text.split(",")]
        for domain in self._domains:
            if not _DOMAIN.fullmatch(domain):
                raise ValueError(f"HASURA_GRAPHQL_CORS_DOMAIN: invalid domain: {domain}")

    def headers(self, origin):
        """The headers that let a page of `origin` read the reply; none when it may not."""
        if not origin or not (self._all or any(_matches(domain, origin.lower()) for domain in self._domains)):
            return []
        return [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Vary", "Origin"),
        ]


def _matches(domain, origin):
    scheme, star, suffix = domain.partition("*")
    if not star:
        return origin == domain
    return origin.startswith(scheme) and origin.endswith(suffix) and len(origin) > len(scheme) + len(suffix)
