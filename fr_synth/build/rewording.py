"""A request in a teacher's own words: what it has to say in any form, and the calls resting on the words it has.

A value may be said in any form that can be heard as that value; a thing may be called by other words, as long as these
mean it alone in the world as it is. What cannot be heard is told to the teacher, who tries again; if that is of no use,
the draft stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.json_values import at_pointer
from fr_synth.language.pointing import meant_by
from fr_synth.language.queries import Query
from fr_synth.language.verbalise import mentions_value, stands_in, verbalise
from fr_synth.trace.dataflow.provenance import Derived, Said
from fr_synth.verify.claims.parsing.spans import parse
from fr_synth.verify.words.leaks import leaks
from fr_synth.verify.words.said_dates import names_day

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.trace.dataflow.provenance import Provenance
    from fr_synth.trace.turn_trace import TurnTrace
    from fr_synth.verify.claims.parsing.spans import Span

__all__ = ["WORDED", "Asked", "Spoken", "heard_in", "reworded"]

WORDED = frozenset({"confirm", "missing_tool", "no_call", "out_of_scope", "refuse"})
"""Kinds of turn besides ``act`` that a teacher may word: in an ``ask`` and a ``choose`` counts what is not said."""

Spoken = dict[tuple[int, str], "Mention"]
"""Mentions in words of the teacher's own, by turn and the words of the draft."""


class Asked(NamedTuple):
    """What a request is worded for.

    Attributes:
        domain: The world.
        trace: The turn.
        steps: Every step of the dialogue, those of the turn with them.
        turn: Number of the turn.
        today: The world's day; None where it has none.
        situated: It is of a situation, whose people have words of their own for things.
        hidden: Values that only results have told; no request says them.
    """

    domain: Domain[Any]
    trace: TurnTrace
    steps: Sequence[ExecutedCall]
    turn: int
    today: datetime.date | None
    situated: bool
    hidden: Collection[Json]


class _Demands(NamedTuple):
    letter: list[str]  # said letter for letter
    mean: list[tuple[str, Json]]  # said in any form: words of the draft, and the value
    point: dict[str, Mention]  # pointed at, by the words of the draft


def reworded(
    draft: Query, asked: Asked, ask: Callable[[JsonObject], JsonObject], attempts: int
) -> tuple[Query, Spoken]:
    """Return a request in the teacher's words, and what it points at in words of its own.

    Args:
        draft: The request as it can stay.
        asked: What it is for.
        ask: Asks the teacher with what the material of the role ``query`` has about this request.
        attempts: How often to ask at most.
    """
    demands = _demands(draft, asked)
    errors: list[str] = []
    for _ in range(attempts):
        content = ask(
            {
                "must_say": demands.letter,
                "must_mean": [{"said": text, "value": value} for text, value in demands.mean],
                "must_point": [{"words": text, "at": _shown(asked, each)} for text, each in demands.point.items()],
                "draft": {"easy": draft.easy, "hard": draft.hard},
                **({"errors": errors} if errors else {}),
            }
        )
        query = Query(str(content["easy"]), str(content["hard"]))
        if query == draft:
            return draft, {}
        own = {str(each["draft"]): str(each["mine"]) for each in content.get("references") or ()}
        spoken: Spoken = {}
        errors = list(_faults(query, draft, demands, asked, own, spoken))
        if not errors:
            return query, spoken
    return draft, {}


def heard_in(
    trace: TurnTrace, said: Sequence[str], spoken: Mapping[tuple[int, str], Mention], today: datetime.date | None
) -> TurnTrace:
    """Return a turn whose values rest on what was really said.

    Args:
        trace: The turn as the situation had it worded.
        said: The user's messages, one a turn.
        spoken: What was pointed at in other words.
        today: The world's day; None where it has none.
    """
    steps = []
    for step in trace.steps:
        sources = {pointer: _heard(source, _at(step, pointer), said, today) for pointer, source in step.sources.items()}
        mentions = {pointer: spoken.get((each.turn, each.text), each) for pointer, each in step.mentions.items()}
        steps.append(step._replace(sources=sources, mentions=mentions))
    return trace._replace(steps=tuple(steps))


def _heard(source: Provenance, value: Json, said: Sequence[str], today: datetime.date | None) -> Provenance:
    if not isinstance(source, Said) or source.turn >= len(said):
        return source
    message = said[source.turn]
    if stands_in(source.text.lower(), message.lower()):
        return source
    words = _words_for(message, value, today)
    return source if words is None else Said(source.turn, words)


# ------------------------------------------------------------------------------------------------------- what is said


def _demands(draft: Query, asked: Asked) -> _Demands:
    letter: dict[str, None] = {}
    mean: dict[str, Json] = {}
    point: dict[str, Mention] = {}
    for step in asked.trace.steps:
        for pointer, source in step.sources.items():
            mention = step.mentions.get(pointer)
            if mention is not None:
                if mention.turn == asked.turn:
                    _point(mention, letter, point, asked)
            elif isinstance(source, Said) and source.turn == asked.turn:
                value = _at(step, pointer)
                if _is_heard(source.text, value, asked.today):
                    mean[source.text] = value
                else:
                    letter[source.text] = None
            elif isinstance(source, Derived):
                letter |= dict.fromkeys(each.text for each in source.inputs if isinstance(each, Said))
    known = " ".join((*letter, *mean, *point)).lower()
    besides = [span.text for span in parse(draft.hard) if span.text.lower() not in known and not _is_small(span)]
    texts = [text for text in (*letter, *besides) if all(text.lower() in each.lower() for each in draft)]
    return _Demands(list(dict.fromkeys(texts)), list(mean.items()), point)


