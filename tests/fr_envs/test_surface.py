"""What `fr_envs` offers, and what importing it costs.

1. `__all__` is what is pinned here; every name in it is there, by attribute, by `import *` and in `dir`.
2. What type checkers see, what runs and what is exported is one list.
3. `import fr_envs` loads neither numpy nor anything that is slower; worlds, states and sessions load neither gymnasium
   nor networkx nor jsonschema.
"""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import fr_envs

NAMES = [
    "Action", "ApiGraph", "ContractViolation", "Domain", "DomainSpec", "ForeignToolError", "FunReasonError", "Goal",
    "Observation", "Outcome", "RewardRules", "Session", "Snapshot", "SpecError", "Task", "ToolCall", "ToolEnv",
    "ToolError", "Trajectory", "Turn", "UsageError", "Verdict", "__version__", "compose", "domain_names", "load_domain",
    "load_spec", "openai_tools", "read_action", "read_spec", "read_task", "register_envs", "register_world",
    "score", "tool",
]  # fmt: skip


def names_for_type_checkers(package: str) -> dict[str, str]:
    """Modules by the names that the package takes from them where only a type checker looks, or always."""
    source = Path(str(importlib.import_module(package).__file__)).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(("fr_envs", "fr_synth")):
            found.update({alias.name: str(node.module) for alias in node.names if alias.name != "load_name"})
    return found


def loaded_by(code: str, *names: str) -> list[str]:
    """Which of some modules are there once a fresh interpreter has run the code."""
    asked = f"{code}\nimport sys, json\nprint(json.dumps([name for name in {names!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", asked], capture_output=True, text=True, check=True)
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return loaded


def test_the_names_are_pinned() -> None:
    assert fr_envs.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there(name: str) -> None:
    assert getattr(fr_envs, name) is not None
    assert name in dir(fr_envs)


def test_a_star_import_gives_every_name() -> None:
    space: dict[str, object] = {}
    exec("from fr_envs import *", space)
    assert set(NAMES) <= space.keys()


def test_a_name_that_is_not_there_is_named() -> None:
    assert not hasattr(fr_envs, "no_such_name")
    with pytest.raises(AttributeError, match="module 'fr_envs' has no attribute 'no_such_name'") as caught:
        fr_envs.no_such_name  # type: ignore[attr-defined]  # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("no_such_name", fr_envs)


def test_type_checkers_see_what_runs() -> None:
    seen = names_for_type_checkers("fr_envs")
    assert sorted([*seen, "__version__"]) == sorted(NAMES)
    for name, module in seen.items():
        assert getattr(importlib.import_module(module), name) is getattr(fr_envs, name)
    assert {name: seen[name] for name in fr_envs._HOMES} == fr_envs._HOMES


def test_the_import_is_light() -> None:
    heavy = ("numpy", "msgspec", "gymnasium", "networkx", "jsonschema", "jsonschema_rs", "yaml", "importlib.abc")
    assert loaded_by("import fr_envs", *heavy) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "import fr_envs.world.state",
        "import fr_envs.world.domain",
        "from fr_envs import load_domain, Session",
        "from fr_envs import load_domain; load_domain('banking').initial(7)",
        "from fr_envs import Session; s = Session('banking'); s.reset(seed=7); s.call('list_accounts')",
        "import functools, fr_envs; fr_envs.register_world('own', functools.partial(print))",
    ],
)
def test_worlds_and_sessions_need_neither_gymnasium_nor_graphs(code: str) -> None:
    assert loaded_by(code, "gymnasium", "networkx", "jsonschema", "fr_envs.env", "fr_envs.graph") == []
