"""Words of a message that point at values, resting on the calls that were really made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_synth.language.reference_rules import noun_place, stands_by

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec
    from fr_synth.build.guided_chain import Transcript
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["resting_mentions"]


def resting_mentions(spec: DomainSpec, transcript: Transcript, trace: TurnTrace) -> tuple[Mention, ...]:
    """Return the mentions of a turn, each resting on a call of the dialogue as it was made.

    Args:
        spec: The world's contract.
        transcript: The dialogue so far, the turn's calls with it.
        trace: The turn as it was sampled or played.
    """
    found: list[Mention] = []
    for step in trace.steps:
        for mention in step.mentions.values():
            resting = _rests(spec, transcript, mention)
            if resting is not None and resting not in found:
                found.append(resting)
    return tuple(found)


def _rests(spec: DomainSpec, transcript: Transcript, mention: Mention) -> Mention | None:
    if mention.way in ("where", "fields") and mention.owner is not None:
        return mention
    owner = None if mention.owner is None else _rests(spec, transcript, mention.owner)
    if (owner is None) != (mention.owner is None):
        return None
    for known in transcript.knowledge.sources(mention.kind, mention.value):
        call = transcript.calls[known.step]
        if mention.way == "noun":
            alike = noun_place(known.pointer) in spec.tools[call.name].nouns
        else:
            alike = mention.way == "anaphora" or (known.group is None) == (mention.group is None)
        if alike and stands_by(mention, known.beside, call.arguments):
            group = known.group if mention.group else None
            return msgspec.structs.replace(mention, step=known.step, group=group, owner=owner)
    return None
