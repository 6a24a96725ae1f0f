"""Words for looks: what people ask to see what there is, "which rooms are free in Oslo?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import GROUPS, is_doer, is_person, is_several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.adapters.words.grammar.phrases import Phrase
    from fr_envs.contract.spec import Field

__all__ = ["asked", "lists", "looked_for", "without_members"]

_LOOKS = frozenset({"browse", "display", "fetch", "find", "get", "list", "look", "query", "retrieve", "return",
                    "search", "show", "view"})  # fmt: skip
_HOLDERS = frozenset({"agenda", "basket", "calendar", "cart", "catalog", "catalogue", "inventory", "library", "list",
                      "menu", "plan", "queue", "schedule", "shop", "stock", "store", "watchlist"})  # fmt: skip
_UPON = frozenset({"agenda", "list", "menu", "plan", "schedule", "watchlist"})
_NO_NOUNS = frozenset({"all", "every", "information", "details", "something"})
_MODIFIED = re.compile(
    r"^(?:(?:all|any|the|a|an|some|every|available|existing|current|list"
    r"|listing|overview|summary|of|for)\s+)+"
)
_THAT = re.compile(
    r"^(?P<noun>[a-z ]+?) (?:that|which|who) "
    r"(?P<said>(?:still |currently |now )?(?:are|is|have|has|need|wait|can)\b.*)$"
)
_BEHIND = re.compile(
    r"^(?P<noun>[a-z'-]+(?: [a-z'-]+){0,2}?)(?P<more> (?:about|at|by|for|from|in|of|on|with|within|between)\b.*)?$"
)


_OF_WHOM = re.compile(r" (?:of|for) (?:the|a|an|your) (?:authenticated |current |logged-in )?(?:user|account)\b")


def lists(returns: Mapping[str, Field]) -> bool:
    """Return True if a result is, or has, a list of objects."""
    return any(field.array is not None and field.array.object is not None for field in returns.values())


_NUMBER_OF = re.compile(r"^(?:number|count) of ")
_TOLD_WITH = re.compile(r",? with (?:their |the )?([a-z ]+?)(?:(?:,| and) ([a-z ]+))?$")


def without_members(text: str, returns: Mapping[str, Field]) -> str:
    """Return what is listed without what a description says of its rows: "all habits with goal and streak".

    Args:
        text: What is listed.
        returns: What the tool returns.
    """
    match = _TOLD_WITH.search(text)
    rows = [field.array.object for field in returns.values() if field.array is not None and field.array.object]
    members = {spaced(name).lower() for row in rows for name in row}
    told = {_NUMBER_OF.sub("", each) for each in match.groups() if each} if match is not None else set()
    known = all(any(f"{each} ".startswith(f"{one} ") for each in members) for one in told)
    return text[: match.start()] if match is not None and known else text


def looked_for(phrase: Phrase) -> Iterator[str]:
    """Iterate over how people ask for what an order looks for; nothing where the order is of another sort.

    Args:
        phrase: What the tool does.

    Example:
        >>> from fr_envs.adapters.words.grammar.phrases import Phrase
        >>> list(looked_for(Phrase("list", "the parcels that are waiting in the depot")))
        ['which parcels are waiting in the depot?']
        >>> next(looked_for(Phrase("search", "available rooms in a city for given dates")))
        'which rooms are available in a city for given dates?'
        >>> next(looked_for(Phrase("search", "the catalogue")))
        "what's in the catalogue?"
    """
    if phrase.verb not in _LOOKS:
        return
    told = _COLUMNS.sub("", phrase.rest)
    rest = _EACH.sub(lambda each: _plural(each[1]), _ASIDE.sub("", _OF_WHOM.sub("", told.split(", ")[0])))
    text = _MODIFIED.sub("", rest)
    whatever = _WHATEVER.match(text)
    if whatever is not None:  # "everything that was handed in"
        yield f"what {whatever[1]}?"
        return
    first = text.split()[:1]
    if not first or first[0] in _NO_NOUNS:
        return
    if first[0] in {"what", "who", "which"}:
        yield f"{text}?"
        return
    yield from _by_form(text, available=re.search(r"\bavailable\b", rest) is not None)


_WHATEVER = re.compile(r"^(?:anything|everything|whatever) (?:(?:that|which) )?((?:is|was|has been|can be) [a-z].*)$")
_ASIDE = re.compile(
    r",? (?:and (?:(?:by|from|since|until) )?(?:if|whether|when|where|how|what)"
    r"|(?:and|along with|together with|with) (?:all )?(?:its|their|his|her))\b[^{}]*$"
)
_COLUMNS = re.compile(
    r" with (?!(?:a|an|the) )(?:their |its )?[a-z ]+(?:, [a-z ]+)+(?:,? and [a-z ]+)?$"
    r"|,? with [a-z ]+ (?:of|for|per) (?:each|every|all)\b[a-z ]*$"
    r"|,? with (?:the|their|its) (?:number|count) of [a-z ]+$"
)
"""What a description says of the rows of a list: "with dose, schedule and pills", "with the stock of each"."""
_EACH = re.compile(r"^(?:each|every) ([a-z]+)")


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


_DONE_BY = re.compile(
    r"^(?P<noun>[a-z ]+?) (?:that|which) (?P<who>(?:an?|the) [a-z]+) (?P<has>has|have) (?P<done>[a-z]+)$"
)
_OBJECT = re.compile(r"^(?P<noun>[a-z]+(?: [a-z]+)?s) (?:that|which) (?:the|we|you|our) [a-z ]+$")
_AT_PLACE = re.compile(r" (?:of|in|at) (?:the|this|our) [a-z]+(?: [a-z]+)?$")
_STANDS = re.compile(
    r"^(registered|booked|planned|scheduled|enrolled|closed|expired|unpaid|overdue|open|pending|active)"
    r" ([a-z]+s)\b(.*)$"
)


def _by_form(text: str, *, available: bool) -> Iterator[str]:
    """Iterate over questions for what a noun phrase says, by its form."""
    whose = _OBJECT.match(text)
    if whose is not None:  # "the pianos that the service looks after"
        yield from _shown(whose["noun"], "")
        return
    relative, behind, stands = _THAT.match(text), _BEHIND.match(text), _STANDS.match(text)
    done = _DONE_BY.match(text)
    if relative is not None:
        yield f"which {relative['noun']} {relative['said']}?"
    elif done is not None:  # "the slots that a resident has reserved"
        yield f"which {done['noun']} {done['has']} {done['who']} {done['done']}?"
    elif stands is not None:
        yield f"which {stands[2]} are {stands[1]}{_AT_PLACE.sub('', stands[3])}?"
    elif behind is not None:
        yield from _by_noun(behind["noun"], behind["more"] or "", available=available)


_OF_THE_PLACE = re.compile(r"^ (?:of|in|at) (?:the|this|our) [a-z]+(?: [a-z]+)?$")
_OF_ONE = re.compile(r"^ of ((?:an?|one|the|some) [a-z]+)$")


def _by_noun(words: str, more: str, *, available: bool) -> Iterator[str]:
    head = words.split()[-1]
    whose = _OF_ONE.match(more)
    if is_several(words) and whose is not None and _has_such(whose[1]):
        yield f"which {words} does {whose[1]} have?"
    elif is_several(words) and _OF_THE_PLACE.match(more):
        yield from _shown(words, "")
    elif is_several(words) and more.startswith(" of "):
        facts = head in _FACTS
        yield f"what are the {words}{more}?" if facts else f"which {words} are there for{more.removeprefix(' of')}?"
    elif is_several(words) and more.startswith(" in stock"):
        yield f"which {words} are{more}?"
    elif is_several(words) and available:
        yield f"which {words} are available{more}?"
    elif is_several(words):
        yield from _shown(words, more)
    elif head in _HOLDERS:
        yield f"what's {'on' if head in _UPON else 'in'} the {words}{more}?"


def _has_such(words: str) -> bool:
    last = words.split()[-1]
    return is_person(last) or is_doer(words) or last in GROUPS


_FACTS = frozenset({
    "conditions", "contents", "costs", "details", "dimensions", "features", "fees", "hours", "ingredients", "prices",
    "rates", "results", "rules", "steps", "symptoms", "terms", "times",
})  # fmt: skip


def _shown(words: str, more: str) -> Iterator[str]:
    """Iterate over how people ask to be shown things; who is asked for people, or for what was arranged, has a list."""
    head = words.split()[-1]
    if words.split()[0] in _RANKED or words.startswith("most "):
        yield from (f"what are the {words}{more}?", f"show me the {words}{more}")
        return
    if "'" in words:
        owned = words.split()[0].endswith("'s")  # "today's visits", but "the members' fees"
        yield f"show me {words}{more}" if owned else f"show me the {words}{more}"
        return
    one = "child" if head == "children" else head.removesuffix("s")
    doer = one.endswith(("child", "er", "or", "ist", "ant", "ian")) and not one.endswith(_NO_DOERS)
    if is_person(one) or doer or head in _ARRANGED:
        yield f"show me the list of {words}{more}" if not more else f"show me the {words}{more}"
        return
    yield f"which {words} are there{more}?"
    yield f"show me the {words}{more}"


_RANKED = frozenset({"first", "last", "latest", "nearest", "newest", "next", "top"})
_NO_DOERS = ("color", "door", "computer", "filter", "floor", "flower", "letter", "locker", "number", "offer", "order",
             "paper", "plant", "poster", "printer", "restaurant", "river", "scooter", "tower", "trailer")  # fmt: skip
_ARRANGED = frozenset({
    "appointments", "bookings", "hires", "jobs", "leases", "loans", "orders", "pickups", "rentals", "reservations",
    "stays", "visits",
})  # fmt: skip
_BY_ITSELF = re.compile(r"(?:the )?[a-z]+ \{\w*(?:code|no|number|reference)\}")
_CALLED = re.compile(r"\b(for|from|in|of|on) an? ([a-z]+(?: [a-z]+)? called)\b")
_ABOUT = re.compile(
    r"^(?:the )?(?:(?:full |all )?details?|information|info|data|record)(?: of| about| on| for)? (?=\{)"
)
_OWN = re.compile(r"^(\{\w+\})'s (?:record|details|info|information|profile)$")
_PEOPLE = re.compile(
    r"^(?:the )?(?:(?:full )?names? of )?(?:everybody|everyone|all (?:members|people)|all those|the people) who "
    r"((?:is|has|was) [a-z].*)$"
)
_FIGURED = re.compile(r"^(?:calculate|compute|estimate|determine|work out) (the .+)$")
_HOW_MANY = re.compile(r"^the ([a-z]+s) (left|available|taken|remaining) (?:of|for) (.+)$")
_SUMMED = re.compile(r"^(?:sum|add up|total)(?: up)? (the .+)$")
_COUNTED_AS = re.compile(
    r"^count (?:the |all )*(active|available|booked|due|free|occupied|open|overdue|pending|unpaid|unread) ([a-z]+s)"
    r"(?: of (\{(?:\w+_)?(?:category|kind|type)\}))?(.*)$"
)
_COUNTED = re.compile(r"^count (?:the |all )*([a-z]+s\b)(.*)$")


def asked(text: str, *, wanted: bool) -> Iterator[str]:
    """Iterate over how people ask for one thing.

    Args:
        text: What is wanted, or the whole order, with places for the arguments.
        wanted: It is what is wanted, without a verb.

    Example:
        >>> list(asked("the weather in {city}", wanted=True)), list(asked("sum up the costs of {trip}", wanted=False))
        (["what's the weather in {city}?"], ['what do the costs of {trip} come to?'])
        >>> next(asked("the details of {order_id}", wanted=True))
        'tell me about {order_id}'
    """
    plain = re.sub(r"^(?:the )?everything (?=in\b|on\b)", "", _OWN.sub(r"\1", _ABOUT.sub("", text)))
    plain = _CALLED.sub(r"\1 the \2", plain)
    people = _PEOPLE.match(plain) if wanted else None
    if people is not None:  # "the names of everybody who is entered in {course}"
        yield f"who {people[1]}?"
        return
    relative = _THAT.match(plain.removeprefix("the ")) if wanted else None
    if relative is not None:
        yield f"which {relative['noun']} {relative['said']}?"
        return
    if wanted and plain.startswith("{"):
        yield from (f"tell me about {plain}", f"what do you have on {plain}?")
    elif wanted and _BY_ITSELF.fullmatch(plain):  # "ticket K7QX"
        yield f"tell me about {plain}"
    elif wanted and (counted := _HOW_MANY.match(plain)):
        yield f"how many {counted[1]} does {counted[3]} have {counted[2]}?"
    elif wanted:
        head = re.split(r" (?:about|at|by|for|from|in|of|on|to|with)\b", plain, maxsplit=1)[0]
        yield f"what {'are' if is_several(head) else 'is'} {plain}?".replace("what is", "what's")
    else:
        yield _worked_out(text)


def _worked_out(text: str) -> str:
    """Return an order to work something out as a question; another order as it is."""
    if match := _FIGURED.match(text):
        return f"what's {match[1]}?"
    if match := _SUMMED.match(text):
        return f"what do {match[1]} come to?"
    if match := _COUNTED_AS.match(text):
        return f"how many {f'{match[3]} ' if match[3] else ''}{match[2]} are {match[1]}{match[4]}?"
    match = _COUNTED.match(text)
    return text if match is None else f"how many {match[1]} are there{match[2]}?"
