"""Moves about what a result shows and excludes: which row words mean, and how that is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import at_pointer, last_of
from fr_synth.build.thought.wording import as_noun, conditions, number_word, thing, things_in
from fr_synth.trace.dataflow.provenance import Output, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.build.thought.scene import Scene
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["resolved"]

_MOST = 2  # arguments of one call that are spoken of


def resolved(scene: Scene, step: ExecutedCall, said_already: frozenset[str] = frozenset()) -> list[str]:
    """Say of the arguments of a call that results told what they are and why.

    Args:
        scene: The turn.
        step: The call.
        said_already: Pointers of arguments that have been spoken of.
    """
    found = []
    for pointer, source in step.sources.items():
        if isinstance(source, Output) and pointer not in said_already:
            found.append(_one(scene, step, pointer, source))
    told = [text for text in found if text][:_MOST]
    if not told and scene.chance(_GIVEN):
        told += list(_given(scene, step, said_already))
    return told


_GIVEN = 0.3  # share of calls of which only the user told something in which that is said


def _given(scene: Scene, step: ExecutedCall, said_already: frozenset[str]) -> Iterator[str]:
    """Say of one value that the user gave that it stands as given."""
    for pointer, source in step.sources.items():
        shown = scene.value(step, pointer) if isinstance(source, Said) and pointer not in said_already else ""
        value = at_pointer(step.call.arguments, pointer)
        if shown and not isinstance(value, bool) and not last_of(pointer).isdigit():
            yield scene.say("with_values", values=as_noun(thing(pointer), shown, value))
            return


def _one(scene: Scene, step: ExecutedCall, pointer: str, source: Output) -> str:
    value, mention = scene.value(step, pointer), step.mentions.get(pointer)
    words = scene.words(step, pointer)
    if not value:
        return ""
    named = thing(pointer) if not last_of(pointer).isdigit() else ""
    if mention is None or not words:
        return scene.say("taken", value=value, thing=named, source=scene.source(source.step))
    if mention.way == "anaphora":
        return scene.say("again", value=value, words=words)
    if mention.owner is not None or mention.way in ("noun", "of"):
        return scene.say("owned", value=value, words=words, source=scene.source(source.step))
    return _chosen(scene, mention, (value, words), scene.source(source.step))


def _chosen(scene: Scene, mention: Mention, told: tuple[str, str], source: str) -> str:
    """Say which row words mean."""
    value, words = told
    rows, kinds = scene.rows(mention.step, mention.group), scene.kinds_of(mention.step, mention.group)
    member = " or ".join(name.removesuffix("_id").replace("_", " ") for name in mention.by)
    if mention.way in ("least", "most"):
        named = any(isinstance(each, str) for each in mention.by.values())
        move = {"least": "earliest", "most": "latest"}[mention.way] if named else mention.way
        return scene.say(move, value=value, words=words, member=member)
    by = conditions(scene.spec, mention.by, kinds)
    if len(rows) == 1:
        return scene.say("single", value=value, words=words)
    if not by:
        return scene.say("owned", value=value, words=words, source=source)
    if len(rows) < 2 or _fitting(mention, rows) != 1:
        return scene.say("fits", value=value, words=words, by=by, member=member)
    things = things_in(last_of(mention.group or ""))
    count = number_word(len(rows)) if _is_whole(scene, mention, rows) else ""
    return scene.say("only_one", value=value, words=words, by=by, member=member, things=things, count=count)


def _is_whole(scene: Scene, mention: Mention, rows: list[dict[str, Json]]) -> bool:
    """Return True if a list is no page of a longer one, as far as its result says."""
    result = scene.steps[mention.step].result
    return all(result.get(name, len(rows)) == len(rows) for name in ("count", "total"))


def _fitting(mention: Mention, rows: list[dict[str, Json]]) -> int:
    return sum(all(row.get(name) == value for name, value in mention.by.items()) for row in rows)
