"""What a tool is for, as far as its name, its arguments and its results tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from fr_envs.adapters.words.vocabulary import words_of
from fr_synth.sample.sense import named_words

if TYPE_CHECKING:
    from fr_envs.contract.spec import ToolSpec

__all__ = ["SEEKS", "Role", "role_of"]

Role: TypeAlias = Literal["look", "ask", "make", "change", "finish", "undo", "work out", "plumbing"]
"""What a tool is for: to look around, to ask about one thing, to make one, to change one, to be done with one as it
should be, to take one back, to work something out that is about no thing, or what nobody asks for."""


_PLUMBING = words_of(
    "auth authenticate authorize batch bulk callback debug handshake health healthcheck heartbeat initialize login "
    "logout metrics oauth ping refresh schema session sessions signin signout token tokens version webhook webhooks"
)
_UNDO = words_of(
    "cancel clear decline deactivate delete deny destroy disable dismiss drop leave off purge quit refund reject "
    "discard dispose erase evict expel remove revoke scrap skip trash unassign unblock undo unfollow unlink "
    "unsubscribe void withdraw"
)
_FINISH = words_of(
    "approve archive close collect complete confirm deliver end finish freeze harvest mark mute pause pay publish "
    "resolve return sign solve stop submit suspend"
)
_CHANGE = words_of(
    "adjust assign change edit extend modify move patch pin postpone prioritize rate record redirect rename "
    "renew reopen reroute "
    "hand reassign rebook reschedule resume set shift shorten lengthen upgrade downgrade swap switch transfer "
    "update water"
)
_MAKE = words_of(
    "add book buy create insert make open order post put register rent report reserve send share start subscribe"
)
_ACTS = _UNDO | _FINISH | _CHANGE | _MAKE
SEEKS = words_of("browse find list search")
"""Words in the names of tools that look for something."""
_READS = words_of("check describe fetch find get list lookup query read retrieve search show view")
_SUMS = words_of("average count number sum total")


def role_of(tool: ToolSpec) -> Role:
    """Return what a tool is for, as far as its name, its arguments and its results tell.

    Args:
        tool: The tool.
    """
    words = named_words(tool.name)
    if words & _PLUMBING:
        return "plumbing"
    kinds = [p.field.kind for p in tool.parameters.values() if p.required and p.field.kind is not None]
    several = any(field.array is not None for field in tool.returns.values())
    vague = bool(words & SEEKS) and not several and len(tool.returns) <= 1  # what was looked for comes as one text
    acts = words & _ACTS and not words & _SUMS and not words & _READS
    if tool.effect == "read" and (acts or vague):
        return "plumbing"  # it says that it does something, and nothing shows for it
    if tool.effect == "read":
        if several:
            return "look"
        return "ask" if kinds else "work out"
    found = [role for phrase, role in _BY_PHRASE if phrase <= words] + [
        role for role, verbs in _BY_VERB if words & verbs
    ]
    return found[0] if found else "make"


_BY_PHRASE: tuple[tuple[frozenset[str], Role], ...] = (
    (frozenset({"sign", "up"}), "make"),  # nothing is over for who is signed up
    (frozenset({"check", "out"}), "finish"),
)


_BY_VERB: tuple[tuple[Role, frozenset[str]], ...] = (("undo", _UNDO), ("finish", _FINISH), ("change", _CHANGE))
