"""A foreign world's contract, completed by playing it: kinds, facts, examples of what goes through, and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from fr_envs.adapters.foreign import effect_by_name
from fr_envs.adapters.inference.contract import infer
from fr_envs.adapters.inference.metered import UNBOUNDED, Bounds, metered
from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.values import in_json, in_state, likeness, words
from fr_envs.adapters.inference.walks import ToolExplorer
from fr_envs.adapters.kinds import settled
from fr_envs.adapters.replaying import CallLog
from fr_envs.adapters.sampling_hooks import Shown, with_examples
from fr_envs.adapters.words.grammar.phrases import is_identifier, is_prose
from fr_envs.adapters.words.questions import asked_in
from fr_envs.adapters.words.wording import worded
from fr_envs.contract.spec import leaves
from fr_envs.json_values import scalars
from fr_envs.streams import EnrichStream, generator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.adapters.inference.contract import Inferred
    from fr_envs.adapters.inference.values import Named
    from fr_envs.adapters.inference.walks import ProbeWalk
    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["Completed", "complete"]


class Completed(NamedTuple):
    """What came of it.

    Attributes:
        spec: The contract, a proposal for a person to correct.
        found: What the inference found.
    """

    spec: DomainSpec
    found: Inferred


def complete(
    domain: Domain[Any], *, seed: int = 0, walks: int = 200, length: int = 16, bounds: Bounds = UNBOUNDED
) -> Completed:
    """Complete the contract of a world whose tools say little of themselves, by playing it.

    Args:
        domain: The world.
        seed: Seed of everything that is drawn.
        walks: How many walks.
        length: Calls in each.
        bounds: How much may be tried.
    """
    domain = metered(domain, bounds)
    starts = [domain.initial(generator(seed, k)) for k in range(_STARTS)]
    found = infer(
        domain, list({start.digest: start for start in starts}.values()), seed=seed, walks=walks, length=length
    )
    explorer = ToolExplorer(domain.enter("examples"), generator(seed, EnrichStream.EXAMPLES))
    walked = explorer.explore(starts, max(1, walks // 2), length)
    acting = {edge.earlier for edge in found.state}
    unseen = {
        name
        for name in found.spec.tools
        if name in found.silent or (isinstance(starts[0], CallLog) and name not in acting)
    }  # of what never went through nothing was seen, nor of what a log alone would show
    tools = {
        name: msgspec.structs.replace(tool, effect=_effect(domain.spec.tools[name])) if name in unseen else tool
        for name, tool in found.spec.tools.items()
    }
    spec = settled(msgspec.structs.replace(found.spec, tools=tools), found.data)
    found = found._replace(cut=dict(domain.cut))
    return Completed(worded(with_examples(spec, _shown(starts, walked, explorer)._replace(loose=found.loose))), found)


def _effect(tool: ToolSpec) -> Literal["read", "write"]:
    """Return what a tool does of which no effect was seen: its owner's word, else what its name or a question says."""
    tells = _TELLS.match(tool.description) is not None
    known = tool.effect == "read" or tells or asked_in(tool.description) or _writes_a_text(tool)
    return "read" if known else effect_by_name(tool.name)


def _writes_a_text(tool: ToolSpec) -> bool:
    """Return True for a tool that makes a text for whoever asks, and sends or keeps none that it is given."""
    given = [*leaves(tool.returns)]
    one = len(given) == 1 and (given[0].field.schema or {}).get("type") == "string" and "*" not in given[0].path
    return one and _TEXT.match(tool.description) is not None and not any(is_prose(name) for name in tool.parameters)


_TEXT = re.compile(
    r"(?:build|compose|draft|draw up|format|generate|make|prepare|produce|put together|render|write)s? (?:an?|the) "
    r"(?:[a-z]+ ){0,2}?(?:agenda|announcement|description|digest|invitation|label|letter|message|note|notice|overview"
    r"|report|summary|text)\b(?! (?:at|from|in|into|on|onto|to)\b)",
    re.IGNORECASE,
)


_TELLS = re.compile(
    r"(?:calculate|compare|compute|count|describe|display|estimate|preview|show|summari[sz]e|sum up|tell|work out)s?\b",
    re.IGNORECASE,
)


_STARTS = 4  # first states that are walked from; many worlds have one only
_LENIENT = 0.8  # share of calls that go through from which on a tool takes anything


def _shown(starts: Sequence[State], walked: Sequence[ProbeWalk], explorer: ToolExplorer) -> Shown:
    """Return what the world has shown, in its first states and its results."""
    around: dict[Json, set[frozenset[str]]] = {}
    identifiers: set[Json] = set()
    shown = [each for start in starts for each in in_state(start)]
    shown += _own_of_all(starts, walked)
    for each in shown:
        if not isinstance(each.value, str | int | float):
            continue
        around.setdefault(each.value, set()).add(words(" ".join(each.path[-3:])))
        name = next((part for part in reversed(each.path) if part not in {"*", "#"}), "")
        if isinstance(each.value, str) and name and is_identifier(name):
            identifiers.add(each.value)
    first: dict[Json, set[frozenset[str]]] = {}
    for each in (each for start in starts for each in in_state(start)):
        if isinstance(each.value, str | int | float):
            called = next((part for part in reversed(each.path) if part not in {"*", "#"}), "")
            first.setdefault(each.value, set()).add(words(called))  # a lamp in a scene is no scene
    lenient = frozenset(name for name, tries in explorer.tries.items() if explorer.wins[name] >= _LENIENT * tries)
    return Shown(around, frozenset(identifiers), explorer.worked, lenient, first=first)


def _own_of_all(starts: Sequence[State], walked: Sequence[ProbeWalk]) -> Iterator[Named]:
    """Iterate over what results showed of the world itself.

    A walk that goes on where another one ended shows what that one said; so there nothing counts that was said under
    the same name in any of them.
    """
    fresh = {start.digest for start in starts}
    said: dict[Json, set[frozenset[str]]] = {}
    for call in (call for walk in walked for call in walk.calls):
        for name, value in call.arguments.items():
            if isinstance(value, str | int | float):
                said.setdefault(value, set()).add(words(name))
    for walk in walked:
        for each in _own(walk):
            called = words(next((part for part in reversed(each.path) if part not in {"*", "#"}), ""))
            known = said.get(each.value, ()) if isinstance(each.value, str | int | float) else ()
            if walk.states[0].digest in fresh or not any(likeness(name, called) > 0 for name in known):
                yield each


def _own(walk: ProbeWalk) -> Iterator[Named]:
    """Iterate over what results showed that nobody had brought in before: an echo tells nothing of a world.

    What the world shows, but under another name than it was said for, is brought in as well: a class as a member.
    """
    brought = set(walk.given)
    said: set[tuple[Json, frozenset[str]]] = set()
    seen: set[tuple[Json, frozenset[str]]] = set()
    for call, value in zip(walk.calls, walk.values, strict=True):
        brought |= {*scalars(call.arguments)} - walk.known
        said |= {(v, words(name)) for name, v in call.arguments.items() if isinstance(v, str | int | float)}
        for each in in_json(value) if succeeded(value) else ():
            called = words(next((part for part in reversed(each.path) if part not in {"*", "#"}), ""))
            echoed = any(v == each.value and likeness(name, called) > 0 for v, name in said)
            if each.value not in brought and (not echoed or (each.value, called) in seen):
                seen.add((each.value, called))
                yield each
