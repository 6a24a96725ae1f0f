"""How a request follows from those before it: a small grammar of purposes, over calls that have been made.

A list is followed by what is done to one of its things, best for a reason that its rows prove; what was made is put
right, or goes on to what it was made for; what was asked about is acted on; and who has changed something may look
what has come of it, where another tool shows that. What follows in none of these ways is asked by nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.words.grammar.participles import is_of_text
from fr_envs.adapters.words.grammar.phrases import noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import CHANGES, is_time, words_of
from fr_envs.json_values import scalars
from fr_synth.language.standing import is_somebody, rows_of
from fr_synth.language.tying import NO_TIE, Tie
from fr_synth.sample.purpose.dealt import listed, made, own_member, said, taken, things, told_of
from fr_synth.sample.purpose.reasons import Deed, drains_again, is_idle, reason_in
from fr_synth.sample.roles import role_of
from fr_synth.sample.sense import counts_such, listed_things, named_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.sample.purpose.dealt import Thing
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Past", "amends", "speaks_for", "tie_of"]


class Past(NamedTuple):
    """What a request follows.

    Attributes:
        domain: The world.
        graph: Its graph.
        steps: The calls of the turns before.
    """

    domain: Domain[Any]
    graph: ApiGraph
    steps: Sequence[ExecutedCall]

    @property
    def asked(self) -> list[ExecutedCall]:
        """The requests among the calls."""
        return [step for step in self.steps if step.user_requested]

    @property
    def made(self) -> set[Thing]:
        """The things that the requests have brought about."""
        return made(self.graph, self.steps)

    def dealt(self) -> set[Thing]:
        """Return the things that requests have made, or were about."""
        return self.made.union(*(taken(self.graph, step) for step in self.asked))

    def writes(self, step: ExecutedCall) -> bool:
        """Return True if a call is one that changes something."""
        return self.graph.spec.tools[step.call.name].effect == "write"


def tie_of(past: Past, step: ExecutedCall) -> Tie:
    """Return how a request follows from those before it; ``NO_TIE`` where it doesn't.

    Args:
        past: What it follows.
        step: The request.
    """
    asked = past.asked
    if not asked:
        return NO_TIE
    last, own = asked[-1], taken(past.graph, step)
    if not past.writes(step):
        return _looked(past, last, step, own)
    looks_back = any(past.writes(each) for each in asked)
    rows = [each for thing in sorted(own, key=str) if (each := _chosen(past, last, thing, step)) is not None]
    if rows and not looks_back:
        return max(rows, key=lambda each: bool(each.reason))
    dealt = past.dealt()
    if last.call.name == step.call.name:
        return Tie("again") if _is_done_again(past, last, step, own) else NO_TIE
    if own & dealt:
        return _further(past, last, step, own & dealt)
    return NO_TIE


def _chosen(past: Past, last: ExecutedCall, thing: Thing, step: ExecutedCall) -> Tie | None:
    """Return how a request takes up a thing of the list just shown; None where it is none of them."""
    found = listed(past.graph, last, thing)
    if found is None or past.writes(last):
        return None
    rows, row = found
    about, somebody = _words(step, thing)
    reason = reason_in(rows, row, _deed(past, step, thing, somebody=somebody))
    return Tie("decide" if reason else "take up", reason, about, somebody)


def _words(step: ExecutedCall, thing: Thing) -> tuple[str, bool]:
    """Return the words that point at a thing in a request, and whether it is a person."""
    mention = next((each for each in step.mentions.values() if (each.kind, each.value) == thing), None)
    text = mention.text if mention is not None else str(thing[1])
    about = noun(thing[0]).split()[-1]
    return text, is_somebody(about, text)


def _deed(past: Past, step: ExecutedCall, thing: Thing, *, somebody: bool) -> Deed:
    """Return what a request does to a thing; nobody tells what it leaves of one that its result does not show."""
    returns = past.graph.spec.tools[step.call.name].returns
    own = own_member(past.graph, returns)
    after: JsonObject = step.result if own and (returns[own].kind, step.result.get(own)) == thing else {}
    return Deed(frozenset(named_words(step.call.name)), after, somebody)


def _further(past: Past, last: ExecutedCall, step: ExecutedCall, own: set[Thing]) -> Tie:
    """Return how a request goes on with what the dialogue was about."""
    verbs = named_words(step.call.name)
    if any(is_idle(told_of(past.graph, past.steps, thing), verbs) for thing in own):
        return NO_TIE
    if any(drains_again(named_words(each.call.name), verbs) for each in past.asked if _is_about(past, each, own)):
        return NO_TIE
    if any(_calls_off(past, each, step) or _outdates(past, each, step) for each in past.asked):
        return NO_TIE
    if amends(past, step):
        once = not any(amends(past._replace(steps=past.steps[:number]), each) for number, each in enumerate(past.steps)
                       if each.user_requested)  # fmt: skip
        return Tie("put right") if once and (own & past.made or _is_about(past, last, own)) else NO_TIE
    if not past.writes(last) and _is_about(past, last, own):
        return _reacted(past, last, step, own)
    return Tie("go on")


def _is_done_again(past: Past, last: ExecutedCall, step: ExecutedCall, own: set[Thing]) -> bool:
    """Return True if the same is done with another thing: one more for what was made, or what is as open as the last.

    A list has shown both, or both go to what the dialogue is about.
    """
    before = taken(past.graph, last)
    if own == before or not own - before:
        return False
    if own & before and (own & before & past.made or _brings_together(past, step)):
        return True
    looks = [each for each in past.asked if not past.writes(each)]
    if own & before or not looks or len(own) > 1:
        return False
    reasons = [_chosen(past, looks[-1], thing, each) for each in (last, step) for thing in taken(past.graph, each)]
    return len(reasons) > 1 and all(each is not None and _OPEN.search(each.reason) for each in reasons)


def _brings_together(past: Past, step: ExecutedCall) -> bool:
    """Return True if a request brings two things together: a singer and a rehearsal, of which there can be more."""
    tool = past.graph.spec.tools[step.call.name]
    return len(taken(past.graph, step)) > 1 and role_of(tool) == "make"


_OPEN = re.compile(r"^hasn't|^is still|n't | still ")


def speaks_for(past: Past, name: str, thing: Thing) -> bool:
    """Return True if what was just shown of a thing speaks for what a tool does, whatever comes of it.

    Args:
        past: What was shown.
        name: The tool.
        thing: The thing.
    """
    found = listed(past.graph, past.asked[-1], thing) if past.asked else None
    return found is not None and bool(reason_in(*found, Deed(frozenset(named_words(name)), _settled(found[1]))))


def _settled(row: JsonObject) -> JsonObject:
    """Return a row in which all is done that isn't: what a request may leave."""
    return {name: True for name, value in row.items() if value is False}


