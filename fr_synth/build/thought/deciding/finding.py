"""After a look-up: which one it is, by what, and what is special about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.json_values import at_pointer, last_of, scalars
from fr_synth.build.thought.deciding.phrases import PHRASES
from fr_synth.build.thought.deciding.words import doing_it, noun_of, place_of, special, things_of
from fr_synth.build.thought.wording import conditions, filled, in_short, number_word
from fr_synth.language.told.things import Things
from fr_synth.language.told.values import is_name, is_person
from fr_synth.trace.dataflow.provenance import Output

if TYPE_CHECKING:
    from fr_synth.build.thought.scene import Scene
    from fr_synth.language.told.things import Thing
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["found"]

_RECALLED = 0.5  # share of things known from before of which that is said
_REDRAWN = 6  # times that a sentence is chosen again which begins as another one did
_BEGINS = 6  # characters that tell how a sentence begins
_MOST = 2  # arguments of one call that are spoken of


def found(scene: Scene, step: ExecutedCall, same: frozenset[str]) -> list[str]:
    """Say which things the arguments of a call are that results told; nothing where that is plain.

    Args:
        scene: The turn.
        step: The call.
        same: Pointers of arguments that have been spoken of.
    """
    told: list[str] = []
    for pointer, source in step.sources.items():
        if not isinstance(source, Output) or pointer in same or len(told) == _MOST:
            continue
        text = _one(scene, step, pointer, source)
        for _ in range(_REDRAWN):
            if not text or not any(text[:_BEGINS] == other[:_BEGINS] for other in told):
                break
            text = _one(scene, step, pointer, source)
        told += [text] if text else []
    return told


def _one(scene: Scene, step: ExecutedCall, pointer: str, source: Output) -> str:
    value, mention = scene.value(step, pointer), step.mentions.get(pointer)
    if not value or (mention is not None and mention.way == "anaphora"):
        return ""
    fresh = source.step >= scene.trace.first
    at = next(k for k, each in enumerate(scene.trace.steps) if each is step)
    taken = (each for earlier in scene.trace.steps[:at] for each in scalars(earlier.call.arguments))
    if at_pointer(step.call.arguments, pointer) in taken or (
        not fresh and (scene.tool(step).effect == "read" or not scene.chance(_RECALLED))
    ):
        return ""
    words = {"value": value, "noun": noun_of(pointer), "source": place_of(scene, scene.tool(scene.steps[source.step])),
             "doing": doing_it(scene.tool(step))}  # fmt: skip
    if words["noun"] == "id":
        words["noun"] = ""
    if mention is None or mention.way in ("noun", "where"):
        return (
            filled(PHRASES["taken"], words, scene.rng)
            if fresh and mention is None
            else _member(scene, words, fresh=fresh)
        )
    if mention.owner is not None or mention.way == "of":
        return _member(scene, words, fresh=fresh)
    thing = _thing(scene, step, pointer)
    return _chosen(scene, mention, thing, words, fresh=fresh)


def _member(scene: Scene, words: dict[str, str], *, fresh: bool) -> str:
    return filled(PHRASES["member_of"], words, scene.rng) if fresh else ""


def _thing(scene: Scene, step: ExecutedCall, pointer: str) -> Thing | None:
    number = next(k for k, each in enumerate(scene.steps) if each is step)
    things = Things(scene.spec, scene.steps[:number])
    value = at_pointer(step.call.arguments, pointer)
    return things.of(scene.kind(step, pointer) or last_of(pointer), value) if isinstance(value, str | int) else None


def _chosen(scene: Scene, mention: Mention, thing: Thing | None, words: dict[str, str], *, fresh: bool) -> str:
    rows, kinds = scene.rows(mention.step, mention.group), scene.kinds_of(mention.step, mention.group)
    words["things"] = things_of(scene, scene.tool(scene.steps[mention.step])) or "entries"
    words["count"] = number_word(len(rows)) if len(rows) > 1 and _is_whole(scene, mention, len(rows)) else ""
    if mention.way in ("least", "most"):
        return _extreme(scene, mention, kinds.get(next(iter(mention.by))), words)
    words["special"] = (special(scene, thing, rows) if thing is not None else "") or "\u200b"
    names = [name for name in mention.by if thing is not None and is_name(name, thing.noun)]
    label = thing.label if thing is not None and thing.named else ""
    if names and len(mention.by) == 1:
        words["label"] = label if fresh or mention.group is not None else ""
        return _plain(filled(PHRASES["by_name" if fresh else "known"], words, scene.rng))
    words["trait"] = _trait(scene, mention, kinds)
    if not words["trait"] or (not fresh and (mention.group is None or _changed(scene, mention))):
        return ""  # it was made, not listed
    person = len(mention.by) == 1 and is_person(next(iter(mention.by))) and bool(words["noun"])
    if not person and words["noun"] and mention.text == f"the {words['trait']} {words['noun']}":
        words["trait"] = mention.text  # "the ground bay", where "ground" alone says little
    if not fresh and not person and mention.text.startswith("the ") and _DATED.search(words["trait"]):
        words["label"] = mention.text  # "the tour on 19 November 2026": a day alone is no thing
        return _plain(filled(PHRASES["known"], words, scene.rng))
    if not fresh:
        return _plain(filled(PHRASES["known_person" if person else "known_trait"], words, scene.rng))
    own = label if thing is not None and not thing.told & set(mention.by) else ""
    return _singled_out(scene, mention, (label, own), words, person=person)


_DATED = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b")


def _changed(scene: Scene, mention: Mention) -> bool:
    """Return True if a list that is spoken of does not show the thing: what is said of it came with a later change."""
    rows = scene.rows(mention.step, mention.group)
    tool = scene.tool(scene.steps[mention.step])
    return tool.effect != "read" or _fitting(mention, rows) != 1


def _singled_out(
    scene: Scene, mention: Mention, labels: tuple[str, str], words: dict[str, str], *, person: bool
) -> str:
    """Say which row of a list has what the message says of a thing."""
    rows = scene.rows(mention.step, mention.group)
    label, own = labels
    if len(rows) == 1:
        words["label"] = label
        return _plain(filled(PHRASES["sole" if label else "sole_bare"], words, scene.rng))
    if _fitting(mention, rows) != 1:
        return ""
    words["label"] = own
    if words["trait"] == mention.text:
        return _plain(filled(PHRASES["by_words"], words, scene.rng))
    move = "by_person" if person else "by_trait" if own else "by_trait_bare"
    return _plain(filled(PHRASES[move], words, scene.rng))


def _plain(text: str) -> str:
    return text.replace("\u200b", "")


def _trait(scene: Scene, mention: Mention, kinds: object) -> str:
    """Return what singles a thing out: a bare word where that is clear by itself, else with what it is."""
    known = dict(kinds) if isinstance(kinds, dict) else {}
    if len(mention.by) == 1:
        ((name, value),) = mention.by.items()
        shown = in_short(scene.spec, value, known.get(name))
        return shown if isinstance(value, str) else conditions(scene.spec, mention.by, known)
    return mention.text


def _extreme(scene: Scene, mention: Mention, kind: str | None, words: dict[str, str]) -> str:
    ((name, value),) = mention.by.items()
    words["member"] = spaced(name).lower().removesuffix(" id")
    words["figure"] = in_short(scene.spec, value, kind)
    named = isinstance(value, str)
    move = {"least": "earliest", "most": "latest"}[mention.way] if named else mention.way
    return filled(PHRASES[move], words, scene.rng)


def _is_whole(scene: Scene, mention: Mention, size: int) -> bool:
    """Return True if a list is no page of a longer one, as far as its result says."""
    result = scene.steps[mention.step].result
    return all(result.get(name, size) == size for name in ("count", "total"))


def _fitting(mention: Mention, rows: list[dict[str, object]]) -> int:
    return sum(all(row.get(name) == value for name, value in mention.by.items()) for row in rows)
