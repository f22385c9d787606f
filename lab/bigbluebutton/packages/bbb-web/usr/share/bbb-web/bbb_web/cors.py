"""Cross-origin rules of the API, from the JVM's system properties (`grails.cors.*`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cors:
    """What another origin may do; `origins` holds scheme and host, compared exactly."""

    enabled: bool
    origins: tuple
    credentials: bool

    @classmethod
    def of(cls, system):
        """The rules that the system properties give."""
        origins = system.get("grails.cors.allowedOrigins", "*")
        return cls(
            enabled=system.get("grails.cors.enabled") == "true",
            origins=tuple(origin.strip() for origin in origins.split(",")),
            credentials=system.get("grails.cors.allowCredentials") == "true",
        )

    def headers(self, origin, host):
        """Reply headers for a request; None when it must be refused (403)."""
        if not self.enabled or not origin or origin.partition("://")[2] == host:
            return []
        if origin not in self.origins and "*" not in self.origins:
            return None
        headers = [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
        return headers + ([("Access-Control-Allow-Credentials", "true")] if self.credentials else [])
