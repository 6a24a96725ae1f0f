"""How results are told: what was done, then what the result says beside what was given, as people would say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.attaching import ALTERS, UNITS, changes, is_end, is_time, participle
from fr_envs.adapters.words.phrases import is_identifier, noun, spaced
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import Leaf, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.adapters.words.phrases import Phrase
    from fr_envs.contract.spec import DomainSpec, ToolSpec

__all__ = ["says", "type_of"]

_MOST_SHOWN = 7  # members of the one thing that was asked about
_MOST_CHANGED = 3  # members that are told after a change
_MOST_IN_ROW = 4  # members by which a row of a list is told
_LONGEST_NOUN = 10  # words that describe a plain result


def says(tool: ToolSpec, spec: DomainSpec, phrase: Phrase) -> Iterator[str]:
    """Iterate over sentences that tell a result, each of them whole; those that tell most come first.

    Args:
        tool: The tool.
        spec: The contract.
        phrase: What the tool does.
    """
    told = [leaf for leaf in leaves(tool.returns) if _tellable(spec, leaf)]
    rows: dict[str, list[Leaf]] = {}
    for leaf in told:
        if len(leaf.path) == 3 and leaf.path[1] == "*":
            rows.setdefault(leaf.path[0], []).append(leaf)
    teller = _Teller(tool, spec, phrase)
    plain = [leaf for leaf in told if "*" not in leaf.path]
    if len(plain) == 1 and plain[0].path == ("result",) and not rows:
        yield teller.value(plain[0])
    elif tool.effect == "write":
        yield from dict.fromkeys(teller.done(some) for some in _choices(teller.news(plain)))
    elif rows:
        yield from (teller.listed(own) for own in rows.values())
    elif plain:
        worth = teller.worth(plain)
        yield from dict.fromkeys(teller.shown(some) for some in _choices(worth) if some)
    else:
        items = [leaf for leaf in told if leaf.path[-1] == "*"]
        yield from (f"Here is what I found: {{{_dotted(leaf)}}}." for leaf in items)


def _choices(found: list[Leaf]) -> tuple[list[Leaf], list[Leaf]]:
    """Return all of some members, and those that are always there."""
    return found, [leaf for leaf in found if not leaf.field.optional]


def type_of(spec: DomainSpec, leaf: Leaf) -> str:
    """Return the JSON type of a member; empty where it has several."""
    kind = field_schema(spec, leaf.field).get("type", "")
    plain = [each for each in kind if each != "null"] if isinstance(kind, list) else [kind]
    return plain[0] if len(plain) == 1 else ""


def _tellable(spec: DomainSpec, leaf: Leaf) -> bool:
    return type_of(spec, leaf) in {"string", "integer", "number"} and _name(leaf).replace("-", "_").isidentifier()


def _name(leaf: Leaf) -> str:
    return next(part for part in reversed(leaf.path) if part != "*")


def _dotted(leaf: Leaf) -> str:
    return ".".join(part for part in leaf.path if part != "*")


def _place(leaf: Leaf) -> str:
    return f"{{{_dotted(leaf)}}}"


class _Teller(NamedTuple):
    """Tells the results of one tool."""

    tool: ToolSpec
    spec: DomainSpec
    phrase: Phrase

    def news(self, plain: Sequence[Leaf]) -> list[Leaf]:
        """Return what a change has brought about that was not given: a number, what it is now, what it costs."""
        given = {*self.tool.parameters, *(p.field.kind for p in self.tool.parameters.values())}
        if changes(self.phrase.verb) or self.phrase.verb in ALTERS:
            become = [leaf for leaf in plain if _name(leaf) in given and not is_identifier(_name(leaf))]
            if become:
                return become[:_MOST_CHANGED]
        fresh = [leaf for leaf in plain if _name(leaf) not in given and (leaf.kind is None or leaf.kind not in given)]
        about = _object(self.phrase.rest).lower() or self.phrase.rest.lower()
        ids = [leaf for leaf in fresh if is_identifier(_name(leaf))]
        own = [leaf for leaf in ids if _name(leaf) == "id" or noun(_name(leaf)).lower() in about]
        others = [leaf for leaf in fresh if leaf not in ids and _weight(leaf) < _DULL]
        takes_one = any(self._is_issued(p.field.kind) for p in self.tool.parameters.values() if p.required)
        if takes_one and others and not own:  # of what was there, how it stands now is news, and the rest is not
            telling = sorted((leaf for leaf in others if _weight(leaf) <= _STANDS), key=_weight)
            if self.phrase.verb in _SAYS_STATUS:
                return self._with_currency(
                    [leaf for leaf in telling if _name(leaf).split("_")[0] not in _STATUS], plain
                )
            return self._with_currency(telling[:_MOST_CHANGED], plain) or others[:1]
        first = sorted((leaf for leaf in others if _name(leaf) != "currency"), key=_weight)
        return self._with_currency([*first[: _MOST_CHANGED - len(own[:1])], *own[:1]], plain)

    def _with_currency(self, found: list[Leaf], plain: Sequence[Leaf]) -> list[Leaf]:
        amounts = any(spaced(_name(leaf)).lower().split()[-1] in _AMOUNTS for leaf in found)
        more = [leaf for leaf in plain if _name(leaf) == "currency" and leaf not in found]
        return [*found, *more] if amounts else [leaf for leaf in found if _name(leaf) != "currency"]

    def worth(self, plain: Sequence[Leaf]) -> list[Leaf]:
        """Return what of one thing is worth telling, the names first."""
        others = [leaf for leaf in plain if not is_identifier(_name(leaf)) and not self._is_issued(leaf.kind)]
        return sorted(others or plain, key=_weight)[:_MOST_SHOWN]

    def _is_issued(self, kind: str | None) -> bool:
        return kind is not None and self.spec.kinds[kind].origin == "issued"

    def done(self, found: Sequence[Leaf]) -> str:
        """Say that a change is made, and what else is known of it now."""
        head = _done(self.phrase)
        if len(found) == 1 and changes(self.phrase.verb) and spaced(_name(found[0])).lower() in head.lower():
            return f"{head} to {_place(found[0])}."
        return f"{head}: {self._details(found)}." if found else f"{head}."

    def shown(self, found: Sequence[Leaf]) -> str:
        """Tell of one thing what is known."""
        first, *rest = found
        if _name(first) in _NAMES and rest:
            return f"{_place(first)}: {self._details(rest)}."
        if not rest:
            words = spaced(_name(first))
            return f"The {words} {'are' if _several(words) else 'is'} {_place(first)}."
        thing = self._thing()
        return f"The {thing}: {self._details(found)}." if thing else f"{_upper(self._details(found))}."

    def listed(self, own: list[Leaf]) -> str:
        """Tell the rows of a list, each by what people know it by."""
        texts = [leaf for leaf in own if type_of(self.spec, leaf) == "string"]
        spoken = [leaf for leaf in texts if not is_identifier(_name(leaf)) and not self._is_issued(leaf.kind)]
        amounts = [leaf for leaf in own if spaced(_name(leaf)).split()[-1].lower() in _AMOUNTS]
        several = sorted([*spoken, *amounts] or texts or own, key=lambda leaf: (leaf.field.optional, _in_row(leaf)))
        first, *rest = [_place(leaf) for leaf in several[:_MOST_IN_ROW]]
        beside = f" ({', '.join(rest)})" if rest else ""
        return f"Here is what I found: {first}{beside}."

    def value(self, leaf: Leaf) -> str:
        """Tell a result that is one plain value."""
        text = leaf.field.description.strip().rstrip(".")
        place = _place(leaf)
        described = 0 < len(text.split()) <= _LONGEST_NOUN and text[:1].isupper() and "\n" not in text
        told = f"{text}: {place}." if described else ""
        number = type_of(self.spec, leaf) in {"integer", "number"}
        if self.tool.effect == "write":
            return f"{_done(self.phrase)}. {told}" if told else f"{_done(self.phrase)}: {place}."
        if told:
            return told
        head = _object(self.phrase.wanted) if self.phrase.wanted else ""
        if head and number:
            return f"The {head} {'are' if _several(head) else 'is'} {place}."
        return f"That makes {place}." if number else f"Here you are: {place}."

    def _thing(self) -> str:
        own = next((p.field.kind for p in self.tool.parameters.values() if self._is_issued(p.field.kind)), None)
        words = noun(own) if own is not None else _object(self.phrase.wanted or self.phrase.rest)
        return "" if words.split()[:1] in (["details"], ["information"]) else words

    def _details(self, found: Sequence[Leaf]) -> str:
        currency = next((leaf for leaf in found if _name(leaf) == "currency"), None)
        amount = next((leaf for leaf in found if spaced(_name(leaf)).split()[-1].lower() in _AMOUNTS), None)
        parts = []
        for leaf in found:
            if leaf is currency and amount is not None:
                continue
            text = self._detail(leaf)
            parts.append(f"{text} {_place(currency)}" if leaf is amount and currency is not None else text)
        return ", ".join(parts)

    def _detail(self, leaf: Leaf) -> str:
        words, place = spaced(_name(leaf)), _place(leaf)
        lowered = words.lower()
        last = lowered.split()[-1]
        if lowered in _NAMES:
            return place
        if type_of(self.spec, leaf) in {"integer", "number"} and _several(lowered) and not is_identifier(lowered):
            return f"{place} {words}"
        if is_time(lowered) and not lowered.startswith("due"):
            return _moment(lowered, place)
        if last in UNITS and len(lowered.split()) > 1:
            return f"{' '.join(words.split()[:-1])} {place} {UNITS[last]}"
        if last in _MAKERS:
            return f"by {place}"
        if is_identifier(lowered) and last == "id":
            return (
                f"number {place}"
                if words == "id" or words.removesuffix(" id") in self.phrase.rest
                else f"{words[:-3]} {place}"
            )
        return f"{words} {place}"


_NAMES = frozenset({"name", "title"})
_MAKERS = frozenset({"artist", "author", "composer", "director"})
_AMOUNTS = frozenset({"amount", "balance", "cost", "price", "total"})
_STATUS = frozenset({"due", "state", "status"})
_SAYS_STATUS = frozenset({
    "accept", "activate", "approve", "archive", "cancel", "close", "complete", "confirm", "decline", "delete", "finish",
    "pause", "publish", "reject", "remove", "reopen", "resolve", "return",
})  # fmt: skip
"""Verbs that say themselves how a thing stands when they are done."""

_DULL = 8
_NO_NEWS = frozenset(
    {"etag", "hash", "html", "link", "message", "modified", "msg", "raw", "sha", "updated", "uri", "url", "version"}
)
_AMOUNT = 5
_STANDS = 2  # weight up to which a member says how a thing stands
_WEIGHTS = (
    {"name", "title"}, {"subject", "summary"}, {"status", "state", "due", "total", "amount", "balance"}, {"author"},
)  # fmt: skip


def _weight(leaf: Leaf) -> int:
    """Return how far behind a member is told: what names a thing first, what it is next, notes and links last."""
    words = spaced(_name(leaf)).lower().split()
    if words[-1] in _NAMES and len(words) > 1:
        return 4
    for rank, names in enumerate(_WEIGHTS):
        if words[-1] in names:
            return rank
    if words[-1] in UNITS:
        return _STANDS
    dull = words[-1] in {
        "url",
        "link",
        "hash",
        "sha",
        "version",
        "uri",
        "etag",
        "updated",
        "modified",
        "raw",
        "html",
        "message",
        "msg",
    }
    if dull or (words[-1] == "at" and words[0] in {"created", "updated", "modified"}):
        return _DULL
    return 4 + is_identifier(_name(leaf))


def _in_row(leaf: Leaf) -> int:
    """Return how far behind a member is told in a row: a state is no name."""
    last = spaced(_name(leaf)).lower().split()[-1]
    if last in _AMOUNTS or last == "currency":
        return _AMOUNT + (last == "currency")
    return _DULL - 1 if _weight(leaf) == _STANDS else _weight(leaf)


def _moment(words: str, place: str) -> str:
    last = words.split()[-1]
    if last == "at":
        return f"{words} {place}"
    if is_end(words):
        return f"until {place}"
    return f"at {place}" if last == "time" else f"on {place}" if words in {"date", "day"} else f"{words} {place}"


def _several(words: str) -> bool:
    return words.endswith("s") and not words.endswith(("is", "ss", "us"))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# ------------------------------------------------------------------------------------------------- what was done

_PARTICLES = frozenset({"away", "back", "down", "in", "off", "out", "up"})
_ARTICLES = re.compile(
    r"^(?:(?:the|an?|one|some|this|that|your|new|existing|single|given|specific|specified)\s+)+", re.I
)
_ENDS_NOUN = re.compile(r"\s+(?:to|for|from|in|on|onto|into|with|by|at|using|as|if|via|when|so|within|between)\b")


def _object(rest: str) -> str:
    """Return the noun that an order is about: "stay" of "a stay in a room"; empty where none is clear."""
    text = _ENDS_NOUN.split(rest, maxsplit=1)[0]
    text = _ARTICLES.sub("", text.partition(",")[0]).strip()
    text = re.sub(r"\b(?:an?|the|this|your|its) ", "the ", text)
    plain = bool(text) and all(word.isalpha() for word in text.split()) and len(text.split()) <= 8
    vague = {"something", "anything", "it", "and", "or", "everything", "all"} & set(text.lower().split())
    return text if plain and not vague else ""


def _done(phrase: Phrase) -> str:
    """Return that an order is carried out: "The reservation is created"."""
    first, _, behind = phrase.rest.partition(" ")
    particle = first if first.lower() in _PARTICLES else ""
    about = _object(behind if particle else phrase.rest)
    if not about or phrase.verb == "do":
        return "That is done"
    verb = participle(phrase.verb)
    return f"The {about} {'are' if _several(about) else 'is'} {verb}{f' {particle}' if particle else ''}"
