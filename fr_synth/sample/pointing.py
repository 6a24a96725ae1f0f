"""Pointing at a value without naming it: used only where the words can mean nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.spec import PLACEHOLDER, Reference
from fr_envs.json_values import last_of
from fr_synth.language.reference_rules import _one_row, member_words, noun_place, owner_member, picks_one, spoken
from fr_synth.language.verbalise import fill, verbalise
from fr_synth.trace.mention import Mention

if TYPE_CHECKING:
    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.executed import Feed
    from fr_synth.trace.provenance import KnownValue

__all__ = [
    "refer",
    "refer_to_given",
]


def refer(walk: Walk, kind: str, value: Json, step: int | None = None) -> Mention | None:
    """Find words for a value that an output gave; None where no words would be clear.

    "That one" is preferred where a requested call has just dealt with it; then the ways that the kind's contract
    offers, in random order; then the noun phrase of the call that gave it; then as a member of what it stands beside.

    Args:
        walk: Where the dialogue stands.
        kind: Kind of the value.
        value: The value.
        step: Only words that rest on the result of this call; None for any.
    """
    place = (kind, value, step)
    if place not in walk.words:
        walk.words[place] = _found(walk, kind, value, step)
    return walk.words[place]


def refer_to_given(walk: Walk, feed: Feed, value: Json) -> Mention | None:
    """Find words for a value that a call gave: words that rest on its result, else on any other that shows the value.

    Args:
        walk: Where the dialogue stands.
        feed: The kind, and the call.
        value: The value.
    """
    return refer(walk, feed.kind, value, feed.step) or refer(walk, feed.kind, value)


def _found(walk: Walk, kind: str, value: Json, step: int | None) -> Mention | None:
    sources = [known for known in walk.knowledge.sources(kind, value) if step in (None, known.step)]
    spec = walk.domain.spec.kinds[kind]
    if not sources:
        return None
    if spec.anaphora and walk.focus.get(kind) == (value,) and walk.rng.random() < _AGAIN:
        text = spec.anaphora[int(walk.rng.integers(len(spec.anaphora)))]
        return Mention(walk.turn, kind, value, text, "anaphora", {}, sources[-1].step)
    for known in sources:
        order = walk.rng.permutation(len(spec.references)) if spec.references else ()
        for i in order:
            mention = _by_reference(walk, known, spec.references[int(i)])
            if mention is not None:
                return mention
    found = _again(walk, sources[-1]) or _by_noun(walk, sources[0])
    if found is None and (step is not None or spec.origin == "issued"):  # nobody says 80 by way of something else
        found = next(filter(None, (_by_owner(walk, known) for known in sources)), None)
    return found


_AGAIN = 0.8  # people mostly say "that one" when they can


def _again(walk: Walk, known: KnownValue) -> Mention | None:
    words = walk.domain.spec.kinds[known.kind].anaphora
    if not words or walk.focus.get(known.kind) != (known.value,):
        return None
    text = words[int(walk.rng.integers(len(words)))]
    return Mention(walk.turn, known.kind, known.value, text, "anaphora", {}, known.step)


def _by_reference(walk: Walk, known: KnownValue, reference: Reference) -> Mention | None:
    if reference.by:
        by = {name: known.beside.get(name) for name in reference.by}
        way = "fields"
    else:
        extreme = reference.least or reference.most or ""
        by = {extreme: known.beside.get(extreme)}
        way = "least" if reference.least else "most"
    kinds = walk.domain.spec.kinds
    if any(_mute(value) for value in by.values()):
        return None
    if any(known.kinds.get(name) in kinds and kinds[known.kinds[name]].origin == "issued" for name in by):
        return None
    words = {name: verbalise(value, kinds.get(known.kinds.get(name, ""))) for name, value in by.items()}
    text = fill(reference.text, words)
    mention = Mention(walk.turn, known.kind, known.value, text, way, by, known.step, known.group)  # type: ignore[arg-type]
    result = walk.steps[known.step].result
    return mention if picks_one(mention, result, known.beside, walk.entities(known.kind)) else None


def _mute(value: Json) -> bool:
    """Return True if a value is of no use for pointing."""
    return value is None or isinstance(value, bool | dict | list) or value == ""


def _by_noun(walk: Walk, known: KnownValue) -> Mention | None:
    step = walk.steps[known.step]
    tool = walk.domain.spec.tools[step.call.name]
    nouns = tool.nouns.get(noun_place(known.pointer))
    if nouns is None or not (tool.can_be_hidden or step.user_requested):
        return None
    template = nouns[int(walk.rng.integers(len(nouns)))]
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
    if not _one_row(known.group, walk.steps[known.step].result, by):
        return None
    found = next(filter(None, (_direct(walk, each, member) for each in owner.sources)), None)
    if found is None:
        return None
    text = f"the {member_words(known.pointer)} of {found.text}"
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
    again = _again(walk, known)
    if again is not None:
        return again
    ways = [
        way for way in walk.domain.spec.kinds[known.kind].references if without not in (*way.by, way.least, way.most)
    ]
    found = (_by_reference(walk, known, ways[int(i)]) for i in walk.rng.permutation(len(ways)))
    return next(filter(None, found), None)
