"""How an argument is attached to what somebody asks for: "for Amara Okoye", "in Oslo", "with the price 250"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.participles import participle_in
from fr_envs.adapters.words.grammar.phrases import is_identifier, join_words, noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import (
    ALTERS,
    COUNTS,
    DOERS,
    ENDS,
    GROUPS,
    LASTS,
    LENGTHENS,
    LEVELS,
    MAKERS,
    MOVES,
    OVER,
    PEOPLE,
    PLACES,
    RECEIVERS,
    SEEKS,
    STARTS,
    SUMS,
    TO,
    UNITS,
    changes,
    is_doer,
    is_end,
    is_key,
    is_length,
    is_person,
    is_text,
    is_time,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ALTERS",
    "COUNTS",
    "UNITS",
    "attached",
    "changes",
    "is_end",
    "is_key",
    "is_length",
    "is_person",
    "is_text",
    "is_time",
    "joined",
    "participle",
    "with_article",
]


_DETERMINERS = words_of(
    "a an the my your this that these those all every each any some one it its their his her them what which how who "
    "whether if about for from in of on to with by up out everything nothing something anything"
)
_PARTS = {
    "begin": "begun", "book": "booked", "build": "built", "buy": "bought", "cancel": "cancelled", "find": "found",
    "get": "got", "give": "given", "hold": "held", "keep": "kept", "leave": "left", "lend": "lent", "make": "made",
    "pay": "paid", "put": "put", "read": "read", "sell": "sold", "send": "sent", "set": "set", "sow": "sown",
    "split": "split", "submit": "submitted", "take": "taken", "undo": "undone", "withdraw": "withdrawn",
    "enrol": "enrolled", "fulfil": "fulfilled",
    "let": "let", "cut": "cut", "shut": "shut", "bring": "brought", "show": "shown", "teach": "taught", "tell": "told",
    "write": "written", "run": "run", "stop": "stopped", "drop": "dropped", "tag": "tagged", "log": "logged",
    "ship": "shipped", "pin": "pinned", "transfer": "transferred", "ban": "banned", "commit": "committed",
    "break": "broken", "catch": "caught", "choose": "chosen", "deal": "dealt", "dig": "dug",
    "draw": "drawn", "drink": "drunk", "drive": "driven", "eat": "eaten", "feed": "fed", "fly": "flown",
    "freeze": "frozen", "grow": "grown", "hang": "hung", "hide": "hidden", "lay": "laid", "lead": "led", "light": "lit",
    "lose": "lost", "mow": "mown", "repay": "repaid", "ride": "ridden", "ring": "rung", "shake": "shaken",
    "shoot": "shot", "spend": "spent", "spread": "spread", "sweep": "swept", "throw": "thrown", "wake": "woken",
    "wear": "worn", "win": "won", "wind": "wound",
    "enroll": "enrolled", "refer": "referred", "star": "starred", "unpin": "unpinned", "rent": "rented",
}  # fmt: skip


def attached(name: str, place: str, verb: str, *, number: bool = False) -> str:
    """Return how an argument is said beside an order.

    Args:
        name: Its name.
        place: What stands for its value.
        verb: The order's verb, in the base form.
        number: It is a number.

    Example:
        >>> attached("borrower", "{}", "lend"), attached("unit_price", "{}", "create", number=True)
        ('to {}', 'at {}')
        >>> attached("nights", "{}", "book", number=True), attached("check_in", "{}", "book")
        ('for {} nights', 'from {}')
    """
    words = re.sub(r"^new (?=[a-z])", "", spaced(name).lower())
    if verb == "rename" and words.split()[-1] in {"name", "title"}:
        return f"to {place}"
    if changes(verb):
        return f"and set the {words} to {place}"
    if number:
        return _over(words, place) or _measured(words, place, verb)
    if words.split()[-1] == "reason":
        return f"{'because' if verb in OVER else 'for'} {place.strip(chr(34))}"
    if is_text(name) and place[:1] == '"':
        return f": {place}"
    if words == "name" and verb in _BOOKS:
        return f"under the name {place}"
    if words.endswith(" by"):
        return f"{_by(words, verb)} {place}"
    return (
        _done_at(words, place, verb)
        or _timed(words, place, verb)
        or _related(words, place, verb)
        or _beside(name, words, place)
    )


def _beside(name: str, words: str, place: str) -> str:
    """Return how an argument is said of which nothing is known but its name; a spot with its letter is where it is."""
    if place.startswith(f"{words} {{"):  # "on pitch A1"
        return f"{next((way for way, names in _SPOTS.items() if words in names), 'with')} {place}"
    return f"with {noun(name)} {place}" if is_identifier(name) else f"with the {_in_capitals(words)} {place}"


def _in_capitals(words: str) -> str:
    """Return words with what is an abbreviation in capitals: "the URL"."""
    return " ".join(word.upper() if word in _INITIALS else word for word in words.split())


def _by(words: str, verb: str) -> str:
    """Return what stands before who did what a name says: who has it booked gets it, others paid it or collect it."""
    done = words.removesuffix(" by")
    if done in {participle(verb), *_ARRANGED}:
        return "for"
    return "by" if done.endswith("ed") and words not in _PAST_BY else words


_PAST_BY = frozenset({"bought by", "brought by", "made by", "paid by", "sent by", "taken by", "written by"})
_SPOTS = {
    "at": words_of("desk gate table"), "in": words_of("bin box drawer rack room section zone"),
    "on": words_of("floor level pitch platform plot shelf track"),
}  # fmt: skip
_INITIALS = words_of("dob iban ip isbn pdf pin sku uri url vat vin")
_ARRANGED = words_of("booked hired ordered rented requested reserved")
_BOOKS = words_of("book hire order rent reserve")


def _over(words: str, place: str) -> str:
    """Return how a distance is said; empty for another number."""
    *rest, last = words.split()
    if words == "distance" or rest == ["distance"]:
        return f"over {place} {UNITS.get(last, last)}" if rest else f"over {place}"
    return ""


def _measured(words: str, place: str, verb: str) -> str:
    """Return how a number is said: with what it counts, or of what it is the measure."""
    *rest, last = words.split()
    if rest and last in UNITS:
        before = "at" if rest[-1] in SUMS else f"with {_an(' '.join(rest))} of"
        return f"{before} {place} {UNITS[last]}"
    if rest and rest[0] in {"max", "maximum", "min", "minimum"}:
        bound = f"{'at most' if rest[0].startswith('max') else 'at least'} {place}"
        return _bounded([*rest[1:], last], bound, seeks=verb in SEEKS)
    if last in _COORDINATES:
        return f"with {words} {place}"
    if words in COUNTS:
        return f", {place} of them"
    if last in _PLAINLY:
        return _PLAINLY[last].format(place)
    words = words.removeprefix("number of ").removeprefix("num ")
    last = words.split()[-1]
    if last not in LASTS and (not last.endswith("s") or last.endswith(("ss", "us", "is"))):
        return f"with {_an(words)} of {place}"
    if last in LASTS:
        return f"{'by' if verb in LENGTHENS or verb in MOVES else 'for'} {place} {words}"
    return f"with {place} {words}"


_COORDINATES = words_of("lat latitude lng lon longitude")
_PLAINLY = {
    **dict.fromkeys(SUMS, "at {}"), "amount": "of {}", "sum": "of {}", "total": "of {}",
    "floor": "on floor {}", "table": "at table {}",
    "rating": "with {}", "score": "with {}", "stars": "with {} stars",
    "minutes": "for {} minutes", "hours": "for {} hours", "duration": "for {} minutes",
}  # fmt: skip


def _bounded(words: Sequence[str], bound: str, *, seeks: bool) -> str:
    """Return how the most or least of something is said."""
    if words[-1] in SUMS and len(words) > 1:
        return f"at {_an(' '.join(words))} of {bound}"
    if words[-1] in SUMS:
        return f"for {bound}"
    if words[-1] in _BOUND_IN and len(words) > 1:
        return f"with {_an(' '.join(words[:-1]))} of {bound} {_BOUND_IN[words[-1]]}"
    if words[-1] in {"minutes", "hours", "days"}:
        return f"{'that take' if seeks else 'in'} {bound} {words[-1]}"
    return f"with {bound} {' '.join(words)}"


_BOUND_IN = {**UNITS, "kw": "kW"}


def _done_at(words: str, place: str, verb: str) -> str:
    """Return how it is said when or where something was done before: "found on {}"; empty for what is done now."""
    done = participle_in(words)
    return f"{done} {words.split()[-1]} {place}" if done and done != participle(verb) else ""


def _timed(words: str, place: str, verb: str) -> str:
    """Return how a time is said; empty for what is none."""
    last = words.split()[-1]
    if words.startswith("due") or words == "deadline":
        return f"until {place}" if verb in LENGTHENS else f"due {place}"
    if last == "time" and not words.startswith(ENDS):
        return f"at {place}"
    if last in {"zone", "timezone"} or not (is_time(words) or words in {"from", "to", "until", "since"}):
        return ""
    if words.startswith(ENDS):
        return f"on {place}" if verb in _ENDING else f"until {place}"
    if words in {"collection date", "delivery date", "pickup date"}:
        if verb in MOVES:
            return f"to {place}"
        return (
            f"for {words.split()[0]} on {place}"
            if verb in {"buy", "order", "place", "rent", "reserve"}
            else f"on {place}"
        )
    if words.startswith(STARTS):
        return f"to {place}" if verb in MOVES and "from" not in words else f"from {place}"
    return f"to {place}" if verb in MOVES or words == "to" else f"on {place}"


_ENDING = OVER | {"end", "finish", "terminate"}


def _related(words: str, place: str, verb: str) -> str:
    """Return how an argument is said whose name says what it has to do with the order; empty for others."""
    last, bare = words.split()[-1], words.removesuffix(" name").split()[-1]
    if bare in RECEIVERS or (bare in PEOPLE | PLACES and verb in TO) or words == "assigned to":
        return f"to {place}"
    before = next((each for known, each in _BEFORE if bare in known), "")
    before = before or next((way for way, names in _LEADING.items() if words.split()[0] in names), "")
    before = "for" if words == "target" or (not before and is_doer(bare)) else before
    if before:
        return f"{before} {place}"
    if words in _SORTS and verb in SEEKS:
        return f"for {place}"
    fits = (text for names, text in _FITTING if words in names or last in names - _SORTS)
    return next(fits, "").format(place, words)


_SORTS = words_of("category section department genre cuisine specialty speciality")
_BEFORE = (
    (PEOPLE | GROUPS, "for"), (DOERS, "with"), (MAKERS, "by"), (PLACES, "in"),
    (words_of("album channel donor giver lender magazine podcast series show supplier vendor"), "from"),
    (words_of("location"), "in"),
    (words_of("venue address station stop depot branch shop store"), "at"),
)  # fmt: skip
_LEADING = {"from": words_of("from source origin"), "to": words_of("to target destination")}
_FITTING = (
    (LEVELS, "with {0} {1}"),
    (_SORTS, "in the {0} {1}"), (words_of("status state"), "that are {0}"),
    (words_of("path route trail"), "along the {0}"), (words_of("level"), "at {0} level"),
    (words_of("size"), "in size {0}"),
    (words_of("voice role position"), "as a {0}"), (words_of("class"), "in {0} class"),
    (words_of("query keyword keywords search term q topic purpose occasion task job activity"), "for {0}"),
    (words_of("name title"), "called {0}"),
)  # fmt: skip


def joined(parts: Sequence[str], verb: str = "") -> str:
    """Return several attached arguments as one: those that begin alike are told in one breath, texts and reasons last.

    Example:
        >>> joined([': "late"', "with high priority", "for Ada", "because it rains"])
        'for Ada with high priority because it rains: "late"'
        >>> joined(["for 3 nights", ", 2 of them"])
        ', 2 of them for 3 nights'
        >>> joined(["at {time}"], "move"), joined(["to {day}", "at {time}"], "move")
        ('to {time}', 'to {day} at {time}')
    """
    if len(parts) == 1 and verb in MOVES:  # an hour alone is where it is moved to
        return re.sub(r"^at (?=\{)", "to ", parts[0])
    if parts[:1] and parts[0].startswith("at {") and len(parts) == _TWO and verb in MOVES and "minutes" in parts[1]:
        parts = [parts[0].replace("at ", "to ", 1), parts[1]]  # to an hour, for so long
    alike = [part.removeprefix("with ") for part in parts if part.startswith("with ")]
    set_to = [part.removeprefix("and set ") for part in parts if part.startswith("and set ")]
    texts = [part for part in parts if part.startswith(": ")]
    counts = [part for part in parts if part.startswith(", ")]
    why = [part for part in parts if part.startswith("because ")]
    parts = sorted(parts, key=lambda part: not part.startswith("of "))  # what it is a sum of stands next to it
    others = [part for part in parts if not part.startswith(("with ", "and set ", ": ", ", ", "because "))]
    told = [*others, *([f"with {join_words(alike)}"] if alike else [])]
    told += [f"and set {join_words(set_to)}"] if set_to else []
    body = " ".join([*counts, *told, *why])
    return body + "".join(texts[:1]) + "".join(f", {text[2:]}" for text in texts[1:])


_TWO = 2
_JOINT = re.compile(r" (?:at|for|from|in|of|on|with) ")


def with_article(text: str, *, known: bool = False) -> str:
    """Return a bare noun, or a few words ending in one, with the article that it lacks; other texts as they are.

    Args:
        text: What a description says after its verb.
        known: It is there already, and asked about: "the weather".

    Example:
        >>> with_article("task"), with_article("tasks", known=True), with_article("the open tasks")
        ('a task', 'the tasks', 'the open tasks')
    """
    head = _JOINT.split(text, maxsplit=1)[0]
    words = (head if known else text).split()
    plain = 0 < len(words) <= 3 and all(word.isalpha() for word in words)
    if not plain or any(word.lower() in _DETERMINERS for word in words):
        return text
    if known:
        return f"the {text}"
    plural = words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))
    return text if plural or words[-1].endswith("ing") else _an(text)


def _an(text: str) -> str:
    vowel = text[:1].lower() in "aeio" or text[:2].lower() in {"un", "up", "ur"}
    return f"{'an' if vowel and not text.lower().startswith('uni') else 'a'} {text}"


_SHORT_VERB = re.compile(r"[^aeiou]*[aeiou][bdgkmnprt]")


def participle(verb: str) -> str:
    """Return what a verb is when it is done.

    Example:
        >>> [participle(verb) for verb in ("delete", "close", "lend", "copy", "add", "plan")]
        ['deleted', 'closed', 'lent', 'copied', 'added', 'planned']
    """
    if verb in _PARTS:
        return _PARTS[verb]
    if _SHORT_VERB.fullmatch(verb):
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnpt]", verb):
        return f"{verb}{verb[-1]}ed"
    return f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}ed"
