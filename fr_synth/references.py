"""Pointing at a value without naming it: used only where the words can mean nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.spec import PLACEHOLDER, Reference
from fr_synth.knowledge import Known, Said, siblings_at
from fr_synth.speech import fill, say
from fr_synth.walk import Mention, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.domain import Entities
    from fr_envs.state import Json, JsonObject

__all__ = ["picks_one", "refer", "spoken"]


def refer(walk: Walk, kind: str, value: Json, step: int | None = None) -> Mention | None:
    """Find words for a value that an output gave; None where no words would be clear.

    "That one" is preferred where a wanted call has just dealt with it; then the ways that the kind's contract offers,
    in random order; then the noun phrase of the call that gave it.

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


def _found(walk: Walk, kind: str, value: Json, step: int | None) -> Mention | None:
    sources = [known for known in walk.knowledge.sources(kind, value) if step in (None, known.step)]
    spec = walk.domain.spec.kinds[kind]
    if not sources:
        return None
    if spec.again and walk.focus.get(kind) == (value,) and walk.rng.random() < _AGAIN:
        text = spec.again[int(walk.rng.integers(len(spec.again)))]
        return Mention(walk.turn, kind, value, text, "again", {}, sources[0].step)
    for known in sources:
        order = walk.rng.permutation(len(spec.refer)) if spec.refer else ()
        for i in order:
            mention = _by_reference(walk, known, spec.refer[int(i)])
            if mention is not None:
                return mention
    return _again(walk, sources[0]) or _by_noun(walk, sources[0])


_AGAIN = 0.8  # people mostly say "that one" when they can


def _again(walk: Walk, known: Known) -> Mention | None:
    words = walk.domain.spec.kinds[known.kind].again
    if not words or walk.focus.get(known.kind) != (known.value,):
        return None
    text = words[int(walk.rng.integers(len(words)))]
    return Mention(walk.turn, known.kind, known.value, text, "again", {}, known.step)


def _by_reference(walk: Walk, known: Known, reference: Reference) -> Mention | None:
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
    words = {name: say(value, kinds.get(known.kinds.get(name, ""))) for name, value in by.items()}
    text = fill(reference.text, words)
    mention = Mention(walk.turn, known.kind, known.value, text, way, by, known.step, known.group)  # type: ignore[arg-type]
    result = walk.steps[known.step].result
    return mention if picks_one(mention, result, known.beside, walk.entities(known.kind)) else None


def _mute(value: Json) -> bool:
    """Say whether a value is of no use for pointing."""
    return value is None or isinstance(value, bool | dict | list) or value == ""


def picks_one(mention: Mention, result: JsonObject, beside: Mapping[str, Json], entities: Entities | None) -> bool:
    """Say whether a mention by fields, least or most picks one entity.

    Args:
        mention: The words and what they rest on.
        result: The output in which the value stands.
        beside: The members that stand beside it there.
        entities: What the user could mean in the world as it is; None where the world does not say.
    """
    group = siblings_at(result, mention.group)
    if mention.way in ("least", "most"):
        return _is_extreme(mention, group)
    if group and sum(all(item.get(name) == value for name, value in mention.by.items()) for item in group) != 1:
        return False
    if entities is None:
        return bool(group) or bool(beside)
    meant = [key for key, fields in entities.items() if all(fields.get(n) == v for n, v in mention.by.items())]
    return meant == [mention.value]


def _is_extreme(mention: Mention, group: list[JsonObject]) -> bool:
    ((name, value),) = mention.by.items()
    rivals = [item[name] for item in group if isinstance(item.get(name), int | float | str)]
    if len(rivals) < 2 or len({isinstance(rival, str) for rival in rivals}) > 1:
        return False
    return bool(rivals.count(value) == 1 and value == (min(rivals) if mention.way == "least" else max(rivals)))


def _by_noun(walk: Walk, known: Known) -> Mention | None:
    step = walk.steps[known.step]
    tool = walk.domain.spec.tools[step.call.name]
    nouns = tool.nouns.get(known.pointer[1:].replace("/", "."))
    if nouns is None or not tool.can_be_hidden or step.turn != walk.turn:
        return None
    template = nouns[int(walk.rng.integers(len(nouns)))]
    words = spoken(step.sources, step.mentions)
    if any(name not in words for name in PLACEHOLDER.findall(template)):
        return None
    return Mention(walk.turn, known.kind, known.value, fill(template, words), "noun", {}, known.step)


def spoken(sources: Mapping[str, object], mentions: Mapping[str, Mention]) -> dict[str, str]:
    """Return the words for each argument that the message says or points at, by the argument's name."""
    return dict(_spoken(sources, mentions))


def _spoken(sources: Mapping[str, object], mentions: Mapping[str, Mention]) -> Iterator[tuple[str, str]]:
    lists: dict[str, list[str]] = {}
    for pointer, source in sources.items():
        name, _, _item = pointer[1:].partition("/")
        text = mentions[pointer].text if pointer in mentions else source.text if isinstance(source, Said) else None
        if text is not None:
            lists.setdefault(name, []).append(text)
    for name, texts in lists.items():
        unique = list(dict.fromkeys(texts))
        yield name, unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"
