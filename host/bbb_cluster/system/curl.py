"""HTTP as a browser would do it, through curl: TLS verified by name, whatever address is dialled."""

from __future__ import annotations

from dataclasses import dataclass

from . import processes


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; status 0 when there was none, and then the reason."""

    status: int
    body: str
    reason: str


def get(
    url: str, connect_to: str | None = None, insecure: bool = False, seconds: int = 10, json: bool = True
) -> Answer:
    """
    Gets a URL, dialling the address `connect_to` instead of the name's own if given; `json` asks BigBlueButton for
    JSON instead of XML. Never raises.
    """
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(seconds)]
    command += ["--write-out", "\n%{http_code}"]
    command += ["--header", "Content-Type: application/json"] if json else []
    if connect_to:
        host = url.split("/")[2]
        target = f"[{connect_to}]" if ":" in connect_to else connect_to
        command += ["--connect-to", f"{host}:443:{target}:443"]
    if insecure:
        command.append("--insecure")
    result = processes.run([*command, url], seconds + 10)
    body, _, status = result.out.rpartition("\n")
    if result.status != 0 or not status.isdigit():
        return Answer(0, "", result.err.strip().splitlines()[-1] if result.err.strip() else "no answer")
    return Answer(int(status), body, f"HTTP status {status}")
