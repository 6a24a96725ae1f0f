"""Situations from files: YAML -> Situation, with every fault named by file, line, JSON pointer and fix."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import msgspec
import yaml

import env_specs
from fr_envs.contract.loading import line_of
from fr_envs.errors import SpecError
from fr_envs.json_values import pointer_of
from fr_envs.situation.checks import faults
from fr_envs.situation.spec import Persona, Situation
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import SituationTurn, TurnKind

__all__ = [
    "asides_in",
    "every_turn",
    "kind_of",
    "kinds_of_turns",
    "load_personas",
    "load_situations",
    "most_turns",
    "played_in",
    "read_situations",
    "situations_in",
    "tools_of",
    "traits_of_turns",
]


@functools.cache
def load_situations() -> tuple[Situation, ...]:
    """Return every situation that ships with the package, in the order of files and within them.

    They are held to the schema alone: that they keep every other rule as well is known from the tests, and to look
    again would take each process longer than to read them.

    Raises:
        SpecError: One of them has another shape, or a name that another one has.
    """
    found: dict[str, Situation] = {}
    for path in env_specs.situation_paths():
        for situation in _from_text(path.read_text(encoding="utf-8"), _name_of(path), known=True):
            _keep(situation, found)
    return tuple(found.values())


def _name_of(path: Traversable) -> str:
    return "/".join(Path(str(path)).parts[-4:])


def read_situations(folder: str | Path) -> tuple[Situation, ...]:
    """Read anybody's situations: every ``*.yaml`` in a folder and below, or one file.

    Raises:
        SpecError: A file cannot be read, is no YAML, or breaks a rule of situations.
    """
    top = Path(folder)
    files = sorted(top.rglob("*.yaml")) if top.is_dir() else [top]
    if not files:
        raise SpecError(str(folder), "", "holds no file *.yaml", "give a folder of situations")
    found: dict[str, Situation] = {}
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SpecError(str(file), "", f"cannot be read: {error}", "give a file of situations") from error
        for situation in _from_text(text, str(file)):
            _keep(situation, found)
    return tuple(found.values())


def played_in(folder: str | Path, worlds: Sequence[str]) -> tuple[Situation, ...]:
    """Read anybody's situations, some of which are for one of some worlds at least.

    Raises:
        SpecError: A file cannot be read or breaks a rule, or none of the situations is for any of the worlds.
    """
    found = read_situations(folder)
    if not any(situations_in(world, found) or asides_in(world, found) for world in worlds):
        first = found[0] if found else None
        problem = f"holds no situation for {' or '.join(worlds)}" + (
            f", but for {' and '.join(first.worlds)}" if first else ""
        )
        raise SpecError(
            first.source if first else str(folder), "/0/worlds" if first else "", problem, "name the world there"
        )
    return found


def _keep(situation: Situation, found: dict[str, Situation]) -> None:
    twin = found.get(situation.name)
    if twin is not None:
        problem = f"{situation.name} is there twice, first in {twin.source}"
        raise SpecError(situation.source, "", problem, "give each situation a name of its own")
    found[situation.name] = situation


def situations_in(world: str, situations: Sequence[Situation]) -> tuple[Situation, ...]:
    """Return the situations that a world, or a composition ("banking+travel"), is the place for.

    A composition plays those that need several of its worlds; a single world those that need it alone.
    """
    parts = frozenset(world.split("+"))
    fitting = [each for each in situations if parts.issuperset(each.worlds) and not each.aside]
    crossing = [each for each in fitting if len(each.worlds) > 1]
    return tuple(crossing or fitting if len(parts) > 1 else [each for each in fitting if len(each.worlds) == 1])


def asides_in(world: str, situations: Sequence[Situation]) -> tuple[Situation, ...]:
    """Return what can be said besides in a world, or a composition, behind what somebody came for."""
    parts = frozenset(world.split("+"))
    return tuple(each for each in situations if each.aside and parts.issuperset(each.worlds))


def kind_of(situation: Situation) -> TurnKind:
    """Return the kind of a situation: that of its first turn which is not to be acted on, else ``act``."""
    return next((turn.kind for turn in situation.turns if turn.kind != "act"), "act")


def most_turns(situation: Situation) -> int:
    """Return how many turns a situation can have at most."""
    return _most(situation.turns)


def traits_of_turns(situation: Situation) -> frozenset[str]:
    """Return the traits that turns of a situation have by their author's word."""
    return frozenset(trait for turn in every_turn(situation) for trait in turn.traits)


def kinds_of_turns(situation: Situation) -> frozenset[TurnKind]:
    """Return the kinds of the turns that can come up in a situation."""
    return frozenset(turn.kind for turn in every_turn(situation))


def tools_of(situation: Situation) -> frozenset[str]:
    """Return the tools that a situation may come to call, whichever of its turns come up."""
    turns = every_turn(situation)
    asked = {request.call for turn in turns for request in turn.requests}
    return frozenset(asked | {turn.awaits.call for turn in turns if turn.awaits is not None})


def every_turn(situation: Situation) -> tuple[SituationTurn, ...]:
    """Return all turns of a situation, those that come up behind another one right behind it."""
    return tuple(_in_order(situation.turns))


def _in_order(turns: Sequence[SituationTurn]) -> Iterator[SituationTurn]:
    for turn in turns:
        yield turn
        yield from _in_order(turn.then)


def _most(turns: Sequence[SituationTurn]) -> int:
    alone = sum(1 + _most(turn.then) for turn in turns if not turn.instead)
    groups: dict[str, int] = {}
    for turn in turns:
        if turn.instead:
            groups[turn.instead] = max(groups.get(turn.instead, 0), 1 + _most(turn.then))
    return alone + sum(groups.values())


def _from_text(text: str, source: str, *, known: bool = False) -> tuple[Situation, ...]:
    try:
        data = read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise SpecError(source, "", f"is no YAML: {problem}", "fix the syntax there", line) from error
    try:
        return _built(data, source, known=known)
    except SpecError as error:
        raise SpecError(error.file, error.pointer, error.problem, error.fix, line_of(text, error.pointer)) from None


@functools.cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(env_specs.situation_schema_path().read_text(encoding="utf-8")))


def _built(data: Json, source: str, *, known: bool) -> tuple[Situation, ...]:
    fault = next(iter(_validator().iter_errors(data)), None)
    if fault is not None:
        pointer = pointer_of(fault.instance_path)
        raise SpecError(source, pointer, fault.message, "see docs/situations.md for what stands there")
    situations = tuple(msgspec.convert({**each, "source": source}, Situation) for each in data)
    for number, situation in enumerate(situations if not known else ()):
        for place, problem, fix in faults(situation):
            raise SpecError(source, f"/{number}{place}", problem, fix)
    return situations


@functools.cache
def load_personas() -> tuple[Persona, ...]:
    """Return the manners in which people speak, in the order of their file."""
    text = env_specs.personas_path().read_text(encoding="utf-8")
    return msgspec.convert(read_yaml(text), tuple[Persona, ...])
