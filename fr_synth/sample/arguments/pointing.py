"""Pointing at a value without naming it: used only where the words can mean nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.spec import PLACEHOLDER, Reference
from fr_envs.json_values import last_of
from fr_envs.streams import pick
from fr_synth.language.reference_rules import is_one_row, noun_place, owner_member, picks_one, spoken, words_of_member
from fr_synth.language.verbalise import fill, said_once, verbalise
from fr_synth.trace.dataflow.mention import Mention, Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fr_envs.contract.spec import Kind
    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import Feed
    from fr_synth.trace.dataflow.provenance import KnownValue

__all__ = [
    "is_of_one_role",
    "refer",
    "refer_to_given",
]


def refer(walk: Walk, kind: str, value: Json, step: int | None = None, role: str = "") -> Mention | None:
    """Find words for a value that an output gave; None where no words would be clear.

    "That one" is preferred where a requested call has just dealt with it; then the ways that the kind's contract
    offers, in random order; then the noun phrase of the call that gave it; then as a member of what it stands beside.

    Args:
        walk: Where the dialogue stands.
        kind: Kind of the value.
        value: The value.
        step: Only words that rest on the result of this call; None for any.
        role: What the value is wanted for; words rest on places alone from which it may go there.
    """
    return walk.words_for((kind, value, step, role), lambda: _found(walk, kind, value, step, role))


def is_of_one_role(walk: Walk, argument: str, mention: Mention, role: str = "") -> bool:
    """Return True if what words point at is for an argument what it is where it stands.

    "The amount of that subscription" is an amount to pay; the date of an invoice is no day to move in. Where the
    contract gives both places a role, roles and flows have decided that already. Elsewhere numbers, days and free text
    are told by what they belong to for an argument of the same name alone, and numbers and days that a call works out
    for one whose name ends alike; things are the same things wherever they stand.

    Args:
        walk: Where the dialogue stands.
        argument: Name of the argument; empty for an item of a list, which has none.
        mention: The words.
        role: What the value is wanted for; empty where the contract does not say.
    """
    if mention.way not in ("of", "noun") or not argument:
        return True
    known = [each for each in walk.permitted(mention.kind, mention.value, role) if each.step == mention.step]
    if role and any(each.role for each in known):
        return True
    members = {last_of(each.pointer) for each in known}
    kind, alike = walk.domain.spec.kinds[mention.kind], _ending(argument) in map(_ending, members)
    figure = isinstance(mention.value, int | float) or kind.format in ("date", "datetime")
    if mention.way == "of":
        return argument in members or not (figure or kind.origin == "open")
    return alike or not figure


def _ending(name: str) -> str:
    return name.removesuffix("_id").rpartition("_")[2]


def refer_to_given(walk: Walk, feed: Feed, value: Json, role: str = "") -> Mention | None:
    """Find words for a value that a call gave: words that rest on its result, else on any other that shows the value.

    Args:
        walk: Where the dialogue stands.
        feed: The kind, and the call.
        value: The value.
        role: What the value is wanted for.
    """
    return refer(walk, feed.kind, value, feed.step, role) or refer(walk, feed.kind, value, role=role)


def _found(walk: Walk, kind: str, value: Json, step: int | None, role: str) -> Mention | None:
    sources = [known for known in walk.permitted(kind, value, role) if step in (None, known.step)]
    if not sources:
        return None
    if _is_in_focus(walk, kind, value) and walk.rng.random() < walk.weights.anaphora:
        return _by_anaphora(walk, sources[-1])
    spec = walk.domain.spec.kinds[kind]
    if _is_on_the_way(walk, sources[0].step):
        found = _by_noun(walk, sources[0])
        if found is not None:
            return found
    by_reference = _first(_by_any_reference(walk, known, spec.references) for known in sources)
    through_owner = step is not None or spec.origin == "issued"
    if walk.weights.made_and_changed <= 0 and spec.references:
        through_owner = False  # what has a name is not pointed at through what happens to name it
    return by_reference or _otherwise(walk, sources, through_owner=through_owner)


def _is_on_the_way(walk: Walk, number: int) -> bool:
    """Return True if a call is an enabling step of this very turn: what it gives nobody has seen, only wanted."""
    step = walk.steps[number]
    unseen = step.turn == walk.turn and not step.user_requested
    return unseen and walk.domain.spec.tools[step.call.name].implicit


def _otherwise(walk: Walk, sources: Sequence[KnownValue], *, through_owner: bool) -> Mention | None:
    """Find words where no reference of the kind is clear.

    Args:
        walk: Where the dialogue stands.
        sources: Where the value is known from.
        through_owner: Also point at it through what it belongs to: nobody says 80 by way of something else.
    """
    if _is_in_focus(walk, sources[-1].kind, sources[-1].value):
        return _by_anaphora(walk, sources[-1])
    found = _by_noun(walk, sources[0])
    if found is None and through_owner:
        found = _first(_by_owner(walk, known) for known in sources)
    return found


def _first(found: Iterable[Mention | None]) -> Mention | None:
    return next(filter(None, found), None)


def _is_in_focus(walk: Walk, kind: str, value: Json) -> bool:
    """Return True if "that one" would mean a value, and its kind has such words."""
    focused = bool(walk.domain.spec.kinds[kind].anaphora) and walk.focus.get(kind) == (value,)
    free = walk.weights.made_and_changed >= 1 and not walk.weights.named_only
    return focused and (free or _is_dealt_with(walk, kind, value))


def _is_dealt_with(walk: Walk, kind: str, value: Json) -> bool:
    """Return True if a request named a value or brought it about; nobody has other parts of a result in mind."""
    named = any(step.user_requested and value in step.call.arguments.values() for step in walk.steps)
    first = walk.steps[walk.knowledge.sources(kind, value)[0].step]
    return named or (first.user_requested and first.before.digest != first.after.digest)


def _by_anaphora(walk: Walk, known: KnownValue) -> Mention:
    every = walk.domain.spec.kinds[known.kind].anaphora
    words = [text for text in every if text not in _FIT_FEW] or every
    if walk.weights.named_only and walk.rng.random() >= _THE_SAME:
        words = [text for text in words if not text.startswith("the same ")] or words
    text = pick(walk.rng, words)
    return Mention(walk.turn, known.kind, known.value, text, "anaphora", {}, known.step)


_FIT_FEW = frozenset({"it", "them"})  # words that fit few phrases: "them should get the amount"
_THE_SAME = 0.2  # share of such words that may be "the same …"


def _by_any_reference(walk: Walk, known: KnownValue, references: Sequence[Reference]) -> Mention | None:
    """Point at a value in one of several ways: in random order; in that of the contract where little is known."""
    several = len(references)
    order = range(several) if walk.weights.one_thread else walk.rng.permutation(several) if references else ()
    return _first(_by_reference(walk, known, references[int(i)]) for i in order)


def _by_reference(walk: Walk, known: KnownValue, reference: Reference) -> Mention | None:
    way, names = _way_of(reference)
    by = {name: known.beside.get(name) for name in names}
    kinds = {name: walk.domain.spec.kinds.get(known.kinds.get(name, "")) for name in names}
    if any(_mute(value) or _is_issued(kinds[name]) for name, value in by.items()):
        return None
    if walk.weights.one_thread and _is_stale(walk, known, by):
        return None
    text = said_once(fill(reference.text, {name: verbalise(value, kinds[name]) for name, value in by.items()}))
    mention = Mention(walk.turn, known.kind, known.value, text, way, by, known.step, known.group)
    result = walk.steps[known.step].result
    return mention if picks_one(mention, result, known.beside, walk.entities(known.kind)) else None


def _is_stale(walk: Walk, known: KnownValue, by: Mapping[str, Json]) -> bool:
    """Return True if a later result shows a thing with another value of what words would go by: it has been moved."""
    later = [each for each in walk.knowledge.sources(known.kind, known.value) if each.step > known.step]
    return any(name in each.beside and each.beside[name] != value for each in later for name, value in by.items())


def _way_of(reference: Reference) -> tuple[Way, Sequence[str]]:
    """Return how a reference points, and the members that it goes by."""
    if reference.by:
        return "fields", reference.by
    return ("least", (reference.least,)) if reference.least else ("most", (reference.most or "",))


def _is_issued(kind: Kind | None) -> bool:
    """Return True if nobody speaks of the values of a kind, as only outputs tell them."""
    return kind is not None and kind.origin == "issued"


def _mute(value: Json) -> bool:
    """Return True if a value is of no use for pointing."""
    return value is None or isinstance(value, bool | dict | list) or value == ""


def _by_noun(walk: Walk, known: KnownValue) -> Mention | None:
    step = walk.steps[known.step]
    tool = walk.domain.spec.tools[step.call.name]
    nouns = tool.nouns.get(noun_place(known.pointer))
    if nouns is None or not (tool.can_be_hidden or step.user_requested):
        return None
    template = pick(walk.rng, nouns)
    words = spoken(step.sources, step.mentions) if step.turn == walk.turn else {}
    if any(name not in words for name in PLACEHOLDER.findall(template)):
        return None
    return Mention(walk.turn, known.kind, known.value, fill(template, words), "noun", {}, known.step)


def _by_owner(walk: Walk, known: KnownValue) -> Mention | None:
    """Point at a member of something that words point at: "the amount of that subscription"."""
    owner = _owner_beside(walk, known) or _owner_asked_about(walk, known)
    member = last_of(known.pointer)
    if owner is None or owner.kind == known.kind or owner.name == member or member.isdigit() or _mute(known.value):
        return None
    by = {owner.name: owner.value}
    if not is_one_row(known.group, walk.steps[known.step].result, by):
        return None
    found = _first(_direct(walk, each, member) for each in owner.sources)
    if found is None:
        return None
    text = words_of_member(known.pointer, found.text)
    return Mention(walk.turn, known.kind, known.value, text, "of", by, known.step, known.group, found)


class _Owner(NamedTuple):
    """What a value is a member of: the name under which it stands, its kind and value, and where it is known from."""

    name: str
    kind: str
    value: Json
    sources: tuple[KnownValue, ...]


def _owner_beside(walk: Walk, known: KnownValue) -> _Owner | None:
    name = owner_member(walk.domain.spec.kinds, known.kinds)
    if name is None:
        return None
    kind, value = known.kinds[name], known.beside[name]
    sources = walk.knowledge.sources(kind, value)
    return _Owner(name, kind, value, tuple(each for each in sources if each.step == known.step))


def _owner_asked_about(walk: Walk, known: KnownValue) -> _Owner | None:
    """Return what the call was asked about, which what it tells is about where nothing beside it says."""
    step = walk.steps[known.step]
    parameters = walk.domain.spec.tools[step.call.name].parameters
    kinds = {name: parameter.field.kind for name, parameter in parameters.items() if name in step.call.arguments}
    name = owner_member(walk.domain.spec.kinds, kinds) if known.pointer.count("/") == 1 else None
    kind, value = kinds.get(name or ""), step.call.arguments.get(name or "")
    if name is None or kind is None or isinstance(value, dict | list):
        return None
    return _Owner(name, kind, value, walk.knowledge.sources(kind, value))


def _direct(walk: Walk, known: KnownValue, without: str) -> Mention | None:
    """Point at a value without the help of one of the members beside it."""
    if _is_in_focus(walk, known.kind, known.value):
        return _by_anaphora(walk, known)
    references = walk.domain.spec.kinds[known.kind].references
    ways = [way for way in references if without not in (*way.by, way.least, way.most)]
    return _first(_by_reference(walk, known, ways[int(i)]) for i in walk.rng.permutation(len(ways)))