def _point(mention: Mention, letter: dict[str, None], point: dict[str, Mention], asked: Asked) -> None:
    if asked.situated and mention.way in ("where", "fields") and mention.owner is None:
        point[mention.text] = mention
    else:
        letter[mention.text] = None


def _at(step: ExecutedCall, pointer: str) -> Json:
    try:
        return at_pointer(step.call.arguments, pointer)
    except LookupError:
        return None


def _shown(asked: Asked, mention: Mention) -> JsonObject:
    """Return what was shown of the thing that a mention points at, or will be by the look-up for it."""
    row = _row(asked, mention)
    return {name: value for name, value in row.items() if not isinstance(value, dict | list)}


def _row(asked: Asked, mention: Mention) -> JsonObject:
    result = asked.steps[mention.step].result if 0 <= mention.step < len(asked.steps) else {}
    try:
        rows = result if mention.group is None else at_pointer(result, mention.group)
    except LookupError:
        return {}
    listed = rows if isinstance(rows, list) else [rows]
    return next((row for row in listed if isinstance(row, dict) and mention.value in row.values()), {})


# ------------------------------------------------------------------------------------------------------ what is wrong


def _faults(
    query: Query, draft: Query, demands: _Demands, asked: Asked, own: Mapping[str, str], spoken: Spoken
) -> Iterator[str]:
    for where, text in (("easy", query.easy), ("hard", query.hard)):
        yield from _unsaid(where, text, demands, asked)
    for words, mention in demands.point.items():
        if all(words.lower() in text.lower() for text in query):
            continue
        other = _pointed(asked, mention, own.get(words, ""), query)
        if other is None:
            yield (
                f"{words!r} is called otherwise; say it letter for letter in both, or in both call the thing by the "
                "same words of its own fields that fit nothing else, and give them under `references`"
            )
        else:
            spoken[asked.turn, words] = other
    for leak in leaks(query.hard, asked.domain.spec.tools, asked.hidden):
        yield f"'hard' gives away {leak}"
    yield from _added(query.hard, [draft.hard], demands, asked, "hard")
    yield from _added(query.easy, [draft.hard, draft.easy], demands, asked, "easy")


def _unsaid(where: str, text: str, demands: _Demands, asked: Asked) -> Iterator[str]:
    for words in demands.letter:
        if words.lower() not in text.lower():
            yield f"{where!r} lacks {words!r}, letter for letter"
    for words, value in demands.mean:
        if _words_for(text, value, asked.today) is None:
            yield f"{where!r} does not say {words!r} in a form that can be read as {value!r}"


def _pointed(asked: Asked, mention: Mention, words: str, query: Query) -> Mention | None:
    step = asked.steps[mention.step] if 0 <= mention.step < len(asked.steps) else None
    said = bool(words.strip()) and all(stands_in(words.lower(), text.lower()) for text in query)
    if step is None or not said:
        return None
    spec, things = asked.domain.spec, asked.domain.entities(asked.trace.start, mention.kind)
    return meant_by(words.strip(), mention, spec.kinds[mention.kind], step.result, things)


def _added(text: str, drafts: Sequence[str], demands: _Demands, asked: Asked, where: str) -> Iterator[str]:
    """Iterate over figures and names that no draft has."""
    had = {_reading(span) for each in drafts for span in parse(each)}
    known = " ".join(drafts).lower()
    rows = [str(value).lower() for each in demands.point.values() for value in _shown(asked, each).values()]
    for span in parse(text):
        if _reading(span) in had or span.text.lower() in known or _is_small(span):
            continue
        meant = any(_is_heard(span.text, value, asked.today) for _, value in demands.mean)
        if not meant and not any(stands_in(span.text.lower(), value) for value in rows):
            yield f"{where!r} adds {span.text!r}, which nobody asks for"


def _reading(span: Span) -> tuple[str, object]:
    return span.kind, span.value.lower() if isinstance(span.value, str) else span.value


def _is_small(span: Span) -> bool:
    """Return True of "one" and "two" as a way of speaking."""
    return span.kind == "number" and isinstance(span.value, float) and span.value <= 2 and span.places is None


def _is_heard(text: str, value: Json, today: datetime.date | None) -> bool:
    if value is None or isinstance(value, bool | dict | list):
        return False
    return mentions_value(text, value) or names_day(text, value, today)


def _words_for(message: str, value: Json, today: datetime.date | None) -> str | None:
    """Return the words of a message that say a value; None where none do."""
    lowered = message.lower()
    for words in dict.fromkeys((str(value), verbalise(value), str(value).replace("_", " "))):
        if words and stands_in(words.lower(), lowered) and mentions_value(message, value):
            return words
    return next((span.text for span in parse(message) if _is_heard(span.text, value, today)), None)
