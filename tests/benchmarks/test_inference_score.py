"""How inference is measured: what counts as recalled, testable and right; what the source code tells; hidden kinds."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from fr_envs.adapters.inference.counterfactual import StateEdge
from fr_envs.world.registry import load_domain
from fr_envs.world.tool_call import ToolCall

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def module(name: str) -> Any:
    return importlib.import_module(name)


def test_a_data_edge_is_right_if_a_chance_was_taken() -> None:
    use = module("bfcl_reference").Use
    uses = [
        use("1", "make", "drop", "box", True),
        use("1", "make", "drop", "box", False),
        use("2", "make", "drop", "box", True),
        use("2", "list", "drop", "box", False),
        use("3", "look", "drop", "box", True),
    ]
    claims = {("make", "drop", "box"), ("list", "drop", "box"), ("never", "drop", "box")}
    score = module("bfcl_score").of_data(claims, uses)
    assert score == (3, 2, 3, 1, 2, 1, 1)
    assert (score.recall, score.precision) == (2 / 3, 1 / 2)
    assert "66.7%" in score.line("x")
    assert score.plus(score).claims == 6


def test_a_state_edge_answers_for_the_calls_that_it_speaks_of() -> None:
    effect = module("bfcl_reference").Effect
    drop, weigh, other = (ToolCall(*each) for each in (("drop", {"box": "a"}), ("weigh", {"box": "a"}), ("weigh", {})))
    effects = [effect("1", drop, {}, weigh, True), effect("1", drop, {}, other, True)]
    claim = StateEdge("drop", "weigh", 3, 3, 0, 3, True, None, (drop, weigh))
    of_state = module("bfcl_score").of_state
    assert of_state({("drop", "weigh"): claim}, effects)[:5] == (1, 1, 2, 1, 1)
    assert of_state({("drop", "weigh"): None}, effects)[:5] == (1, 2, 2, 1, 1)
    assert of_state({("weigh", "drop"): None}, effects)[:5] == (1, 0, 2, 0, 0)


class Folder:
    """Holds texts."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def put(self, text: str) -> None:
        """Put."""
        self.texts[text] = text


class Cabinet:
    """Holds a folder."""

    def __init__(self) -> None:
        self.folder = Folder()
        self.count = 0
        self.names: list[str] = []

    def add(self, text: str) -> None:
        """Write by a method of another class, and by a helper."""
        inner = self.folder
        inner.put(text)
        self._counted()

    def _counted(self) -> None:
        self.count += 1

    def name(self, text: str) -> None:
        """Write by a method of a list."""
        self.names.append(text)

    def size(self) -> int:
        """Read only."""
        return self.count + len(self.names)


def test_source_code_tells_what_is_read_and_written() -> None:
    found = module("bfcl_baselines").accesses(Cabinet)
    assert found["add"].writes == {"folder", "count"}
    assert found["name"].writes == {"names"}
    assert found["size"] == (frozenset({"count", "names"}), frozenset())


def test_a_world_without_its_kinds_plays_as_before() -> None:
    domain = load_domain("filesystem")
    bare = module("inference_worlds").stripped(domain)
    assert bare.spec.kinds == {}
    assert bare.spec.facts == {}
    assert not any(tool.needs or tool.sets or tool.output_kinds() for tool in bare.spec.tools.values())
    state = domain.initial(1)
    for call in (ToolCall("pwd", {}), ToolCall("cd", {"path": "/no such place"}), ToolCall("mkdir", {"path": "new"})):
        ours, theirs = bare.apply(state, call), domain.apply(state, call)
        assert (ours.value, ours.state) == (theirs.value, theirs.state)
