"""Words by which a model points at things in a situation: the situation's, or words that the things themselves have."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_envs.situation.templates import Choice, Fill, Mark, parse, parts_in
from fr_synth.language.pointing import is_told_by
from fr_synth.language.standing import rows_of
from fr_synth.language.verbalise import mentions_value, stands_in
from fr_synth.verify.situated.course import in_order
from fr_synth.verify.words.said_dates import names_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Situation
    from fr_envs.situation.templates import Template
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.verify.evidence import Evidence

__all__ = ["renamed"]


def renamed(evidence: Evidence, situation: Situation) -> Iterator[str]:
    """Iterate over mentions whose words neither the situation has nor the thing that they point at.

    Args:
        evidence: The record and its replay.
        situation: What it is about.
    """
    for number, turn in enumerate(evidence.dialogue.turns):
        own = evidence.asides.get(turn.target.removeprefix("aside:")) or situation
        for mention in turn.mentions:
            kind = evidence.domain.spec.kinds.get(mention.kind)
            words = mention.text.casefold()
            if mention.way not in ("where", "fields") or kind is None or is_told_by(mention, kind):
                continue
            if not any(all(_goes_by(evidence, mention, part) for part in filled) for filled in _read(own, words)):
                yield f"turn {number}: {mention.text!r} are words that {mention.value!r} does not go by"


def _goes_by(evidence: Evidence, mention: Mention, words: str) -> bool:
    """Return True if words that fill a place say something of the thing, or of what it belongs to."""
    at: Mention | None = mention
    while at is not None:
        calls = evidence.dialogue.calls
        result = calls[at.step].result if 0 <= at.step < len(calls) else {}
        near = [row for row in rows_of(result) if at.value in row.values()]
        today = evidence.today(at.step + 1)
        if any(_says(words, v) or names_day(words, v, today) for row in (at.by, *near) for v in scalars(row)):
            return True
        at = at.owner
    return False


def _says(words: str, value: Json) -> bool:
    if not isinstance(value, str):
        return mentions_value(words, value)
    text = value.casefold()
    return bool(text) and (stands_in(words, text) or stands_in(text, words) or mentions_value(words, value))


def _read(situation: Situation, words: str) -> Iterator[tuple[str, ...]]:
    """Iterate over the ways in which words are a mark of the situation: what fills its places in each."""
    wordings = tuple(each for turn in in_order(situation.turns) for tone in turn.say.values() for each in tone)
    for pattern in _patterns(wordings):
        match = pattern.fullmatch(words)
        if match is not None:
            yield match.groups()


@functools.lru_cache(maxsize=256)
def _patterns(wordings: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    parts = (part for wording in wordings for part in parts_in(parse(wording)))
    found = {_pattern(part.words) for part in parts if isinstance(part, Mark)}
    return tuple(re.compile(each.casefold(), re.DOTALL) for each in sorted(found))


def _pattern(template: Template) -> str:
    return "".join(map(_part, template))


def _part(part: str | Fill | Mark | Choice) -> str:
    if isinstance(part, str):
        return re.escape(part)
    if isinstance(part, Fill):
        return "(.+?)"
    if isinstance(part, Mark):
        return _pattern(part.words)
    return f"(?:{'|'.join(map(_pattern, part.options))})"
