"""Answers about one thing: what was asked of it, or what is worth telling; and single values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.grammar.attaching import attached
from fr_envs.adapters.words.grammar.participles import is_of_text
from fr_envs.adapters.words.grammar.phrases import phrase_of, spaced
from fr_envs.adapters.words.questions import asked_in
from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.episode.task import Answer
from fr_envs.json_values import scalars
from fr_synth.language.told.asked import asked_members, is_question
from fr_synth.language.told.orders.wishes import criteria, subject_of
from fr_synth.language.told.predicates import PLAINLY, predicate, sentence_of, told_values, worth
from fr_synth.language.told.values import CURRENCIES, is_person, is_plural, one_of, plain_words, said
from fr_synth.language.verbalise import fill
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from fr_envs.contract.spec import ToolSpec
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["of_one", "of_text", "of_value"]

_MOST = 4  # members that are told where nothing in particular was asked


def of_one(things: Things, tool: ToolSpec, step: ExecutedCall, message: str) -> Reply:
    """Return what is told of the one thing that a look-up is about.

    Args:
        things: What is known.
        tool: The tool.
        step: The call.
        message: What the person asks.
    """
    subject = subject_of(things, tool, step)
    thing = things.shown(tool.returns, step.result, _noun(tool))
    if not thing.named and subject is not None and subject[1].named:
        known = subject[1]
        thing = thing._replace(label=known.label, noun=known.noun)
    elif not thing.named and subject is not None:
        thing = thing._replace(label=f"{subject[1].noun} {step.call.arguments[subject[0]]}")
    if thing.label == "the one":
        thing = thing._replace(label="it")
    members = worth(things, thing)
    asked = asked_members(message, thing, members)
    answer = _yes_no(things, thing, asked, message)
    if answer is not None:
        return answer
    members = [name for name in members if str(thing.row.get(name)).lower() not in PLAINLY] or members
    found = [p for name in (asked or members[:_MOST]) if (p := predicate(things, thing, name)) is not None]
    if not found:
        return Reply("", ())
    counting = all(each.verb == "has" for each in found) and all(is_person(name) for name in thing.told)
    whose = thing.label.partition("'s ")[0] if thing.told and counting else thing.label
    return Reply(sentence_of(whose, found), told_values(found))


def _noun(tool: ToolSpec) -> str:
    rest = phrase_of(tool.name, "" if asked_in(tool.description) else tool.description).rest
    words = re.sub(r"^(?:the |an? |details of |information (?:about|on) )+", "", rest).split()
    return words[0].lower() if words and words[0].isalpha() else ""


def _yes_no(things: Things, thing: Thing, asked: list[str], message: str) -> Reply | None:
    """Answer a yes-or-no question by yes or no."""
    for name in asked[:1]:
        value = thing.row.get(name)
        found = predicate(things, thing, name)
        if found is None:
            continue
        if isinstance(value, bool) and re.search(r"\b(?:is|are|has|does|do|was)\b", message.lower()):
            told = _inside(sentence_of(thing.label, [found]))
            return Reply(f"{'Yes' if value else 'No'}, {told}", (Answer(value, "yes" if value else "no"),))
        if isinstance(value, str) and plain_words(name)[-1] in ("status", "state", "availability"):
            for so in is_question(message, value):
                told = sentence_of(thing.label, [found])
                return Reply(f"{'Yes' if so else 'No'}, {_inside(told)}", found.answers)
    return None


def _inside(sentence: str) -> str:
    """Return a sentence as it goes on behind a comma: names keep their capitals."""
    return sentence[:1].lower() + sentence[1:] if sentence.startswith(("The ", "It ")) else sentence


def of_text(tool: ToolSpec, step: ExecutedCall) -> Reply | None:
    """Return a text that a look-up made for the person, as it is; None for another value.

    Args:
        tool: The tool.
        step: The call.
    """
    (value,) = step.result.values()
    if not isinstance(value, str) or value.count(" ") < _SENTENCE or not is_of_text(tool.description):
        return None
    text = value.strip()
    return Reply(text if text[-1:] in _CLOSED else f"{text}.", (Answer(value, text),))


_SENTENCE = 2  # spaces in what is more than a name
_CLOSED = frozenset(".!?…\"')")


def of_value(things: Things, tool: ToolSpec, step: ExecutedCall) -> Reply:
    """Return what is told of a result that is one plain value."""
    name, value = next(iter(step.result.items()))
    field = tool.returns[name]
    fields = {name: field}
    costs = re.search(r"\b(?:costs?|price|how much (?:is|does) .*(?:owe|pay))\b", tool.description.lower())
    if costs is not None and not field.description:  # "What a translation costs, in EUR"
        fields = {name: msgspec.structs.replace(field, description=tool.description)}
    text = said(things.spec, name, step.result, fields) or ("yes" if value is True else "no" if value is False else "")
    if not text:
        return Reply("", ())
    given = criteria(things, tool, step) if tool.effect == "read" else {}
    if tool.effect == "write" and (value in scalars(step.call.arguments) or plain_words(name)[-1] in _STANDS):
        return Reply("", ())  # what was given is no news, nor that what was closed is closed
    if tool.effect == "write" and plain_words(name)[-1] in _MESSAGES and isinstance(value, str) and " " in value:
        return Reply("", ())  # a message that it is done
    told = (
        (_converted(given, text, step) if given else "")
        or _left(tool, given, text)
        or _that(things, tool, step, text)
        or _counted(tool, given, text)
        or _plain(tool, name, given, text)
    )
    return Reply(told, (Answer(value, text),))


def _converted(given: dict[str, str], text: str, step: ExecutedCall) -> str:
    """Tell an amount that was converted: "49.90 EUR is 42.10 GBP"."""
    codes = [value for value in step.call.arguments.values() if isinstance(value, str) and _CODE.fullmatch(value)]
    amounts = [n for n, v in step.call.arguments.items() if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(codes) == 2 and len(amounts) == 1:
        return f"{given[amounts[0]]} {codes[0]} is {text} {codes[1]}."
    return ""


def _left(tool: ToolSpec, given: dict[str, str], text: str) -> str:
    """Tell a count in the words of the question for it: "13 wheels of Goat Log are left"."""
    for template in tool.request_templates:
        match = _HOW_MANY.match(template)
        places = PLACEHOLDER.findall(template)
        if match is not None and all(name in given for name in places) and text.replace(",", "").isdigit():
            return (
                f"{'No' if text == '0' else text} {fill(match[1], given)} {'is' if text == '1' else 'are'} {match[2]}."
            )
    return ""


_HOW_MANY = re.compile(r"(?:tell me )?how many ([a-z]+s of .+?) are (available|free|in stock|left)\??$")
_MESSAGES = frozenset({"output", "response", "result", "text"})
_STANDS = frozenset({"message", "state", "status", "success"})
_CODE = re.compile(r"[A-Z]{3}")
_THAT = re.compile(r"^([A-Z][a-z]+s) that (?:the|an?|this) ([a-z]+) ([a-z]+)(.*)$")


def _that(things: Things, tool: ToolSpec, step: ExecutedCall, text: str) -> str:
    """Tell a value by its description: "Litres that the bed got in all" is "Long bed got 40 litres in all"."""
    described = tool.returns[next(iter(step.result))].description.strip().rstrip(".")
    match = _THAT.match(described)
    if match is None:
        return ""
    subject = subject_of(things, tool, step)
    label = subject[1].label if subject is not None else f"the {match[2]}"
    unit = match[1].lower()
    amount = text if unit in text else f"{text} {one_of(unit) if text == '1' else unit}"
    return _upper(f"{label} {match[3]} {amount}{match[4]}.")


def _counted(tool: ToolSpec, given: dict[str, str], text: str) -> str:
    """Tell a count: "count the available bikes of a kind" is "There are 3 available city bikes"."""
    phrase = phrase_of(tool.name, tool.description)
    number = text.replace(",", "").isdigit()
    rest = phrase.rest
    if phrase.verb != "count" and not rest.startswith("number of"):
        return ""
    words = re.sub(r"^(?:number of )?(?:the |all |your )*", "", rest)
    head = re.split(r" (?:of|in|for|at|with|by|on) ", words, maxsplit=1)[0]
    if not number or not is_plural(head.split()[-1]):
        return ""
    behind = " ".join(_attached(name, word) for name, word in given.items())
    sorts = [word for name, word in given.items() if plain_words(name)[-1] in _ADJECTIVES]
    if sorts:
        *before, last = head.split()
        head = " ".join([*before, *sorts, last])
        behind = " ".join(_attached(n, word) for n, word in given.items() if plain_words(n)[-1] not in _ADJECTIVES)
    if text == "1":
        return f"There is 1 {one_of(head)} {behind}".strip() + "."
    return f"There are {text if text != '0' else 'no'} {head} {behind}".strip() + "."


_ADJECTIVES = frozenset({"category", "cuisine", "genre", "kind", "type", "status", "state"})


def _plain(tool: ToolSpec, name: str, given: dict[str, str], text: str) -> str:
    what = " ".join([word for word in spaced(name).split() if word not in CURRENCIES] or spaced(name).split())
    phrase = phrase_of(tool.name, tool.description, reads=tool.effect == "read")
    if phrase.verb in ("sum", "total", "add"):
        rest = re.sub(r"^(?:up|of) ", "", phrase.rest)
        head = re.sub(r"^(?:all |the )*", "", re.split(r" (?:of|in|for|by|with) ", rest, maxsplit=1)[0])
        return f"The {head}{' for ' if given else ''}{' and '.join(given.values())} come to {text}."
    if question := asked_in(tool.description):
        if name in ("result", "value", "output") or re.search(r"\bcosts?\b", question):
            return _as_asked(question, text)
        given = {}  # the question has just said it
    if name in ("result", "value", "output"):
        wanted = phrase.wanted
        what = re.sub(r"^(?:the |an? )+", "", re.split(r" (?:of|in|for|at|on|from|to) ", wanted, maxsplit=1)[0])
    if len(what.split()) > 1 and what.split()[-1] in _BEHIND and what.split()[0].endswith(("ed", "ent", "en")):
        return f"It was {what} {text}."  # "sent to"
    if what in ("paid", "refunded") and text[-1:].isdigit():
        return f"{text} was {what}."
    behind = " ".join(_attached(each, word) for each, word in given.items())
    if not what or what == "result":
        return f"It comes to {text}." if text[:1].isdigit() else f"{_upper(text)}."
    return f"The {what}{' ' if behind else ''}{behind} {'are' if is_plural(what) else 'is'} {text}."


_MANY = re.compile(
    r"how many ([a-z]+(?: [a-z]+)?) (?:are|is|do|does|has|have|there)\b(?:.*\b(available|free|left|open)\b)?"
)


def _as_asked(question: str, text: str) -> str:
    """Tell a value in the words of the question that it answers: "It costs 12", "There are 3 seats left"."""
    number = text.lstrip("€$£")[:1].isdigit()
    many = _MANY.match(question)
    if number and many is not None:
        what = one_of(many[1]) if text == "1" else many[1]
        return f"There {'is' if text == '1' else 'are'} {text} {what}{f' {many[2]}' if many[2] else ''}."
    if number:
        return f"It {'costs' if re.search(r'costs?', question) else 'comes to'} {text}."
    return f"{_upper(text)}."


_BEHIND = frozenset({"at", "by", "for", "from", "in", "on", "to", "with"})


def _attached(name: str, word: str) -> str:
    number = word[:1].isdigit() and word.replace(",", "").replace(".", "").isdigit()
    told = attached(name, word, "get", number=number)
    return told.replace("with the ", "with ", 1) if told.startswith("with the ") else told


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
