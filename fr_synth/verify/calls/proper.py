"""Proof "consistent", second half: nothing is done that nobody would want, whatever the graph allows.

Of every turn that the graph alone has brought about (a drill):

1. Nothing is compared with itself, or moved to where it is: two arguments of a request name two things.
2. What a request brought about is not taken back: nothing is made and done away with, or changed and changed back, and
   no request of a turn ends what another of the same turn began (checked in, and the check-in undone).
3. Nothing is asked for that was asked before and can have no other answer, and no tool twice in one breath.
4. What the calls on the way need stands in the requests: no fact is told that no request speaks of, except what lets
   the assistant in at all (a password, a customer number).
5. A request that is to change something does change it, and to something else than what the thing itself says ("make
   it the amount of that standing order for that standing order").
6. A value is taken for what it is for (roles and flows of the contract, ``fr_envs.contract.roles``).
7. What has to be looked up is looked up where an expert would (``canonical`` in the contract): a payee's identifier
   comes from the standing orders only where these are at hand for another reason.

Of every dialogue, also in situations, which may be about any of the above:

8. Special rights that the assistant has taken by itself are given up before the turn ends.

That no call can be left out, so that nobody asks for a code where none is needed, is the proof "necessary".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.adapters.words.grammar.phrases import is_identifier
from fr_envs.contract.roles import parameters_of, roles_in
from fr_envs.contract.spec import field_at
from fr_envs.json_values import parts_of
from fr_synth.language.queries import is_said
from fr_synth.language.reference_rules import spoken
from fr_synth.language.told.things import own_identifier
from fr_synth.trace.dataflow.provenance import Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec, Field
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.verify.evidence import Evidence

__all__ = ["givers_up", "improper_turn", "kept_rights", "proper", "untold"]


def proper(evidence: Evidence) -> Iterator[str]:
    """Nothing is done that nobody would want; see the module's text."""
    turns: dict[int, list[ExecutedCall]] = {}
    for executed in evidence.executed:
        turns.setdefault(executed.turn, []).append(executed)
    before: list[ExecutedCall] = []
    for number, steps in turns.items():
        drill = not evidence.dialogue.situation and evidence.dialogue.turns[number].kind == "act"
        pointed = [mention.text for mention in evidence.dialogue.turns[number].mentions]
        rule = improper_turn(evidence.domain.spec, before, steps, pointed) if drill else ""
        if rule:
            yield f"turn {number}: nobody would ask for that: {rule}"
        before += steps
        if evidence.dialogue.turns[number].kind == "act":
            for fact in sorted(kept_rights(evidence.domain, steps, steps[-1].after)):
                yield f"turn {number}: {fact} was made true unasked and still holds when the turn is over"


def improper_turn(
    spec: DomainSpec, before: Sequence[ExecutedCall], steps: Sequence[ExecutedCall], pointed: Sequence[str] = ()
) -> str:
    """Return which rule a turn breaks, in a few words; empty if none.

    Args:
        spec: The contract.
        before: The calls of earlier turns.
        steps: The turn's calls.
        pointed: Words with which the turn's message points at things, where the calls don't have them.
    """
    requested = [step for step in steps if step.user_requested]
    if any(_names_one_thing_twice(spec, step) for step in (*requested, *(s for s in steps if s.error))):
        return "one thing twice"
    if _takes_back(before, requested) or _makes_for_nothing(requested) or _ends_in_one_breath(spec, requested):
        return "taken back"
    if any(_is_set_to_its_own(spec, (*before, *steps), step) for step in requested):
        return "set to its own"
    if any(_asked_before(before, step) for step in requested):
        return "asked before"
    if any(True for _ in untold(spec, steps, pointed)):
        return "told beside"
    if any(_changes_nothing(spec, step) for step in requested):
        return "without effect"
    if any(True for _ in _misused(spec, before, steps)):
        return "for something else"
    return "looked up by luck" if any(_by_luck(spec, len(before), steps, n) for n in range(len(steps))) else ""


# ----------------------------------------------------------------------------------------------- 1. one thing twice


