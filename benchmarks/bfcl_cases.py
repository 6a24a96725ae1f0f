"""The multi-turn cases of ``bfcl-eval`` as worlds of ours: eight classes that nobody here wrote.

For development only: ``pip install --no-deps bfcl-eval`` and ``pip install mpmath filelock``. Calls in the ground
truth are text such as ``cd(folder='x')``; they are parsed, never evaluated.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.python.objects import Handling, domain_from_object
from fr_envs.errors import Refusal, UsageError
from fr_envs.json_values import scalars
from fr_envs.world.compose import compose
from fr_envs.world.domain import Domain, Effect, Hooks
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.state import State

__all__ = [
    "CATEGORIES",
    "CLASSES",
    "Case",
    "bounded",
    "cases",
    "class_domain",
    "class_of",
    "docs_of",
    "domain_of",
    "instance_of",
    "parse",
    "questions_of",
]

CATEGORIES = ("base", "miss_func", "miss_param", "long_context")

CLASSES = {
    "GorillaFileSystem": ("gorilla_file_system", "gorilla_file_system"),
    "MathAPI": ("math_api", "math_api"),
    "MessageAPI": ("message_api", "message_api"),
    "TicketAPI": ("ticket_api", "ticket_api"),
    "TradingBot": ("trading_bot", "trading_bot"),
    "TravelAPI": ("travel_booking", "travel_booking"),
    "TwitterAPI": ("posting_api", "posting_api"),
    "VehicleControlAPI": ("vehicle_control", "vehicle_control"),
}
"""Class -> (module, function docs)."""

_SOURCE = "bfcl_eval.eval_checker.multi_turn_eval.func_source_code"
_IGNORED = ("_last_modified", "_api_description")  # the clock of the machine, and a text that never changes


class Case(NamedTuple):
    """One case.

    Attributes:
        id: ``multi_turn_base_0``.
        category: One of ``CATEGORIES``.
        classes: Names of the classes involved.
        config: First state of each.
        calls: The ground truth, turn by turn, as text.
    """

    id: str
    category: str
    classes: tuple[str, ...]
    config: JsonObject
    calls: tuple[tuple[str, ...], ...]

    @property
    def long_context(self) -> bool:
        """Whether the worlds are filled with further data."""
        return self.category == "long_context"


def _data() -> Path:
    try:
        package = importlib.import_module("bfcl_eval")
    except ImportError as error:
        needed = "pip install --no-deps bfcl-eval && pip install mpmath filelock"
        raise UsageError(f"bfcl-eval is not installed; for development: {needed}") from error
    return Path(package.__path__[0]) / "data"


def _lines(path: Path) -> list[JsonObject]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def cases(*categories: str) -> Iterator[Case]:
    """Iterate over the cases of some categories, of all four if none is named.

    Raises:
        UsageError: bfcl-eval is not installed.
    """
    for category in categories or CATEGORIES:
        name = f"BFCL_v4_multi_turn_{category}.json"
        truths = {entry["id"]: entry["ground_truth"] for entry in _lines(_data() / "possible_answer" / name)}
        for entry in _lines(_data() / name):
            calls = tuple(tuple(turn) for turn in truths[entry["id"]])
            yield Case(entry["id"], category, tuple(entry["involved_classes"]), entry["initial_config"], calls)


@functools.cache
def _questions(category: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    lines = _lines(_data() / f"BFCL_v4_multi_turn_{category}.json")
    return {
        entry["id"]: tuple(
            tuple(each["content"] for each in turn if each["role"] == "user") for turn in entry["question"]
        )
        for entry in lines
    }


def questions_of(case: Case) -> tuple[tuple[str, ...], ...]:
    """Return what the user of a case says, turn by turn."""
    return _questions(case.category)[case.id]


@functools.cache
def class_of(name: str) -> type:
    """Return one of the classes."""
    found: type = getattr(importlib.import_module(f"{_SOURCE}.{CLASSES[name][0]}"), name)
    return found


@functools.cache
def _docs(name: str, typed: bool) -> tuple[JsonObject, ...]:
    docs = _lines(_data() / "multi_turn_func_doc" / f"{CLASSES[name][1]}.json")
    for doc in docs if not typed else ():
        for body in doc["parameters"]["properties"].values():
            body.pop("type", None)
    return tuple(docs)


def docs_of(name: str) -> tuple[JsonObject, ...]:
    """Return the function docs of a class, as BFCL gives them to models."""
    return _docs(name, typed=True)


def instance_of(name: str, config: Json, *, long_context: bool = False) -> object:
    """Make an object of one class in its first state; the state is a copy of ``config``."""
    made: Any = class_of(name)()
    if hasattr(made, "_load_scenario"):
        made._load_scenario(json.loads(json.dumps(config)), long_context=long_context)
    return made


def class_domain(name: str, config: Json = None, *, long_context: bool = False, typed: bool = True) -> Domain[Any]:
    """Return one class as a world.

    Args:
        name: One of ``CLASSES``.
        config: First state.
        long_context: Fill the world with further data.
        typed: Hold arguments to the types that the function docs declare, which one ground truth breaks.
    """
    factory = functools.partial(instance_of, name, config or {}, long_context=long_context)
    return domain_from_object(
        factory,
        name=CLASSES[name][0],
        docs=_docs(name, typed),
        handling=Handling(_IGNORED, say=repr),
        time_limit=None,
    )


def domain_of(case: Case) -> Domain[Any]:
    """Return the world of a case, of all of its classes; arguments are taken as untyped as its executor takes them."""
    config, long = case.config, case.long_context
    parts = [class_domain(name, config.get(name), long_context=long, typed=False) for name in case.classes]
    return parts[0] if len(parts) == 1 else compose(*parts, name="case", id="FunReason/Case-v0")


_LARGE = 1000
"""Numbers above this are refused to MathAPI: powers and digits without end are computed where no time limit reaches."""


def bounded(domain: Domain[Any]) -> Domain[Any]:
    """Return a world in which MathAPI refuses large numbers; any other world as it is."""
    if domain.spec.name != CLASSES["MathAPI"][0]:
        return domain
    handlers = {name: functools.partial(_within_bounds, domain, name) for name in domain.spec.tools}
    return Domain(domain.spec, handlers, Hooks(lambda rng, _: domain.initial(rng)))


def _within_bounds(domain: Domain[Any], name: str, state: State, /, **arguments: Json) -> Effect[Any]:
    if any(isinstance(leaf, int | float) and abs(leaf) > _LARGE for leaf in scalars(arguments)):
        raise Refusal("tool_failed", "the number is too large")
    outcome = domain.apply(state, ToolCall(name, arguments))
    if outcome.error is not None:
        raise Refusal("tool_failed", outcome.error.message)
    return Effect(outcome.state, outcome.value)


def parse(text: str, case: Case) -> ToolCall:
    """Read ``name(argument, key=value)`` without evaluating anything; positions are named by the signature.

    Raises:
        ValueError: It is something else.
    """
    node = ast.parse(text.strip(), mode="eval").body
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise ValueError(f"no call: {text}")  # noqa: TRY004 - the text is wrong, not the type
    name = node.func.id
    owner = next((class_of(each) for each in reversed(case.classes) if hasattr(class_of(each), name)), None)
    if owner is None:
        raise ValueError(f"no tool of this case: {text}")
    names = list(inspect.signature(getattr(owner, name)).parameters)[1:]
    arguments = dict(zip(names, map(ast.literal_eval, node.args), strict=False))
    arguments |= {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg}
    return ToolCall(name, arguments)
