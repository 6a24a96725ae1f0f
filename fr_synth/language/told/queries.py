"""Answers about no thing: what was asked, in the words of the question, and what came of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import is_identifier
from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.episode.task import Answer
from fr_synth.language.told.orders.wishes import criteria, subject_of
from fr_synth.language.told.rows import piece_of
from fr_synth.language.told.things import own_identifier
from fr_synth.language.told.values import CURRENCIES, is_plural, plain_words, said
from fr_synth.language.verbalise import fill
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_synth.language.told.predicates import Predicate
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["of_query"]

_ASKED = re.compile(r"(?:what(?:'s| is| are)|summari[sz]e|sum up|describe) (.+?)\??$")
_SAYS_ALL = frozenset({"condition", "conditions", "description", "forecast", "outlook", "state", "status", "summary"})
_SPAN = {"opens": "closes", "opening": "closing", "open": "close", "opens_at": "closes_at"}


def of_query(things: Things, tool: ToolSpec, step: ExecutedCall) -> Reply | None:
    """Return the answer to a question that is about no thing with an identifier; None for another result.

    Args:
        things: What is known.
        tool: The tool.
        step: The call.

    Example:
        "What's the fare from Millbrook to Port Anne?" is "The fare from Millbrook to Port Anne is £6.40."
    """
    if tool.effect != "read" or own_identifier(things.spec, tool.returns) or subject_of(things, tool, step):
        return None
    about = _about(things, tool, step)
    given = {str(value) for value in step.call.arguments.values()}
    thing = things.shown(tool.returns, step.result)
    names = [name for name, value in step.result.items() if name in tool.returns and str(value) not in given
             and not isinstance(value, dict | list) and value is not None and plain_words(name)[-1] != "currency"
             and not is_identifier(name)]  # fmt: skip
    if not about or not names:
        return None
    found = list(_told(things, thing, names))
    if not found:
        return None
    answers = tuple(answer for _, several in found for answer in several)
    if len(names) == 1 and len(found) == 1:
        name, value = names[0], step.result[names[0]]
        text = said(things.spec, name, step.result, tool.returns)
        if not text or isinstance(value, bool):
            return None
        return Reply(f"{about} {_be(about)} {text}.", (Answer(value, text),))
    told = [text for text, _ in found]
    head = re.split(r" (?:at|for|from|in|of|on|to|with) ", about, maxsplit=1)[0].split()[-1]
    if told[0].startswith(f"{head} "):  # "the delivery fee to Aldorf is €2.50, free from €30"
        return Reply(f"{about} is {told[0].removeprefix(f'{head} ')}, {', '.join(told[1:])}.", answers)
    return Reply(f"{about}: {', '.join(told)}.", answers)


def _about(things: Things, tool: ToolSpec, step: ExecutedCall) -> str:
    """Return what was asked for, with what it was asked of: "The fare from Millbrook to Port Anne"."""
    words = criteria(things, tool, step)
    for template in tool.request_templates:
        match = _ASKED.match(template)
        if match is not None and set(PLACEHOLDER.findall(template)) == set(words):
            text = fill(match[1], words)
            return text[:1].upper() + text[1:]
    return ""


def _be(about: str) -> str:
    head = re.split(r" (?:at|for|from|in|of|on|to|with) ", about, maxsplit=1)[0]
    return "are" if is_plural(head.split()[-1]) else "is"


def _told(things: Things, thing: Thing, names: Sequence[str]) -> Iterator[tuple[str, tuple[Answer, ...]]]:
    """Iterate over the members in words, with the values that they tell; opening and closing hours as one."""
    done: set[str] = set()
    for name in names:
        other = _SPAN.get(name, "")
        first, last = thing.row.get(name), thing.row.get(other)
        if name in done:
            continue
        if isinstance(first, str) and isinstance(last, str):
            done.add(other)
            hours = first != last and first[:1].isdigit()
            answers = (Answer(first, first), *((Answer(last, last),) if hours else ()))
            yield (f"{first} to {last}" if hours else first), answers
            continue
        found = piece_of(things, thing._replace(told=frozenset()), name)
        if found is not None and found.bare:
            yield _named(found, name), found.answers


def _named(found: Predicate, name: str) -> str:
    """Return a member in words, an amount or a plain text with what it is."""
    words = [word for word in plain_words(name) if word not in CURRENCIES]
    plain = " ".join(words)
    if words[-1] in _SAYS_ALL:
        return found.bare.removeprefix(f"{plain} ")
    bare_amount = re.fullmatch(r"[€$£][\d.,]+(?: in all)?", found.bare) is not None
    unnamed = found.rest.startswith(f"the {plain} is ") and plain not in found.bare
    if bare_amount or unnamed:
        return f"{plain} {found.bare.removesuffix(' in all')}"
    return found.bare
