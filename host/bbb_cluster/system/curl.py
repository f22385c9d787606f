"""HTTP as a browser would do it, through curl: TLS verified by name, whatever address is dialled."""

from __future__ import annotations

import json as json_text
import tempfile
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
        return none(result)
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
        return none(result)
    pairs = [line.partition(":") for line in blocks[-1][1:]]
    found = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Answer(int(words[1]), "", f"HTTP status {words[1]}", found)


def send(url: str, body: object = None, seconds: int = 10, connect_to: str | None = None) -> Answer:
    """
    Posts JSON, or gets where there is none, dialling `connect_to` if given; neither URL nor body is seen in a list of
    processes. The headers of the answer are no more than where a redirect leads. Never raises.
    """
    lines = [("url", url)]
    lines += [] if connect_to is None else [("connect-to", f"::{connect_to}:")]
    lines += [] if body is None else [("header", "Content-Type: application/json"), ("data", json_text.dumps(body))]
    result = unseen(lines, ["--write-out", "\n%{http_code} %{redirect_url}"], seconds)
    content, _, last = result.out.rpartition("\n")
    status, _, location = last.partition(" ")
    if result.status != 0 or not status.isdigit():
        return none(result)
    return Answer(int(status), content, f"HTTP status {status}", {"location": location} if location else {})


def unseen(lines: list[tuple[str, str]], options: list[str], seconds: int) -> processes.Result:
    """Runs curl by a file of settings, which nobody sees in a list of processes."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.writelines(f'{name} = "{_escaped(value)}"\n' for name, value in lines)
        file.flush()
        return processes.run([*_command(seconds), *options, "--config", file.name], seconds + 10)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _command(seconds: int) -> list[str]:
    return ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(seconds)]


def _target(url: str, connect_to: str | None, insecure: bool) -> list[str]:
    arguments = ["--insecure"] if insecure else []
    if connect_to:
        host, port = url.split("/")[2], 443 if url.startswith("https:") else 80
        target = f"[{connect_to}]" if ":" in connect_to else connect_to
        arguments += ["--connect-to", f"{host}:{port}:{target}:{port}"]
    return [*arguments, url]


def none(result: processes.Result) -> Answer:
    """What is known when there was no answer."""
    lines = [line.strip() for line in result.err.splitlines() if line.strip()]
    # Of a certificate that is not trusted curl goes on to say what certificates are.
    telling = [line for line in lines if line.startswith("curl: (")]
    return Answer(0, "", (telling or lines or ["no answer"])[-1])