def _names_one_thing_twice(spec: DomainSpec, step: ExecutedCall) -> bool:
    """Return True if two arguments are one path, or one thing of a kind; what anybody can make up may be the same."""
    seen: set[tuple[str, Json]] = set()
    for name, value in step.call.arguments.items():
        field = spec.tools[step.call.name].parameters[name].field
        if field.kind is None or not isinstance(value, str):
            continue
        kind = "path" if "/" in value else field.kind
        if spec.kinds[field.kind].origin == "open" and kind != "path":
            continue
        if (kind, value) in seen:
            return True
        seen.add((kind, value))
    return False


# ----------------------------------------------------------------------------------------------------- 2. taken back


def _takes_back(before: Sequence[ExecutedCall], requested: Sequence[ExecutedCall]) -> bool:
    """Return True if a row is as it was before some request of an earlier turn changed it."""
    writes = [step for step in requested if _changes(step)]
    if not writes:
        return False
    was: dict[tuple[str, Json], list[Json]] = {}
    for step in before:
        if step.user_requested and _changes(step):
            for change in step.before.diff(step.after):
                was.setdefault((change.table, change.key), []).append(change.before)
    return any(
        change.after in was.get((change.table, change.key), ())
        for step in writes
        for change in step.before.diff(step.after)
    )


def _makes_for_nothing(requested: Sequence[ExecutedCall]) -> bool:
    """Return True if one request of a turn makes what another does away with, without anything in its place."""
    made: set[tuple[str, Json]] = set()
    for step in requested:
        if not _changes(step):
            continue
        changes = step.before.diff(step.after)
        fresh = {change.table for change in changes if change.before is None}
        gone = ((change.table, change.key) for change in changes if change.after is None)
        if any(place in made and place[0] not in fresh for place in gone):
            return True
        made |= {(change.table, change.key) for change in changes if change.before is None}
    return False


def _ends_in_one_breath(spec: DomainSpec, requested: Sequence[ExecutedCall]) -> bool:
    """Return True if one request of a turn makes a fact of a thing true that a later one, on that thing, ends."""
    for number, first in enumerate(requested):
        began = set(spec.tools[first.call.name].sets)
        things = {value for value in first.call.arguments.values() if isinstance(value, str)}
        for later in requested[number + 1 :]:
            same = things.intersection(v for v in later.call.arguments.values() if isinstance(v, str))
            if same and began.intersection(spec.tools[later.call.name].clears):
                return True
    return False


def _changes(step: ExecutedCall) -> bool:
    return step.before.digest != step.after.digest


# --------------------------------------------------------------------------------------------------- 3. asked before


