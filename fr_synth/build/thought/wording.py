"""Words for what a thought speaks of: calls, values, members, sources, rules; and frames filled with them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.json_values import last_of, member_of
from fr_envs.streams import pick
from fr_synth.language.verbalise import fill, join_words, singular, unrepeated, verbalise
from fr_synth.verify.claims.parsing.wordsets import word_set

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import Json

__all__ = [
    "SHORT",
    "as_noun",
    "clause",
    "conditions",
    "doing",
    "expand",
    "filled",
    "in_short",
    "number_word",
    "paraphrase",
    "sentences",
    "source_of",
    "their",
    "thing",
    "things_in",
]

SHORT = 60
"""Most characters of a value that a thought repeats; nobody thinks a whole file."""


def filled(frames: Sequence[str], words: Mapping[str, str], rng: np.random.Generator) -> str:
    """Return one of the frames of which every place has words, as a sentence; empty where there is none.

    A place that begins with a capital (``{Words}``) takes the same words with a capital.

    Args:
        frames: The frames of a move.
        words: The words by place, lower case; an empty text counts as none.
        rng: Chooses.
    """
    known = {name: text for name, text in words.items() if text}
    usable = [each for each in frames if all(name.lower() in known for name in PLACEHOLDER.findall(each))]
    if not usable:
        return ""
    frame = expand(pick(rng, usable), rng)
    text = PLACEHOLDER.sub(lambda place: _placed(place[1], known), frame).strip()
    begins = frame[:1] != "{" or (frame[1:2].isupper() and "_" not in text.split(" ")[0])
    text = unrepeated(text[:1].upper() + text[1:] if begins else text)
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _placed(name: str, known: Mapping[str, str]) -> str:
    text = known[name.lower()]
    return text[:1].upper() + text[1:] if name[:1].isupper() and "_" not in text.split(" ")[0] else text


def expand(frame: str, rng: np.random.Generator) -> str:
    """Take one option of each choice; choices may be nested."""
    while True:
        chosen = _CHOICE.sub(lambda match: pick(rng, match[1].split("|")), frame)
        if chosen == frame:
            return chosen
        frame = chosen


_CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")


def sentences(text: str) -> list[str]:
    """Split a thought into its sentences."""
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z\"])", text) if part]


# --------------------------------------------------------------------------------------------------- calls and things


def doing(tool: ToolSpec) -> str:
    """Return what a tool does as an order in lower case ("move a planned payment"), from its description."""
    return _doing(tool.name, tool.description, reads=tool.effect == "read")


@functools.lru_cache(maxsize=4096)
def _doing(name: str, description: str, *, reads: bool) -> str:
    first = re.split(r"(?<=[a-z)])[.;:](?:\s|$)", description, maxsplit=1)[0]
    for cut in _CUTS:
        head = cut.split(first, maxsplit=1)[0]
        if head.count(" ") >= _LEAST:
            first = head
    words = _counted_out(first.strip().rstrip(".")).split(" ")
    if not words[0].isalpha() or len(words) > _MOST or re.search(r"[A-Z]+\d", first):
        return f"use {name.replace('_', ' ')}"
    verb = words[0].lower() if words[0][1:].islower() else words[0]
    return " ".join([_VERBS.get(verb, verb) if reads else verb, *words[1:]])


_CUTS = (re.compile(r" with (?=[a-z]+,)"), re.compile(r", (?!or\b)"), re.compile(r" \("))
_LEAST, _MOST = 2, 16
_VERBS = {"return": "look up", "tell": "find out"}


def _counted_out(text: str) -> str:
    """Return a description without its counts, which a reader would take for a count of what there is."""
    plain = re.sub(r"\bone (?=[aeiou])", "an ", text)
    return _COUNTS.sub("", re.sub(r"\bone (?=[a-z])", "a ", plain))


_COUNTS = re.compile(r"\b(?:up to )?(?:zero|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:of )?(?=[a-z])")


def source_of(tool: ToolSpec) -> str:
    """Return words for where a look-up takes its answer from: "the list of payees"; the tool's name else."""
    verb, _, rest = tool.name.partition("_")
    if verb == "list" and rest:
        return f"the list of {rest.replace('_', ' ')}"
    said = _SPACED.sub(" ", tool.name).replace("_", " ").lower()
    lists = any(field.array is not None for field in tool.returns.values()) and tool.effect == "read"
    plural = said.endswith("s") and not said.endswith(("ss", "us", "is"))
    return f"the list of {_LOOKS.sub('', said)}" if lists and plural and " " in said else tool.name


_SPACED = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LOOKS = re.compile(r"^(?:browse|fetch|find|get|list|query|read|search|show|view) (?:all |for )?")


