"""Phrases made of descriptions and names: what a tool does, as a person asks for it, with a place for each argument.

Nothing here knows what a text means. A description that begins with a verb is an order ("Add a stock to the
watchlist"), another one gives way to the tool's name; where the words of a parameter stand in it, the argument takes
their place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.grammar.deeds import first_deed, is_noun_phrase, without_second
from fr_envs.adapters.words.grammar.verbs import GETS, NOUNS_TOO, THINGS_TOLD, VERBS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = [
    "Phrase",
    "is_identifier",
    "is_prose",
    "join_words",
    "noun",
    "phrase_of",
    "placed",
    "shared_beginning",
    "spaced",
]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_IDENTIFIERS = frozenset(
    {
        "barcode",
        "code",
        "ean",
        "id",
        "ids",
        "identifier",
        "isbn",
        "key",
        "no",
        "number",
        "ref",
        "reference",
        "serial",
        "sku",
        "token",
        "upc",
        "uuid",
        "vin",
    }
)
_NAMELY = _IDENTIFIERS | {"name", "names", "path"}
_PROSE = frozenset({
    "body", "caption", "comment", "content", "contents", "description", "fault", "issue", "message", "note", "notes",
    "problem", "reason", "remark", "remarks", "resolution", "subject", "summary", "symptom", "symptoms", "text",
    "title",
})  # fmt: skip
"""Last words of names whose values are texts of their own, spoken in quotes."""

_DETERMINER = (
    r"(?:(?:the|a|an|your|this|that(?! an? | the )|given|specified|specific|provided|desired|certain|some|one|new"
    r"|later|earlier|single|existing|particular|individual)\s+)*"
)
_LONGEST = 110  # characters of a description that still sound like a request


class Phrase(NamedTuple):
    """What a tool does, in words.

    Attributes:
        verb: The first word, a verb: ``add``.
        rest: What follows it: ``a stock to the watchlist``; may be empty.
    """

    verb: str
    rest: str

    @property
    def wanted(self) -> str:
        """What is wanted, where the verb says no more than that it is: ``the balance``; else empty."""
        return self.rest if self.verb in GETS else ""

    @property
    def order(self) -> str:
        """The whole, as an order."""
        return f"{self.verb} {self.rest}".strip()


def spaced(name: str) -> str:
    """Return a name as words: ``fileName``, ``file_name`` and ``file-name`` are "file name".

    Example:
        >>> spaced("newBalance"), spaced("iban_2")
        ('new balance', 'iban 2')
    """
    found = _WORD.findall(name)
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in found) or name


def noun(name: str) -> str:
    """Return what a name is about, without the word that says that it is a name for it: ``order_id`` is "order"."""
    found = spaced(name).split()
    while len(found) > 1 and found[-1].lower() in _NAMELY:
        found.pop()
    return " ".join(found)


def is_identifier(name: str) -> bool:
    """Return True if a name is that of an identifier, by its last word.

    Example:
        >>> is_identifier("ticket_id"), is_identifier("title")
        (True, False)
    """
    return spaced(name).lower().split()[-1] in _IDENTIFIERS


def is_prose(name: str) -> bool:
    """Return True if a name is that of a text which can say anything, by its last word.

    Example:
        >>> is_prose("commit_message"), is_prose("message_id")
        (True, False)
    """
    return spaced(name).lower().split()[-1] in _PROSE


def join_words(several: Sequence[str]) -> str:
    """Join with commas and a final "and"."""
    return f"{', '.join(several[:-1])} and {several[-1]}" if len(several) > 1 else "".join(several)


def shared_beginning(texts: Iterable[str]) -> int:
    """Return how many characters all of some texts begin with alike, up to the end of a sentence or a colon."""
    several = list(dict.fromkeys(texts))
    if len(several) < 2:
        return 0
    first, last = min(several), max(several)
    same = next((k for k, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    common = first[:same]
    return max((match.end() for match in re.finditer(r"[.:]\s+", common)), default=0)


def phrase_of(name: str, description: str, *, reads: bool = False) -> Phrase:
    """Return what a tool does, from its description where that begins with a verb, else from its name.

    Args:
        name: Name of the tool.
        description: What its owner says of it.
        reads: It changes nothing, so that a description without a verb says what it tells.

    Example:
        >>> phrase_of("add_to_watchlist", "Adds a stock to the watchlist (if it is not there). Then more.").order
        'add a stock to the watchlist'
        >>> phrase_of("getTime", "Clock tool").order
        'get time'
        >>> phrase_of("temperature", "Current temperature of the hall in percent.", reads=True).order
        'get the current temperature of the hall in percent'
    """
    text = re.split(r"\.\s|\.$|\n|;|:\s", description.strip(), maxsplit=1)[0]
    text = re.sub(r"\s*\([^()]*\)|[`*\"{}]", "", text)
    found, named = first_deed(text).split(), spaced(name).split()
    found = _to_the_point(found, _plain_verb(named[0]))
    verb = _plain_verb(found[0]) if found else ""
    if verb in _ARRANGES and len(found) > 1 and found[1].lower() in _ASKS and len(named) > 1:
        found, verb = [], ""  # "Arrange who collects a child": its name says what is arranged
    if reads and is_noun_phrase(found):  # "Hires that are out" names no deed
        return Phrase("get", _told_by(found, named))
    orders = (verb in VERBS or verb == _plain_verb(named[0])) and not _is_noun(found, verb, reads=reads)
    if not orders and _is_order(found):
        verb, orders = _base_form(verb), True
    if len(" ".join(found)) > _LONGEST or not orders:
        named = _verb_first(named)
        verb = _plain_verb(named[0])
        if reads and (verb not in VERBS or verb in THINGS_TOLD):
            return Phrase("get", _told_by(found, named))
        return Phrase(verb, " ".join(named[1:])) if verb in VERBS else Phrase("do", f"the {' '.join(named)}")
    return Phrase(verb, " ".join(found[1:]).rstrip(" .,").replace("_", " "))


def _is_noun(words: Sequence[str], verb: str, *, reads: bool) -> bool:
    """Return True if a text begins with a noun that might be a verb elsewhere: "Total of all quotes"."""
    if len(words) < 2 or words[1].lower() in _BEFORE_NOUNS:
        return False
    return (verb in NOUNS_TOO and words[1].lower() in _OF) or (reads and (verb in THINGS_TOLD or verb not in VERBS))


_OF = frozenset({"for", "of", "per"})
_MOST_TOLD = 12  # words of what a description says is told
_FINITE = frozenset({"are", "can", "could", "do", "does", "has", "have", "is", "may", "must", "should", "was", "were",
                     "will", "would"})  # fmt: skip


def _told_by(words: Sequence[str], named: Sequence[str]) -> str:
    """Return what a tool tells, by a description that names it, else by its name, with the article that it takes."""
    plain = " ".join(words).partition(",")[0].split()
    clause = [word.lower() for word in plain]
    short = [word for word in clause if word in _FINITE] == [] or {"that", "which", "who"} & {*clause}
    if 1 < len(plain) <= _MOST_TOLD and short and clause[0] not in _FINITE and clause[0] not in _NO_ORDERS - {"all"}:
        text = " ".join([plain[0] if plain[0].isupper() else plain[0].lower(), *plain[1:]]).rstrip(" .")
    else:
        text = " ".join(named)
    return text if text.split()[0].lower() in _BEFORE_NOUNS else f"the {text}"


_ARRANGES = frozenset({
    "adjust", "arrange", "change", "choose", "decide", "define", "fix", "note", "organise", "organize", "plan",
    "record", "set", "settle", "specify", "update",
})  # fmt: skip
_ASKS = frozenset({"how", "what", "when", "where", "which", "who", "whom", "whose"})


def _verb_first(words: list[str]) -> list[str]:
    """Return the words of a name from its verb on: of "users list", "issues create comment", "controller find one"."""
    if _plain_verb(words[0]) in VERBS:
        return words
    at = next((k for k, word in enumerate(words) if k and _plain_verb(word) in VERBS), None)
    if at is None:
        return words
    before = [word for word in words[:at] if word.lower() not in {"api", "controller", "service", "v1", "v2"}]
    return [words[at], *(words[at + 1 :] or before)]


_COURTESIES = frozenset({"kindly", "please", "simply", "just", "allows", "lets", "enables", "helps", "used", "you",
                         "us", "users", "to", "the", "user", "function", "tool", "this", "method",
                         "endpoint"})  # fmt: skip


def _to_the_point(words: list[str], named: str) -> list[str]:
    """Return the words of a description from its verb on, and up to a second thing that it does for show.

    "Please retrieve and deliver the report" retrieves; "Ends a ride and returns its price" ends one; "unlocks a bike
    and starts a ride" starts one where the tool's name begins with that, else does both.
    """
    at = 0
    while at < len(words) - 1 and words[at].lower().strip(",") in _COURTESIES and not _is_verb(words[0]):
        at += 1
    words = words[at:] if at and at < len(words) and _is_verb(words[at]) else words
    if len(words) > 3 and words[1].lower() in {"and", "or", "and/or"} and (_is_verb(words[2]) or _acts(words[2])):
        words = [words[0], *words[3:]]
        words = words[:1] + (words[2:] if words[1:2] == ["of"] else words[1:])
    for k, word in enumerate(words[:-1]):
        if k > 1 and words[k - 1].lower() == "and" and _plain_verb(word) == named:
            return words[k:]
    for k, word in enumerate(words):
        if 1 < k < len(words) - 1 and words[k - 1].lower() == "and" and _is_verb(word) and word.lower().endswith("s"):
            if _plain_verb(word) in GETS:
                return words[: k - 1]
            words = [*words[:k], _plain_verb(word), *words[k + 1 :]]
    return without_second(" ".join(words), VERBS).split()


def _is_verb(word: str) -> bool:
    return _plain_verb(word) in VERBS


def _acts(word: str) -> bool:
    return word.lower().endswith(("ery", "tion", "ment", "ing"))


_BEFORE_NOUNS = frozenset({"a", "all", "an", "any", "each", "every", "its", "some", "the", "this", "your"})
_NO_ORDERS = frozenset({
    "about", "after", "all", "and", "as", "at", "before", "both", "by", "during", "each", "every", "for", "from", "if",
    "in", "into", "like", "not", "of", "on", "once", "only", "over", "per", "than", "that", "then", "this", "to",
    "under", "until", "when", "whether", "which", "while", "with", "within", "without",
})  # fmt: skip


def _is_order(words: Sequence[str]) -> bool:
    """Return True if a text begins as an order does whatever its verb is: a word, then what stands before nouns."""
    return (
        len(words) > 2 and words[0].isalpha() and words[1].lower() in _BEFORE_NOUNS
        and words[0].lower() not in _NO_ORDERS and not words[0].lower().endswith(("ing", "ly"))
    )  # fmt: skip


def _base_form(verb: str) -> str:
    """Return a verb of no list in the base form: "waters" is "water"."""
    return verb[:-1] if verb.endswith("s") and not verb.endswith(("ss", "us")) else verb


def _plain_verb(word: str) -> str:
    """Return the base form of a verb that may stand in the third person."""
    lowered = word.lower().strip(",")
    if lowered in VERBS or not lowered.endswith("s"):
        return lowered
    for ending, plain in (("ies", "y"), ("es", ""), ("s", "")):
        base = lowered.removesuffix(ending) + plain
        if lowered.endswith(ending) and base in VERBS:
            return base
    return lowered


def placed(
    text: str, places: Mapping[str, str], ways: Mapping[str, Iterable[str]], whole: Iterable[str] = ()
) -> tuple[str, list[str]]:
    """Put places for arguments where the words for them stand; return the text and the names of those left over.

    Args:
        text: The text.
        places: For each argument what is put there, such as ``{title}``.
        ways: For each argument the words to look for, the best first.
        whole: Arguments that take the place of the whole compound that their words begin: of "an expense claim".

    Example:
        >>> placed("cancel an order of a user", {"order_id": "{order_id}", "why": "{why}"}, {"order_id": ["order"]})
        ('cancel {order_id} of a user', ['why'])
    """
    pieces: list[tuple[str, bool]] = [(text, False)]
    left = []
    compounds = frozenset(whole)
    others = {word for several in ways.values() for words in several for word in words.split()}
    for name, place in places.items():
        for words in ways.get(name, ()):
            found = _placed(pieces, place, words, others if name in compounds else None)
            if found is not None:
                pieces = found
                break
        else:
            left.append(name)
    return "".join(piece for piece, _ in pieces), left


_MODIFIERS = r"(?:(?!(?:about|an?|and|as|at|by|for|from|in|of|on|or|that|the|to|which|with)\b)[a-z]+\s+){1,2}"
"""What may stand between an article and the noun of a thing: a leave request."""


def _placed(
    pieces: list[tuple[str, bool]], place: str, words: str, others: Collection[str] | None
) -> list[tuple[str, bool]] | None:
    if others is None:
        told = (
            rf"(?:(?:an?|the) [a-z]+'s )?{_DETERMINER}{re.escape(words)}(?: (?:address|code|number))?\b(?!['-]| or\b)"
        )
    else:
        told = rf"(?:(?:an?|the|your|one)\s+{_MODIFIERS}|{_DETERMINER}){re.escape(words)}\b(?!'(?!s )|-| or\b)"
    pattern = re.compile(rf"(?<!another )\b{told}", re.IGNORECASE)
    for number, (piece, taken) in enumerate(pieces):
        match = None if taken else pattern.search(piece)
        if match is not None:
            end = match.end() if others is None else _compound_end(piece, match.end(), others)
            around = [(piece[: match.start()], False), (place, True), (piece[end:], False)]
            return [*pieces[:number], *around, *pieces[number + 1 :]]
    return None


_JOINS = _NO_ORDERS | {
    "again", "away", "back",
    "an", "a", "are", "be", "been", "but", "can", "had", "has", "have", "is", "it", "its", "may", "must", "nor", "or",
    "out", "so", "the", "their", "up", "was", "were", "will",
}  # fmt: skip


def _compound_end(text: str, at: int, others: Collection[str]) -> int:
    """Return where the compound ends whose first word ends at ``at``: up to what joins phrases, or another argument."""
    rest = re.compile(r" ([a-z]+)\b(?!['-])")
    while (match := rest.match(text, at)) is not None:
        word = match[1]
        if word in _JOINS or word in others or word.endswith(("ed", "ing", "ly")):
            break
        at = match.end()
    return at
