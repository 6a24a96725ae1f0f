"""Before a look-up: what is known, what is missing, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.naming import names_it
from fr_envs.json_values import at_pointer, last_of, scalars
from fr_synth.build.thought.deciding.phrases import PHRASES
from fr_synth.build.thought.deciding.words import does_to, doing_it, is_id, noun_of, place_of, verb_of
from fr_synth.build.thought.needs import supporting
from fr_synth.build.thought.wording import filled
from fr_synth.language.told.things import called
from fr_synth.trace.dataflow.provenance import Output

if TYPE_CHECKING:
    from fr_synth.build.thought.scene import Scene, Use

__all__ = ["looked_up_for", "order_of"]


def looked_up_for(scene: Scene, position: int) -> list[str]:
    """Say why a call is made that nobody asked for.

    Args:
        scene: The turn.
        position: Which call.
    """
    step, use = scene.trace.steps[position], scene.use(position)
    enabled = scene.enabled(position)
    if use is None or (enabled is not None and scene.tool(step).sets) or scene.tool(step).effect != "read":
        return supporting(scene, position)
    later = next(k for k, each in enumerate(scene.trace.steps) if each is use.step)
    if not use.step.user_requested and scene.enabled(later) and scene.tool(use.step).sets:
        return supporting(scene, position)
    return [_missing(scene, position, use)]


_TURNS = 2  # halves of the phrases, used in turn


def _missing(scene: Scene, position: int, use: Use) -> str:
    mention = use.step.mentions.get(use.pointer)
    words = {
        "noun": noun_of(use.pointer),
        "source": place_of(scene, scene.tool(scene.trace.steps[position])),
        "words": "" if mention is None or mention.way in ("anaphora", "noun") else scene.words(use.step, use.pointer),
    }
    if words["noun"] in ("id", ""):
        words["noun"] = ""
    ident = is_id(scene, use.step, use.pointer)
    if mention is not None and mention.way == "anaphora" and words["noun"]:
        return filled(PHRASES["still_there"], words, scene.rng)
    if ident and mention is not None and mention.owner is None and len(mention.by) == 1 and mention.way == "fields":
        by = last_of(next(iter(mention.by)))
        words["member"] = _member(spaced(by).lower(), words["noun"])
        words["words"] = called(words["words"], by) if words["member"] else words["words"]
    told = sum(not step.user_requested for step in scene.steps[: scene.trace.first + position])
    frames = PHRASES["id_lacks"][told % _TURNS :: _TURNS]  # so that two in a row are not worded alike
    said = filled(frames, words, scene.rng) if ident and words["words"] else ""
    return said or filled(PHRASES["value_lacks"], words, scene.rng)


def _member(words: str, about: str) -> str:
    """Return how a member is called that is the name of a thing; empty for others, which no phrase names."""
    return words.split()[-1] if names_it(words, about) else ""


def order_of(scene: Scene) -> list[str]:
    """Say which of several requests comes first, where one takes something from the other's result."""
    asked = [k for k, step in enumerate(scene.trace.steps) if step.user_requested and not step.error]
    for first in asked[:1]:
        number, tool = scene.trace.first + first, scene.tool(scene.trace.steps[first])
        for later in asked[1:]:
            step = scene.trace.steps[later]
            for pointer, source in step.sources.items():
                if not isinstance(source, Output) or source.step != number or noun_of(pointer) in ("id", ""):
                    continue
                value = at_pointer(step.call.arguments, pointer)
                known = (scene.trace.steps[first].call.arguments, *(each.result for each in scene.steps[:number]))
                if any(value in scalars(each) for each in known):
                    continue
                about = noun_of(pointer)
                doer = scene.tool(step)
                verb = verb_of(doer) if does_to(doer, about) else ""
                words = {
                    "target": f"{about} to {verb}" if verb else about,
                    "noun": about,
                    "source": place_of(scene, tool),
                    "doing": doing_it(doer),
                    "verb": verb,
                }
                mention = step.mentions.get(pointer)
                if mention is not None and mention.way == "anaphora" and tool.effect == "read":
                    continue
                return [filled(PHRASES["feeds" if tool.effect == "read" else "makes"], words, scene.rng)]
    return []