_MOVES = words_of("defer delay move postpone reschedule shift rename")
_SETTLES = words_of("confirm pay publish")


def _calls_off(past: Past, earlier: ExecutedCall, step: ExecutedCall) -> bool:
    """Return True if what was arranged with a thing is upset: nobody moves a day for which they signed up."""
    tools, own = past.graph.spec.tools, taken(past.graph, step)
    arranged = past.writes(earlier) and role_of(tools[earlier.call.name]) == "make" and own & taken(past.graph, earlier)
    if not arranged or own & past.made:
        return False
    verbs = named_words(step.call.name)
    ends = role_of(tools[step.call.name]) in ("finish", "undo") and not verbs & _SETTLES
    return ends or _moves(tools[step.call.name], verbs)


def _moves(tool: ToolSpec, verbs: set[str]) -> bool:
    """Return True for a tool that puts something to another time: "change the departure time"."""
    timed = any(is_time(spaced(name).removeprefix("new ")) for name, p in tool.parameters.items() if p.required)
    return bool(verbs & _MOVES) or (bool(verbs & CHANGES) and timed)


def _outdates(past: Past, earlier: ExecutedCall, step: ExecutedCall) -> bool:
    """Return True if a request changes what a text just told: it was made for somebody."""
    tools, own = past.graph.spec.tools, taken(past.graph, step)
    told = [*earlier.result.values()]
    written = not past.writes(earlier) and len(told) == 1 and isinstance(told[0], str)
    same = bool(own & taken(past.graph, earlier))
    return written and same and is_of_text(tools[earlier.call.name].description) and (
        role_of(tools[step.call.name]) in ("change", "undo")
    )  # fmt: skip


def _is_about(past: Past, step: ExecutedCall, own: set[Thing]) -> bool:
    return bool(own & taken(past.graph, step))


def _reacted(past: Past, last: ExecutedCall, step: ExecutedCall, own: set[Thing]) -> Tie:
    """Return how a request acts on what was just told of a thing."""
    thing = next(iter(sorted(own, key=str)))
    about, somebody = _words(step, thing)
    row = told_of(past.graph, [last], thing) or last.result
    reason = reason_in([row], row, _deed(past, step, thing, somebody=somebody))
    return Tie("react", reason, about, somebody)


def amends(past: Past, step: ExecutedCall) -> bool:
    """Return True if a request says something otherwise that was said of a thing before: another day, another number.

    Args:
        past: What it follows.
        step: The request.
    """
    own = taken(past.graph, step)
    if role_of(past.graph.spec.tools[step.call.name]) != "change":
        return False
    new = {name.removeprefix("new_"): value for name, value in step.call.arguments.items()}
    for earlier in past.asked:
        if not past.writes(earlier) or not own & things(past.graph, earlier):
            continue
        told = {name.removeprefix("new_"): value for name, value in earlier.call.arguments.items()}
        given = {name for name in new if f"/{name}" in {pointer for pointer, _ in said(step)} or name in told}
        if any(name in told and told[name] != new[name] for name in given):
            return True
    return False


# ------------------------------------------------------------------------------------------------------- looking


def _looked(past: Past, last: ExecutedCall, step: ExecutedCall, own: set[Thing]) -> Tie:
    """Return how a look or a question follows: it is about what was shown, or tells what has come of a change."""
    tool = past.graph.spec.tools[step.call.name]
    if not past.writes(last):
        if role_of(tool) == "ask" and any(listed(past.graph, last, thing) for thing in own):
            return Tie("take up")
        counted = role_of(tool) == "look" and counts_such(past.domain, listed_things(past.domain, step), last)
        return Tie("go on") if counted or (own & past.dealt() and not _is_about(past, last, own)) else NO_TIE
    if own and own.isdisjoint(things(past.graph, last)):
        return NO_TIE
    return Tie("see") if _has_changed(past, last, step) else NO_TIE


def _has_changed(past: Past, last: ExecutedCall, step: ExecutedCall) -> bool:
    """Return True if a look tells what it would not have told before the latest change, nor the answer to that.

    Whoever has made something, or ended it, looks at what there is now; whoever has changed one thing was told so.
    """
    before = past.domain.apply(last.before, step.call)
    if before.error is not None or before.value == step.result:
        return before.error is not None
    old, new = [list(rows_of(each)) for each in (before.value, step.result)]
    if len(old) != len(new):
        return True
    told = {*scalars(last.result), *scalars(last.call.arguments)}
    fresh = [row[name] for was, row in zip(old, new, strict=True) for name in row if row[name] != was.get(name)]
    return any(value not in told for value in fresh if isinstance(value, str | int | float | None))