def _asked_before(before: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if the very same request came earlier and the same came of it."""
    return any(
        earlier.user_requested and earlier.call == step.call and earlier.result == step.result for earlier in before
    )


# ---------------------------------------------------------------------------------------------------- 4. told beside


def untold(spec: DomainSpec, steps: Sequence[ExecutedCall], pointed: Sequence[str] = ()) -> Iterator[ExecutedCall]:
    """Iterate over the calls on the way that need something of which no request speaks.

    Args:
        spec: The contract.
        steps: A turn's calls.
        pointed: Words with which the turn's message points at things, where the calls don't have them.
    """
    asked = [step for step in steps if step.user_requested or step.error]
    asks = (text for step in asked for text in spoken(step.sources, step.mentions).values())
    said = " ".join((*asks, *pointed))
    for step in steps:
        if step in asked or step.purpose != "needed" or spec.tools[step.call.name].sets:
            continue
        words = spoken(step.sources, step.mentions).items()
        if not all(is_said(said, text, step.call.arguments[name]) for name, text in words):
            yield step


# ------------------------------------------------------------------------------------------------- 5. without effect


def _changes_nothing(spec: DomainSpec, step: ExecutedCall) -> bool:
    """Return True if a write goes through and the world is as it was: a limit is set to what it is."""
    return spec.tools[step.call.name].effect == "write" and not step.error and not _changes(step)


def _is_set_to_its_own(spec: DomainSpec, calls: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if a write takes, from the row that a thing is, the thing and what it is to be: as it is already."""
    if spec.tools[step.call.name].effect != "write":
        return False
    taken: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for source in step.sources.values():
        if isinstance(source, Output):
            *place, member = parts_of(source.pointer)
            taken.setdefault((source.step, tuple(place)), []).append(member)
    for (number, row), members in taken.items():
        fields = _row(spec.tools[calls[number].call.name].returns, row)
        own = own_identifier(spec, fields) if fields else ""
        others = [name for name in members if name != own and not is_identifier(fields[name].kind or name)]
        if own in members and others and any(name in spec.tools[step.call.name].returns for name in others):
            return True
    return False


def _row(fields: Mapping[str, Field], parts: Sequence[str]) -> Mapping[str, Field]:
    """Return the fields of the row at a place of a result."""
    if not parts:
        return fields
    found = field_at(fields[parts[0]], list(parts[1:])) if parts[0] in fields else None
    return (found.object or {}) if found is not None else {}


# --------------------------------------------------------------------------------------------- 6. for something else


def _misused(
    spec: DomainSpec, before: Sequence[ExecutedCall], steps: Sequence[ExecutedCall]
) -> Iterator[tuple[str, str]]:
    """Iterate over (tool, pointer) of arguments that are taken from where they are for something else."""
    roles, calls = roles_in(spec), (*before, *steps)
    if not roles.declared:
        return
    for step in steps:
        for pointer, source in step.sources.items():
            if not isinstance(source, Output):
                continue
            given = _place(spec.tools[calls[source.step].call.name].returns, source.pointer)
            taken = _place(parameters_of(spec.tools[step.call.name]), pointer)
            if given is None or taken is None or given.kind is None or given.kind != taken.kind:
                continue
            if not roles.permits(given.kind, given.role, taken.role):
                yield step.call.name, pointer


def _place(fields: Mapping[str, Field], pointer: str) -> Field | None:
    """Return what a contract says of a place in arguments or results."""
    first, *rest = parts_of(pointer)
    return field_at(fields[first], rest) if first in fields else None


# ---------------------------------------------------------------------------------------------- 7. looked up by luck


def _by_luck(spec: DomainSpec, first: int, steps: Sequence[ExecutedCall], number: int) -> bool:
    """Return True if all that a look-up is there for is what an expert would have looked up elsewhere.

    Args:
        spec: The contract.
        first: Number in the dialogue of the turn's first call.
        steps: The turn's calls.
        number: Position of the look-up among them.
    """
    step = steps[number]
    tool = spec.tools[step.call.name]
    if step.user_requested or step.aside or tool.effect != "read" or tool.implicit:
        return False
    sources = (source for later in steps[number + 1 :] for source in later.sources.values())
    taken = [s.pointer for s in sources if isinstance(s, Output) and s.step == first + number]
    places = [_place(tool.returns, pointer) for pointer in taken]
    kinds = [spec.kinds[place.kind] if place is not None and place.kind else None for place in places]
    return bool(kinds) and all(kind and kind.canonical and tool.name not in kind.canonical for kind in kinds)


# -------------------------------------------------------------------------------------------------- 8. special rights


def givers_up(spec: DomainSpec, fact: str) -> Iterator[str]:
    """Iterate over the tools with which the assistant gives up, by itself, what a fact about the whole world says."""
    for name, tool in spec.tools.items():
        if tool.implicit and not tool.parameters and fact in tool.clears and fact in tool.needs:
            yield name


def kept_rights(domain: Domain[Any], steps: Sequence[ExecutedCall], end: State) -> set[str]:
    """Return the facts about the whole world that a turn made true unasked, that hold, and that can be given up.

    Args:
        domain: The world.
        steps: The turn's calls.
        end: State at the end of the turn.
    """
    spec = domain.spec
    taken = {
        fact
        for step in steps
        if not step.user_requested and not step.error and _changes(step)
        for fact in spec.tools[step.call.name].sets
        if spec.facts[fact].about is None and not domain.holds(step.before, fact)
    }
    return {fact for fact in taken if next(givers_up(spec, fact), None) and domain.holds(end, fact)}
