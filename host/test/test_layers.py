import ast
import os
import subprocess
import sys
import unittest

import compiled

import support  # noqa: F401

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bbb_cluster"))
# Who may import whom: a layer knows what is below it; those between `commands` and `settings` stand side by side.
BELOW = {
    "": {"commands", "system"},
    "commands": {
        *(
            "access",
            "backup",
            "balancer",
            "bigbluebutton",
            "image",
            "monitoring",
            "recordings",
            "tls",
            "trial",
            "updates",
            "settings",
        ),
        "system",
    },
    "access": {"settings", "system"},
    "backup": {"settings", "system"},
    "balancer": {"settings", "system"},
    "bigbluebutton": {"settings", "system"},
    "image": {"settings", "system"},
    "monitoring": {"settings", "system"},
    "recordings": {"bigbluebutton", "settings", "system"},
    "tls": {"settings", "system"},
    "trial": {"bigbluebutton", "system"},
    "updates": {"settings", "system"},
    "settings": {"system"},
    "system": set(),
}
# Run by BBBLB, in its own Python: none of our modules.
FOREIGN = "guard"


def modules():
    """Every module of the host programs: its dotted name and its syntax tree."""
    for folder, _, names in sorted(os.walk(ROOT)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".py") and os.path.relpath(path, ROOT).split(os.sep)[0] != FOREIGN:
                with open(path, encoding="utf-8") as file:
                    dotted = os.path.relpath(path, ROOT)[:-3].replace(os.sep, ".")
                    yield dotted, ast.parse(file.read())


def imports(dotted, tree):
    """The modules of ours that a module imports, as dotted names."""
    package = dotted.split(".")[:-1]
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = package[: len(package) - node.level + 1]
        elif node.module == "bbb_cluster" or (node.module or "").startswith("bbb_cluster."):
            base, node.module = [], node.module[len("bbb_cluster.") :]
        else:
            continue
        base = base + (node.module.split(".") if node.module else [])
        for name in node.names:
            found = ".".join([*base, name.name])
            yield found if is_module(found) else ".".join(base)


def is_module(dotted):
    return os.path.isfile(os.path.join(ROOT, *dotted.split(".")) + ".py")


def layer(dotted):
    return dotted.split(".")[0] if "." in dotted else ""


GRAPH = {dotted: sorted(set(imports(dotted, tree))) for dotted, tree in modules()}


class Layers(unittest.TestCase):
    def test_imports_lead_only_downwards(self):
        wrong = [
            f"{module} imports {other}"
            for module, others in GRAPH.items()
            for other in others
            if layer(other) != layer(module) and layer(other) not in BELOW[layer(module)]
        ]
        self.assertEqual(wrong, [])

    def test_every_import_of_ours_is_known(self):
        self.assertEqual([other for others in GRAPH.values() for other in others if not is_module(other)], [])

    def test_no_module_imports_itself_by_way_of_others(self):
        done = set()

        def follow(module, above):
            self.assertNotIn(module, above, " → ".join([*above, module]))
            if module not in done:
                for other in GRAPH[module]:
                    follow(other, [*above, module])
                done.add(module)

        for module in GRAPH:
            follow(module, [])

    def test_everything_is_loaded_at_the_start(self):
        """A later version removes the folder of a program that still runs."""
        for dotted, tree in modules():
            inner = [
                node.lineno
                for function in ast.walk(tree)
                if isinstance(function, (ast.FunctionDef, ast.Lambda))
                for node in ast.walk(function)
                if isinstance(node, (ast.Import, ast.ImportFrom))
            ]
            self.assertEqual(inner, [], dotted)
        script = "import sys; import bbb_cluster.__main__; print(*sorted(sys.modules))"
        folder = os.path.dirname(compiled.programs())
        shown = subprocess.run(
            [sys.executable, "-B", "-c", script], cwd=folder, capture_output=True, text=True, check=True
        )
        loaded = set(shown.stdout.split())
        missing = [name for name in GRAPH if not name.endswith("__init__") and f"bbb_cluster.{name}" not in loaded]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
