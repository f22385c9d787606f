"""HTTP as a browser would do it, through curl: TLS verified by name, whatever address is dialled."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import processes


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; status 0 when there was none, and then the reason."""

    status: int
    body: str
    reason: str
    headers: dict = field(default_factory=dict)


def get(
    url: str, connect_to: str | None = None, insecure: bool = False, seconds: int = 10, json: bool = True
) -> Answer:
    """
    Gets a URL, dialling the address `connect_to` instead of the name's own if given; `json` asks BigBlueButton for
    JSON instead of XML. Never raises.
    """
    command = [*_command(seconds), "--write-out", "\n%{http_code}"]
    command += ["--header", "Content-Type: application/json"] if json else []
    result = processes.run([*command, *_target(url, connect_to, insecure)], seconds + 10)
    body, _, status = result.out.rpartition("\n")
    if result.status != 0 or not status.isdigit():
        return _none(result)
    return Answer(int(status), body, f"HTTP status {status}")


def ask(method: str, url: str, headers: dict, connect_to: str, seconds: int = 10) -> Answer:
    """What the headers of an answer say, whoever certified the machine; without a body. Never raises."""
    command = [*_command(seconds), "--output", "/dev/null", "--dump-header", "-"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    result = processes.run([*command, "--request", method, *_target(url, connect_to, True)], seconds + 10)
    blocks = [block.splitlines() for block in result.out.replace("\r\n", "\n").split("\n\n") if block.strip()]
    words = blocks[-1][0].split() if blocks else []
    if result.status != 0 or len(words) < 2 or not words[1].isdigit():
        return _none(result)
    pairs = [line.partition(":") for line in blocks[-1][1:]]
    found = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Answer(int(words[1]), "", f"HTTP status {words[1]}", found)


def _command(seconds: int) -> list[str]:
    return ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(seconds)]


def _target(url: str, connect_to: str | None, insecure: bool) -> list[str]:
    arguments = ["--insecure"] if insecure else []
    if connect_to:
        host, port = url.split("/")[2], 443 if url.startswith("https:") else 80
        target = f"[{connect_to}]" if ":" in connect_to else connect_to
        arguments += ["--connect-to", f"{host}:{port}:{target}:{port}"]
    return [*arguments, url]


def _none(result: processes.Result) -> Answer:
    return Answer(0, "", result.err.strip().splitlines()[-1] if result.err.strip() else "no answer")
