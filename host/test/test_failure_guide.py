"""README's failure guide and the messages that an operator can meet, held against each other."""

import ast
import glob
import os
import re
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PROGRAMS = os.path.join(ROOT, "host", "bbb_cluster")
# What others say: Pulumi, its plugins, Hetzner.
FOREIGN = {
    *("the stack is currently locked", "interrupted while creating", "Dial k/n failed: retrying"),
    *("ssh: host key mismatch", "dial unix …"),
    *("… cannot be deleted because it is protected", "unable to replace … marked for protection"),
    *("resource_limit_exceeded", "resource_unavailable", "rate_limit_exceeded", "unauthorized", "token_readonly"),
    *("uniqueness_error", "already exists", "source_port_already_used", "overlaps", "not_found"),
}
# Errors that are meant to be read, by their classes.
FAILURES = ("Failure", "Refused", "Rejected")
# What only a program that does not fit the host programs could meet, or the configuration has refused before.
INTERNAL = re.compile(
    r"in the request|the request|known key of|^every (file|entry)|must list (units|objects)|is set twice|cannot both be"
    r"|^`[^`]*`( of the installer| in `restart`)? must (not )?be |must be (absolute|older|an object$)"
    r"|is not a (dotted path|name of a variable|BigBlueButton release)|an empty key|have no meaning on"
    r"|unpaired surrogate|names no key: nobody|is no public key$|is no rule: expected|is no network$"
    r"|has no `content`|contains a line break|must begin with https|is not a PEM certificate"
)


def rows():
    """What is quoted in the first column of the guide."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        guide = re.search(r"^## When something fails$(.*?)^## ", file.read(), re.MULTILINE | re.DOTALL).group(1)
    cells = re.findall(r"^\| (.*?) \|", guide, re.MULTILINE)
    return [quoted.strip() for cell in cells for _, quoted in re.findall(r"(`+)(.+?)\1(?!`)", cell)]


def without_breaks(text):
    """Source whose literals are not torn apart by line ends."""
    return re.sub(r"\"\s*\+?\s*\n\s*f?\"|`\s*\+\s*\n\s*[\"`]", "", text)


def sources():
    """All code that can say something to an operator, as one text."""
    parts = []
    for folder, pattern in (
        ("host/bbb_cluster", "*.py"),
        *((f, "*.ts") for f in ("config", "plan", "components", "cli", "checks")),
    ):
        for path in sorted(glob.glob(os.path.join(ROOT, folder, "**", pattern), recursive=True)):
            with open(path, encoding="utf-8") as file:
                parts.append(without_breaks(file.read()))
    return "\n".join(parts).replace("\\\\", "\\")


def literal(node):
    """The text of a message as it is written, with `…` for what differs; None when it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def messages():
    """Every message that a host program can end with, as far as it is written where it is raised."""
    for path in sorted(glob.glob(os.path.join(PROGRAMS, "**", "*.py"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAILURES:
                text = literal(node.args[0])
                if text and text.strip("… :"):
                    yield os.path.relpath(path, PROGRAMS), text


# What of the program itself only a mistake of ours could bring about, or what makes a text, such as a usage.
PROGRAMMERS = re.compile(
    r"was not declared|there is no (?:machine|firewall)|private addresses for|is not supported|has no lines|Unexp"
)


def program_messages():
    """Every message that the program and the commands end with, as far as it is written where it is thrown."""
    thrown = re.compile(r"throw new (?:pulumi\.)?(?:Error|RunError|Refusal)\(\s*([\"`])(.*?)\1", re.DOTALL)
    for folder in ("components", "plan", "cli"):
        for path in sorted(glob.glob(os.path.join(ROOT, folder, "**", "*.ts"), recursive=True)):
            with open(path, encoding="utf-8") as file:
                for _, text in thrown.findall(without_breaks(file.read())):
                    yield os.path.relpath(path, ROOT), re.sub(r"\$\{.*?\}", "…", text)


def pattern(quoted):
    return ".*".join(re.escape(piece.strip()) for piece in quoted.split("…"))


class Guide(unittest.TestCase):
    def test_every_message_that_it_quotes_is_one_that_can_be_met(self):
        code = sources()
        for quoted in rows():
            if quoted in FOREIGN or quoted.startswith(("npm run ", "pulumi ")):
                continue
            pieces = [piece.strip() for piece in quoted.split("…") if len(piece.strip()) > 3]
            for piece in pieces:
                with self.subTest(row=quoted):
                    self.assertTrue(piece.rstrip(".") in code, f"no code says: {piece}")

    maxDiff = None

    def has_rows(self, found, internal):
        known = [re.compile(pattern(quoted), re.DOTALL) for quoted in rows() if quoted.strip("… ")]
        said = [(path, text) for path, text in found if not internal.search(text)]
        missing = [f"{path}: {text}" for path, text in said if not any(each.search(text) for each in known)]
        self.assertEqual(missing, [])

    def test_every_message_of_the_host_programs_has_a_row(self):
        self.has_rows(messages(), INTERNAL)

    def test_every_message_of_the_program_and_the_commands_has_a_row(self):
        self.has_rows(program_messages(), PROGRAMMERS)

    def test_it_is_a_guide(self):
        self.assertGreater(len(rows()), 50)
        self.assertGreater(len(list(messages())), 50)
        self.assertGreater(len(list(program_messages())), 10)


if __name__ == "__main__":
    unittest.main()