def thing(pointer: str) -> str:
    """Return what an argument is, in words: "account" for ``/account_id``."""
    last = last_of(pointer)
    return (member_of(pointer) if last.isdigit() else last).removesuffix("_id").replace("_", " ")


def things_in(member: str) -> str:
    """Return what the list under a member of a result holds, in words: "tickets"; "entries" where it says nothing."""
    return "entries" if member in _SAYS_NOTHING else member.replace("_", " ")


_SAYS_NOTHING = frozenset({"content", "data", "items", "list", "records", "response", "result", "results", "rows"})


def clause(text: str) -> str:
    """Return a sentence as a part of another one: no capital, no full stop, nothing in brackets."""
    plain = re.sub(r"\s*\([^()]*\)", "", text).strip().rstrip(".")
    return plain if plain[1:2].isupper() else plain[:1].lower() + plain[1:]


def their(text: str) -> str:
    """Return the user's words as somebody else says them: "my savings account" -> "their savings account"."""
    return _OWN.sub(lambda match: _THEIRS[match[0].lower()], text)


_THEIRS = {"my": "their", "our": "their", "i": "they", "i've": "they've", "i'm": "they're", "me": "them"}
_OWN = re.compile(r"\b(?:I've|I'm|I|my|our|me)\b(?!['’.])")


def in_short(spec: DomainSpec, value: Json, kind: str | None) -> str:
    """Return a value in words, empty where it is too long to be repeated or nothing to speak of."""
    if isinstance(value, bool | dict | list) or value is None or value == "":
        return ""
    form = spec.kinds.get(kind or "")
    text = verbalise(value, None if form is not None and form.format == "quoted" else form)
    return "" if len(text) > SHORT or "\n" in text or text != text.strip() else text


def as_noun(name: str, shown: str, value: Json) -> str:
    """Return a member and its value as a noun with what goes with it: "an instalment of 109.88", "5 files"."""
    last = name.rpartition(" ")[2]
    if last in _LITTLE:
        return f"{name} {shown}"
    if last.endswith("ed") or name.startswith("to be "):
        return f"{shown} {name}"
    plural = name.endswith("s") and not name.endswith(("ss", "us"))
    if isinstance(value, int) and plural:
        return singular(f"{shown} {name}") if value == 1 else f"{shown} {name}"
    if isinstance(value, int | float):
        article = "" if plural else "an " if name[:1] in "aeiou" else "a "
        return f"{article}{name} of {shown}"
    return f"the {name} {shown}"


_LITTLE = word_set("on from until to by at before after since of in")


def number_word(number: int) -> str:
    """Return a count as people write it: in letters up to twelve."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def conditions(spec: DomainSpec, by: Mapping[str, Json], kinds: Mapping[str, str]) -> str:
    """Return members and their values in words, "the nickname Giro and the currency EUR"; empty if some has none."""
    parts = []
    for name, value in by.items():
        shown = in_short(spec, value, kinds.get(name))
        if not shown:
            return ""
        plain = name.removesuffix("_id").replace("_", " ")
        counted = isinstance(value, int) and plain.endswith("s")
        parts.append(f"{shown} {plain}" if counted else f"the {plain} {shown}")
    return join_words(parts)


def paraphrase(tool: ToolSpec, words: Mapping[str, str], rng: np.random.Generator) -> str:
    """Return a call as an order with its values, in a phrase of the contract without "I" and "my"; empty if none fits.

    Args:
        tool: The tool.
        words: Words for its arguments.
        rng: Chooses among the phrases.
    """
    fitting = [
        each
        for each in tool.request_templates
        if each[:1].islower()
        and each.split(" ", 1)[0] in _ORDERS | {tool.name.split("_")[0]}
        and not _OWN.search(each)
        and not re.search(
            r"[A-Z0-9]|\bfrom \{|\bbelow\b|\babove\b|\bclosest\b|\bnearest\b|\blimit\b|\bfailed\b|\brefused\b",
            PLACEHOLDER.sub("{", each),
        )
        and not each.endswith("?")
        and all(name in words for name in PLACEHOLDER.findall(each))
    ]
    return their(unrepeated(fill(pick(rng, fitting), dict(words)))) if fitting else ""


_ORDERS = word_set(
    "move put transfer pay send set change cancel close open add remove delete rename book hold release insure buy "
    "hire rent extend take give make write append replace split copy show list find search look count compare pack "
    "unpack create check sort cut stop pause freeze block raise lower repay exchange swap report order activate "
    "schedule plan drop end limit file claim withdraw sign save forget draw compute tell upgrade lift choose join "
    "leave get see read print"
)
