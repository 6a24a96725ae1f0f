"""A foreign world's contract, completed by playing it: kinds, facts, examples of what goes through, and words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from fr_envs.adapters.inference.contract import infer
from fr_envs.adapters.inference.values import in_json, in_state, words
from fr_envs.adapters.inference.walks import Explorer, succeeded
from fr_envs.adapters.offering import with_examples
from fr_envs.adapters.phrases import is_identifier
from fr_envs.adapters.words import worded
from fr_envs.graph import ApiGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.adapters.inference.contract import Inferred
    from fr_envs.adapters.inference.walks import Walk
    from fr_envs.domain import Domain
    from fr_envs.spec import DomainSpec
    from fr_envs.state import Json, State

__all__ = ["Completed", "complete"]


class Completed(NamedTuple):
    """What came of it.

    Attributes:
        spec: The contract, a proposal for a person to correct.
        found: What the inference found.
    """

    spec: DomainSpec
    found: Inferred


def complete(domain: Domain[Any], *, seed: int = 0, walks: int = 200, length: int = 16) -> Completed:
    """Complete the contract of a world whose tools say little of themselves, by playing it.

    Args:
        domain: The world.
        seed: Seed of everything that is drawn.
        walks: How many walks.
        length: Calls in each.
    """
    starts = [domain.initial(np.random.default_rng([seed, k])) for k in range(_STARTS)]
    found = infer(
        domain, list({start.digest: start for start in starts}.values()), seed=seed, walks=walks, length=length
    )
    explorer = Explorer(domain, np.random.default_rng([seed, _EXAMPLES]))
    walked = explorer.explore(starts, max(1, walks // 2), length)
    tools = {
        name: msgspec.structs.replace(tool, effect=domain.spec.tools[name].effect) if name in found.silent else tool
        for name, tool in found.spec.tools.items()  # of what never went through, nothing was seen
    }
    spec = _with_issued(msgspec.structs.replace(found.spec, tools=tools))
    return Completed(worded(with_examples(spec, explorer.worked, _around(starts, walked))), found)


_STARTS = 4  # first states that are walked from; many worlds have one only
_EXAMPLES = 9  # stream of the walks that look for examples


def _around(starts: Sequence[State], walked: Sequence[Walk]) -> dict[Json, set[frozenset[str]]]:
    """Return for each value that the world shows the words around every place where it does."""
    found: dict[Json, set[frozenset[str]]] = {}
    shown = [each for start in starts for each in in_state(start)]
    shown += [each for walk in walked for value in walk.values if succeeded(value) for each in in_json(value)]
    for each in shown:
        if isinstance(each.value, str | int | float):
            found.setdefault(each.value, set()).add(words(" ".join(each.path[-3:])))
    return found


def _with_issued(spec: DomainSpec) -> DomainSpec:
    """Take identifiers for issued where all tools stay within reach: people do not know them by heart."""
    for name in spec.kinds:
        if not is_identifier(name):
            continue
        kinds = {**spec.kinds, name: msgspec.structs.replace(spec.kinds[name], origin="issued")}
        changed = msgspec.structs.replace(spec, kinds=kinds)
        before, after = ApiGraph(spec).costs().tool, ApiGraph(changed).costs().tool
        if not any(math.isinf(after[tool]) and not math.isinf(before[tool]) for tool in spec.tools):
            spec = changed
    return spec
