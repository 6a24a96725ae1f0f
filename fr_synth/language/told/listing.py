"""Lists told: how many there are, and each by its name with what tells it apart from the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.grammar.attaching import attached, is_end, is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.episode.task import Answer
from fr_synth.language.standing import speaks_against
from fr_synth.language.told.asked import asked_members
from fr_synth.language.told.bracketed import bracketed
from fr_synth.language.told.figures.stocks import flat
from fr_synth.language.told.figures.units import in_that_unit, unit_in
from fr_synth.language.told.headings import NUMBERS, noun_listed, standing_so
from fr_synth.language.told.orders.folding import piece_of_truth
from fr_synth.language.told.orders.wishes import criteria, subject_of
from fr_synth.language.told.predicates import PLAINLY, predicate, told_values, worth
from fr_synth.language.told.room import without_capacity
from fr_synth.language.told.rows import FEW, apart_in_full, listed_as, piece_of, sold_out_first
from fr_synth.language.told.things import own_identifier
from fr_synth.language.told.values import (
    AWAITED,
    OWED,
    is_amount,
    is_name,
    is_person,
    is_plural,
    may_name,
    one_of,
    plain_words,
    said,
)
from fr_synth.language.verbalise import join_words
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.json_values import Json
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["ALL", "list_in", "listed"]

ALL = 7
"""Most rows that are told one by one."""
_FIRST = 5  # of more, so many
_BESIDE = 2  # members beside a name


class _List(NamedTuple):
    name: str
    field: Field
    items: Sequence[Json]


def list_in(tool: ToolSpec, step: ExecutedCall) -> _List | None:
    """Return the one list in a result; None where there is none, or several."""
    found = [_List(name, field.array, step.result[name]) for name, field in tool.returns.items()
             if field.array is not None and isinstance(step.result.get(name), list)]  # fmt: skip
    return found[0] if len(found) == 1 else None


def listed(things: Things, tool: ToolSpec, step: ExecutedCall, message: str) -> Reply:
    """Return what is told of a list.

    Args:
        things: What is known.
        tool: The tool.
        step: The call that gave it.
        message: What the person asks.
    """
    found = list_in(tool, step)
    if found is None:
        return Reply("", ())
    what = noun_listed(things, (found.name, found.field), tool)
    given = criteria(things, tool, step)
    asked = _Asked(given, subject_of(things, tool, step), tool.request_templates)
    if not found.items:
        return Reply(_heading(what, asked, 0) + ".", ())
    if found.field.object is None:
        return _plain(found, what, asked)
    rows = [without_capacity(row, message) for row in found.items if isinstance(row, dict)]
    several = [things.shown(*flat(row, found.field.object)[::-1], one_of(what)) for row in rows]
    same, apart, more = _members(things, several, given, message)
    asked_for = listed_as(tool, what, message)
    if len(several) == 1:
        return _sole(things, several[0], _heading(f"{asked_for} {what}".strip(), asked, 1), given)
    shown = several if len(several) <= ALL else several[:_FIRST]
    texts, answers = [], []
    rows_told = _rows(things, several, apart, more)
    alike = [text for text, _ in rows_told]
    for thing, (text, told) in zip(shown, rows_told, strict=False):
        own = own_identifier(things.spec, thing.fields)
        if alike.count(text) > 1 and own:
            number = f"number {thing.row[own]}"
            text = f"{text[:-1]}, {number})" if text.endswith(")") else f"{text} ({number})"
        texts.append(_one(_unnamed(text, thing), given, len(several)))
        answers += told
    adjective, same_answers = _in_common(things, several[0], same, what, message)
    adjective = adjective or asked_for
    head = _heading(f"{adjective} {what}".strip(), asked, len(rows))
    listing = "; ".join(texts) if any("," in text or ": " in text for text in texts) else join_words(texts)
    if len(shown) < len(several):
        count = NUMBERS[len(shown)].lower()
        return Reply(f"{head}. The first {count} are {listing}.", _once([*answers, *same_answers]))
    return Reply(f"{head}: {listing}.", _once([*answers, *same_answers]))


def _rows(
    things: Things, several: Sequence[Thing], apart: Sequence[str], more: Sequence[str]
) -> list[tuple[str, list[Answer]]]:
    """Return rows in words, with as many members as it takes to tell them apart without their identifiers."""
    full = len(several) <= FEW
    told = [_row(things, thing, apart, full=full) for thing in several]
    for number in range(len(more)):
        if len({text for text, _ in told}) == len(told):
            break
        told = [_row(things, thing, [*apart, *more[: number + 1]]) for thing in several]
    return told


def _sole(things: Things, thing: Thing, head: str, given: dict[str, str]) -> Reply:
    """Tell of the one row of a list all that is worth it: who reads of one thing wants to know which it is."""
    named = [name for name in thing.told if isinstance(thing.row.get(name), str)]
    own = own_identifier(things.spec, thing.fields)
    label, answers = _row(things, thing._replace(told=frozenset(named)), ())
    label = label.partition(" (")[0]
    parts = [] if label in given.values() or label == thing.noun else [label]
    if own and not any(is_name(name, thing.noun) or may_name(name) for name in named):
        parts.append(f"number {thing.row[own]}")
    names = [name for name in worth(things, thing) if name not in given and name not in named]
    kept = [name for name in names if not isinstance(thing.row[name], bool) or _is_news(name, thing.row[name])]
    measured = in_that_unit(thing.row)
    said_with = {*measured, *(name for name, value in thing.row.items() if measured and value == unit_in(thing.row))}
    ways = [(piece_of if name in said_with else predicate)(things, thing, name) for name in kept[:_OF_ONE]]
    found = [p for p in ways if p is not None]
    found = [each for each in found if each.bare and each.bare not in PLAINLY]
    parts += [each.rest if each.rest == f"on {each.bare}" else each.bare for each in found]
    parts += [text for name in names if (text := _come_with(name, thing.row[name]))]
    if not parts:
        parts = [f"{noun(name)} {thing.row[name]}" for name in _foreign(things, thing)]
    return Reply(f"{head}{': ' if parts else ''}{bracketed(parts)}.", _once([*answers, *told_values(found)]))


def _come_with(name: str, value: Json) -> str:
    """Return what the one thing of a list comes with; nothing for what it lacks, or what is told as news."""
    words = plain_words(name)
    if value is not True or _is_news(name, value):
        return ""
    if len(words) == 1 and words[0] in _COVERED:
        return words[0]
    return piece_of_truth(name).strip() or (f"with {' '.join(words)}" if is_plural(words[-1]) else "")


_COVERED = frozenset({"covered", "furnished", "heated", "insured", "refundable", "returnable", "wrapped"})
_OF_ONE = 5  # members of the one row of a list that are told


def _foreign(things: Things, thing: Thing) -> Iterator[str]:
    """Iterate over the members of a row that say by a number alone which other things it is about: its plot."""
    own = own_identifier(things.spec, thing.fields)
    known = {name for name, _ in things.related(thing.fields, thing.row)}
    for name, value in thing.row.items():
        foreign = name in thing.fields and is_identifier(name) and name not in (own, *known)
        telling = noun(name) not in ("id", "uuid", spaced(name)) and plain_words(name)[-1] not in _SECRET
        if foreign and telling and isinstance(value, str | int):
            yield name


_SECRET = frozenset({"code", "key", "token"})


def _unnamed(text: str, thing: Thing) -> str:
    """Return a row of a thing without a name by what is told of it first: "19:30 (£150)"."""
    match = re.fullmatch(rf"{re.escape(thing.noun)} \(([^,()]+)(?:, (.+?))?\)( \(.+\))?", text)
    if thing.named or match is None:
        return text
    return f"{match[1]}{f' ({match[2]})' if match[2] else ''}{match[3] or ''}"


def _one(text: str, given: dict[str, str], several: int) -> str:
    """Return a row without the name that all rows have as they were asked for by it: "one from 5 March 2026"."""
    for name in given.values():
        if several > 1 and text.startswith(f"{name} (") and text.endswith(")"):
            told = text[len(name) + 2 : -1]
            when, _, more = told.partition(", ")
            if re.match(r"(?:at|due|for|from|on) ", when):
                return f"one {when}{f' ({more})' if more else ''}"
            dated = re.match(r"\d{1,2} [A-Z][a-z]+ \d{4}", told) is not None
            return f"one {'on ' if dated else 'with ' if re.match(r'[0-9]+ [a-z]', told) else ''}{told}"
    return text


def _once(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    return tuple({answer.text: answer for answer in answers}.values())


_ADJECTIVES = frozenset({"category", "color", "colour", "cuisine", "genre", "kind", "state", "status", "type"})
_FIELDS = frozenset({"department", "speciality", "specialty", "team", "topic"})
_LEVELS = frozenset({"importance", "priority", "severity", "urgency"})


class _Asked(NamedTuple):
    """What a list was narrowed down by.

    Attributes:
        given: The arguments, in words.
        subject: The one that stands for a thing, if one does.
        templates: How the tool is asked for.
    """

    given: dict[str, str]
    subject: tuple[str, Thing] | None = None
    templates: Sequence[str] = ()

    def before(self, name: str) -> str:
        """Return the preposition with which an argument is asked for: "from", of "the next trains from {station}"."""
        found = (re.search(rf"\b(at|from|in|near|to) (?:the )?\{{{name}\}}", each) for each in self.templates)
        return next((match[1] for match in found if match is not None), "")


def _heading(what: str, asked: _Asked, count: int) -> str:
    """Return how many there are of what was asked for: "Two flights from Oslo to Kyoto on 21 April 2026"."""
    given, subject = asked.given, asked.subject
    if (stand := standing_so(what, asked.templates, count)) and not given:
        return stand
    before, behind = [], []
    for name, word in given.items():
        last = plain_words(name)[-1]
        if asked.before(name):
            behind.append(f"{asked.before(name)} {word}")
        elif subject is not None and name == subject[0]:
            behind.append(f"{_joint(subject[1])} {word}")
        elif last in _ADJECTIVES and len(word.split()) <= 2 and word.islower():
            before.append(word)
        elif last in _LEVELS:
            before.append(f"{word}-{last}")
        else:
            number = word.replace(",", "").replace(".", "").isdigit()
            told = attached(name, word, "find", number=number)
            told = f"for {word}" if last in _FIELDS or told.startswith("with the ") else told
            behind.append(f"on {word}" if last == "weekday" else told)
    noun_ = one_of(what) if count == 1 else what
    number_ = NUMBERS[count] if count < len(NUMBERS) else str(count)
    if not count:
        return " ".join(["There are no", *before, what, *behind])
    behind = [re.sub(r"^that are ", "that is ", each) if count == 1 else each for each in behind]
    return " ".join([f"There {'is' if count == 1 else 'are'} {number_.lower()}", *before, noun_, *behind])


def _joint(thing: Thing) -> str:
    return "in" if thing.noun.split()[-1] in _INSIDE else "for"


_INSIDE = frozenset({"album", "basket", "bed", "box", "cart", "course", "folder", "group", "list", "playlist",
                     "project", "queue", "room", "shelf", "team"})  # fmt: skip


def _members(
    things: Things, several: Sequence[Thing], given: dict[str, str], message: str
) -> tuple[list[str], list[str], list[str]]:
    """Return the members that all rows have alike, those that tell them apart or were asked about, and more such."""
    first = several[0]
    plain = {name for name in first.row if all(str(each.row.get(name)).lower() in PLAINLY for each in several)}
    names = [name for name in worth(things, first) if name not in given and name not in plain]
    asked = asked_members(message, first, names)
    values = {name: {str(thing.row.get(name)) for thing in several} for name in names}
    same = [name for name in names if len(values[name]) == 1 and len(several) > 1]
    if 1 < len(several) <= FEW:
        truths = {name for name in same if first.row.get(name) is True and name not in asked}  # all of them have it
        truths |= {name for name in same if first.row.get(name) is False and plain_words(name)[-1] in message.lower()}
        told = [
            name for name in names if name not in truths and (name not in same or plain_words(name)[-1] not in _STATED)
        ]
        return same, apart_in_full(several, told), []
    apart = [name for name in names if name not in same and name not in asked]
    amounts = [name for name in apart if is_amount(name)]
    others = [name for name in apart if name not in amounts and not isinstance(first.row.get(name), bool)]
    kept = [name for name in asked if name not in same]
    days = [name for name in others if is_time(spaced(name).lower()) and not is_end(spaced(name).lower())]
    if plain_words(first.noun)[-1] not in OWED:  # of what was arranged, the day tells most
        hours = [name for name in days[1:] if plain_words(name)[-1] == "time"]
        sorts = [name for name in others if plain_words(name)[-1] in _GRADES]
        amounts = [*days[:1], *hours[:1], *sorts[:1], *(name for name in others if is_identifier(name)), *amounts]
    awaited = [name for name in apart if isinstance(first.row.get(name), bool) and plain_words(name)[-1] in AWAITED]
    bad = [name for name in apart if name not in awaited and isinstance(first.row.get(name), bool)
           and any(speaks_against(name, each.row.get(name)) for each in several)]  # fmt: skip
    over = {name for name in others if name not in kept and plain_words(name)[-1] == "left" and
            plain_words(name)[0] in _LASTS}  # fmt: skip
    told = [name for name in dict.fromkeys([*kept, *amounts, *others]) if name not in over]
    size = max(_BESIDE, len(kept)) + bool(days)
    return same, [*told[:size], *over, *awaited[:1], *bad[:1]], told[size:]


_STATED = frozenset({"availability", "condition", "phase", "stage", "state", "status"})
_GRADES = frozenset({"grade", "kind", "level", "type"})
_LASTS = frozenset({"hours", "minutes", "seconds"})


def _is_news(name: str, value: Json) -> bool:
    """Return True if a member is told of one of several rows: that nothing is wrong, or no time left, is no news."""
    words = plain_words(name)
    if isinstance(value, bool):
        return words[-1] in AWAITED or speaks_against(name, value)
    return not (value == 0 and words[0] in _LASTS and words[-1] == "left")


def _row(things: Things, thing: Thing, apart: Sequence[str], *, full: bool = False) -> tuple[str, list[Answer]]:
    """Return one row in words: its name, and what tells it apart in a bracket behind it."""
    named = [name for name in thing.told if isinstance(thing.row.get(name), str)]
    own = next((name for name in named if is_name(name, thing.noun) or may_name(name)), "")
    label = str(thing.row[own]) if own else _numbered(things, thing) or thing.label.removeprefix("the ")
    if own and plain_words(own)[-1] in ("subject", "summary"):
        label = f'"{label}"'
    answers = [Answer(thing.row[name], said(things.spec, name, thing.row, thing.fields)) for name in named]
    news = [name for name in apart if name not in thing.told and (full or _is_news(name, thing.row.get(name)))]
    say = piece_of if full else predicate
    found = [p for name in news if (p := say(things, thing, name)) is not None]
    found = [each for each in found if each.bare and each.bare not in PLAINLY]
    found = [each for each in found if each.bare in _SWITCHED or each.bare not in label]  # "off" is in "Coffee machine"
    bare = sold_out_first(thing, [each.bare for each in found])
    if thing.label.startswith(f"the {thing.noun} with ") and not own:  # "on 11 January 2027 with Lena Auer"
        when = next((each for each in bare if _DAY.fullmatch(each)), "")
        bare = [each for each in bare if each != when]
        label = f"{when}{' ' if when else ''}{label.removeprefix(f'{thing.noun} ')}"
    if not own and not bare and not thing.named:
        bare += [f"{noun(name)} {thing.row[name]}" for name in list(_foreign(things, thing))[:1]]
    answers = [answer for answer in answers if answer.text and answer.text in label] + list(told_values(found))
    whose = next((name for name in named if is_person(name)), "")
    if whose:
        label = str(thing.row[whose])
        amounts = [name for name in apart if is_amount(name) and isinstance(thing.row.get(name), int | float)]
        if amounts and bare and plain_words(thing.noun)[-1] in OWED:
            return f"{label}: {_for(things, thing, apart, bare)}", answers
    return (f"{label} ({bracketed(bare)})" if bare else label), answers


_DAY = re.compile(r"(?:on )?\d{1,2} [A-Z][a-z]+ \d{4}(?: at \d\d:\d\d)?")
_SWITCHED = frozenset({"off", "on"})
_LINES = frozenset({"bus", "coach", "ferry", "flight", "line", "sailing", "shuttle", "train", "tram"})


def _numbered(things: Things, thing: Thing) -> str:
    """Return what goes by its number, as trains do; empty for other things."""
    own = own_identifier(things.spec, thing.fields)
    return f"{thing.noun} {thing.row[own]}" if own and thing.noun.split()[-1] in _LINES and not thing.named else ""


def _for(things: Things, thing: Thing, apart: Sequence[str], bare: Sequence[str]) -> str:
    """Return an amount and what it is for: "€214.50 for travel"."""
    amount = next(name for name in apart if is_amount(name))
    text = said(things.spec, amount, thing.row, thing.fields)
    sort = next((name for name in apart if plain_words(name)[-1] in ("category", "type")), "")
    others = [each for each in bare if text not in each and each != str(thing.row.get(sort))]
    told = f"{text} for {said(things.spec, sort, thing.row, thing.fields)}" if sort else text
    return ", ".join([told, *others])


def _in_common(
    things: Things, first: Thing, same: Sequence[str], what: str, message: str
) -> tuple[str, tuple[Answer, ...]]:
    """Return a state that all rows have, as a word before what they are, where it was asked for."""
    del what
    for name in same:
        value = first.row.get(name)
        told = plain_words(name)[-1]
        if isinstance(value, bool) and told in _TRUTHS and re.search(rf"\b(?:un)?{told}\b", message.lower()):
            return told if value else f"un{told}", ()
        if plain_words(name)[-1] in ("status", "state") and isinstance(value, str) and value.lower() in _PLAIN:
            text = said(things.spec, name, first.row, first.fields)
            if _asks_for(message, text):
                return text, (Answer(value, text),)
    return "", ()


def _asks_for(message: str, text: str) -> bool:
    words = frozenset(re.findall(r"[a-z]+", message.lower()))
    return text in words or (text == "available" and "free" in words)


_TRUTHS = frozenset({"approved", "confirmed", "paid", "read", "signed"})
_PLAIN = frozenset({"active", "available", "free", "open", "pending"})


def _plain(found: _List, what: str, asked: _Asked) -> Reply:
    texts = [str(item) for item in found.items if isinstance(item, str | int | float)]
    shown = texts if len(texts) <= ALL else texts[:_FIRST]
    head = _heading(
        what,
        asked if asked.subject is not None and asked.subject[1].named else asked._replace(subject=None),
        len(texts),
    )
    answers = tuple(Answer(item, str(item)) for item in found.items[: len(shown)] if not isinstance(item, dict | list))
    if len(shown) < len(texts):
        return Reply(f"{head}. The first {NUMBERS[len(shown)].lower()} are {join_words(shown)}.", answers)
    return Reply(f"{head}: {join_words(shown)}.", answers)
