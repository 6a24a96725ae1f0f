"""Turns that wait for a yes, and turns that need no call at all."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.situation.conditions import matches
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.verbalise import stands_in
from fr_synth.verify.claims.wording.lexicon import acts_of, tool_acts
from fr_synth.verify.kinds.repeating import asks_again
from fr_synth.verify.kinds.world import reply_of, state_at, would_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import ToolSpec
    from fr_synth.trace.awaited import Awaited
    from fr_synth.verify.evidence import Evidence

__all__ = ["nothing_to_call", "orders", "waiting"]


def waiting(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The policy wants a yes before the call, which nobody has ordered in so many words, and it would work."""
    tool = evidence.domain.spec.tools.get(awaited.tool)
    if tool is None:
        return
    if tool.consent is None or not matches(tool.consent, awaited.arguments):
        yield f"the policy wants no consent before such a call of {awaited.tool}"
    if tool.effect != "write":
        yield f"{awaited.tool} changes nothing"
    if not would_work(evidence, state_at(evidence, number), ToolCall(awaited.tool, awaited.arguments)):
        yield f"{awaited.tool} could not be carried out after a yes either"
    if orders(evidence.user_text(number), tool):
        yield f"the message orders {awaited.tool} itself"


_CUT = re.compile(r"[.!?;](?:\s+|$)|\n+|,? (?:and|then|but|so) |, ")
_LEAD = re.compile(
    r"^\W*(?:(?:please|could you|can you|would you|will you|just|now|then|i want you to|i'd like you to|you can|"
    r"go ahead and|and|so|ok|okay|yes|let's)[,:]? )*(?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)


_UNWANTED = re.compile(
    r"\b(?:don[\u2019']t|do not|wouldn[\u2019']t|never)(?: [a-z]+){0,3} to [^.!?;]*\b(?:and|or) $", re.IGNORECASE
)


def orders(text: str, tool: ToolSpec) -> bool:
    """Return True if a text orders what a tool does: a part of it begins with a verb for that."""
    acts = tool_acts(tool.name, tool.description, tuple(tool.returns))
    first = tool.name.split("_")[0]
    return any(verb == first or acts_of(verb) & acts for verb in _leading(text))


@functools.lru_cache(maxsize=8)  # a message is held against every tool of a world
def _leading(text: str) -> tuple[str, ...]:
    """Return the verbs with which parts of a text begin, those that are not wanted left out."""
    found: list[str] = []
    at = 0
    for part in _CUT.split(text):
        at = text.index(part, at)
        if _UNWANTED.search(text, 0, at):  # "I don't want to throw out the sharp one and keep …"
            continue
        match = _LEAD.match(part.strip())
        found += [match["verb"].lower()] if match else []
    return tuple(found)


def _asked_again(evidence: Evidence, number: int) -> Iterator[str]:
    before, words = reply_of(evidence, number - 1) if number else "", evidence.dialogue.turns[number].goal.mentions
    if asks_again(evidence.user_text(number), reply_of(evidence, number), before, words):
        yield "the message asks for what the reply before it has just told"


def nothing_to_call(evidence: Evidence, number: int) -> Iterator[str]:
    """Nothing is called, and nothing has to be: what is asked was told before, or the message orders nothing."""
    turn = evidence.dialogue.turns[number]
    if any(call.turn == number for call in evidence.dialogue.calls):
        yield "a call is made all the same"
    told = [reply_of(evidence, earlier).lower() for earlier in range(number)]
    for answer in turn.goal.answers:
        if not any(stands_in(answer.text.lower(), each) for each in told):
            yield f"{answer.text!r} was never told, so a call would be needed"
    said = evidence.user_text(number)
    if not turn.goal.answers:
        if "?" in said and not turn.goal.mentions:
            yield "the message asks something, and nothing says what the reply has to answer"
        yield from () if turn.awaited is not None else _asked_again(evidence, number)
        wanted = next((name for name, tool in evidence.domain.spec.tools.items() if orders(said, tool)), "")
        if wanted and turn.awaited is None:  # what is held off is ordered, and seen to elsewhere
            yield f"the message orders what {wanted} does"
