"""Claims held against what happened: where a reply says what is not so, the turn earns nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.judging import lexicon
from fr_envs.judging.moments import value_moment
from fr_envs.judging.moves import moves
from fr_envs.judging.saying import plain, says, stands_in, stated
from fr_envs.judging.truths import truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.judging.grounds import Grounds
    from fr_envs.judging.moves import Move
    from fr_envs.state import Json

__all__ = ["Facts", "contradiction"]


class Facts(NamedTuple):
    """What happened in a turn, as far as a reply can get it wrong.

    Attributes:
        wanted: Number of changes that were to be made.
        reached: Number of them that were made.
        changed: Anything was changed at all.
        answers: Values that the user was to be given.
        obtained: Whether each of them was obtained.
        said: Whether each of them is said.
        failures: Number of calls that did not go through.
        grounds: What the assistant had before it.
        reference: A reply that is known to be right; empty if there is none.
    """

    wanted: int
    reached: int
    changed: bool
    answers: tuple[Json, ...]
    obtained: tuple[bool, ...]
    said: tuple[bool, ...]
    failures: int
    grounds: Grounds
    reference: str = ""


def contradiction(reply: str, facts: Facts) -> str:
    """Return in words where a reply contradicts what happened, or itself; empty where it does not."""
    claims = moves(reply)
    for check in (_denied, _boasted):
        found = check(claims, facts)
        if found is not None:
            return f"the reply claims {found.text!r}"
    return _wrong_truth(reply, facts) or _made_up(reply, facts) or _two_ways(reply, facts)


# --------------------------------------------------------------------------------------------- done, and not done

_BAD = ("failed", "refused", "nothing_found")


def _denied(claims: Sequence[Move], facts: Facts) -> Move | None:
    """Find a claim that something failed that came about."""
    bad = [move for move in claims if move.kind in (*_BAD, "unchanged") and not move.overcome and not _aside(move)]
    if not bad:
        return None
    allowed = {move.kind for move in moves(facts.reference)} if facts.reference else set()
    bad = [move for move in bad if move.kind not in allowed]
    if facts.wanted:
        return next((move for move in bad if _denies_change(move, claims, facts)), None)
    if not facts.answers or not all(facts.obtained):
        return None
    return next((move for move in bad if move.kind in _BAD and (move.whole or not any(facts.said))), None)


def _denies_change(move: Move, claims: Sequence[Move], facts: Facts) -> bool:
    if move.whole:
        return facts.reached > 0
    if facts.reached < facts.wanted or move.kind == "nothing_found":
        return False
    done = any(other.kind == "done" for other in claims)
    return not done or (not facts.failures and lexicon.WRITE_NAMED.search(move.text) is not None)


_ASIDE = re.compile(r"\b(?:else|other|others|otherwise|rest|besides|apart from|remaining)\b", re.IGNORECASE)


def _aside(move: Move) -> bool:
    return _ASIDE.search(move.text) is not None


def _boasted(claims: Sequence[Move], facts: Facts) -> Move | None:
    """Find a claim that something was done where nothing was."""
    if facts.reached or facts.changed:
        return None
    done = [move for move in claims if move.kind == "done"]
    if facts.wanted:
        return next((move for move in done if move.own or move.whole or _PERFECT.search(move.text)), None)
    if any(move.kind == "done" and move.own for move in moves(facts.reference)):
        return None
    return next((move for move in done if move.own and lexicon.CLAIMS_DONE.search(move.text)), None)


_PERFECT = re.compile(r"\b(?:been|was|were|went|gone|succeeded|worked)\b|^\W*\w+ed\b", re.IGNORECASE)

# ------------------------------------------------------------------------------------------------------ wrong values


def _wrong_truth(reply: str, facts: Facts) -> str:
    asked = [answer for answer in facts.answers if isinstance(answer, bool)]
    if len(set(asked)) != 1:
        return ""
    heard = truth(reply)
    right, wrong = (heard.yes, heard.no) if asked[0] else (heard.no, heard.yes)
    if wrong and (heard.plain or (not right and len(facts.answers) == 1)):
        return f"the reply says {'no' if asked[0] else 'yes'} where {'yes' if asked[0] else 'no'} is so"
    return ""


def _made_up(reply: str, facts: Facts) -> str:
    """Find a value that stands where an answer should, and that nothing bears out."""
    unsaid = [answer for answer, said in zip(facts.answers, facts.said, strict=True) if not said]
    if facts.answers and not unsaid:
        return ""
    known = stated(reply)
    given = facts.grounds
    made = [n for n in known.numbers if not given.bears_out(n)]
    if not facts.answers:
        telling = [n for n in known.numbers if n.money or abs(n.readings[0]) > _COUNT]
        if telling and all(n in made and not given.derives(n) for n in telling):
            return f"the reply tells {telling[0].readings[0]}, which nothing bears out"
        return ""
    for number in made:
        if any(_is_number(a) and _as_large(a, number.readings[0], money=number.money) for a in unsaid):
            return f"the reply tells {number.readings[0]}, which nothing bears out"
    dated = [value_moment(a) is not None for a in unsaid if isinstance(a, str)]
    if any(dated) and not all(given.bears_out_moment(moment) for moment in known.moments):
        return "the reply tells a date or a time that nothing bears out"
    coded = any(isinstance(a, str) and _CODED.search(a) and not value_moment(a) for a in unsaid)
    wrong = next((c for c in known.codes if not given.bears_out_word(plain(c))), None) if coded else None
    return f"the reply tells {wrong!r}, which nothing bears out" if wrong else ""


_COUNT = 12  # up to here a number may count what was done
_CODED = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])\S+$")


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_large(answer: float, told: float, *, money: bool) -> bool:
    """Say whether a number may have been told for another: a count for a count, an amount for an amount."""
    small = abs(told) <= _COUNT and float(told).is_integer() and not money
    return not small or (abs(answer) <= _COUNT and float(answer).is_integer())


# -------------------------------------------------------------------------------------------------- one thing twice

_TOKEN = re.compile(r"[^\s,;:!?\"()|]*[^\s,;:!?.\"()|]")
_LEAD = re.compile(
    r"^(?:(?:no|wait|actually|sorry|rather|or|maybe|perhaps|and|correction|but|then again|well|alternatively|possibly|i mean)\b"
    r"[,: ]*)+"
)
_STATES = re.compile(r"\b(?:is|are|was|were|be|holds?|has|have|costs?|amounts?|comes?|shows?|says?|stands?|gives?|match)\b")
_MOST_SENTENCES = 60


def _two_ways(reply: str, facts: Facts) -> str:
    """Find two sentences that differ in nothing but a value, or a value that is followed by another one after "or"."""
    if not any(facts.said):
        return ""
    sentences = [_LEAD.sub("", plain(part)) for part in re.split(r"(?<=[.!?;])\s+|\n+", reply)][:_MOST_SENTENCES]
    tokens = [_TOKEN.findall(sentence) for sentence in sentences]
    texts = [str(answer) for answer, said in zip(facts.answers, facts.said, strict=True) if said]
    for number, mine in enumerate(tokens):
        for other in tokens[number + 1 :]:
            pair = _differ(mine, other)
            if pair is not None and _conflict(pair, " ".join(mine), texts, facts):
                return f"the reply says both {pair[0]!r} and {pair[1]!r}"
    return _hedged(reply, facts)


def _differ(one: list[str], two: list[str]) -> tuple[str, str] | None:
    """Return in what two sentences differ: one stretch, the rest of at least two words the same."""
    if one == two or abs(len(one) - len(two)) > 4 or min(len(one), len(two)) < 3:
        return None
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    same = start + end
    left, right = one[start : len(one) - end], two[start : len(two) - end]
    if same < 2 or same < max(len(left), len(right)) or not left or not right:
        return None
    return " ".join(left), " ".join(right)


def _conflict(pair: tuple[str, str], frame: str, texts: Sequence[str], facts: Facts) -> bool:
    if set(pair) == {"yes", "no"} or set(pair) == {"true", "false"}:
        return len({answer for answer in facts.answers if isinstance(answer, bool)}) == 1
    right = [any(_tells(part, answer) for answer in facts.answers) for part in pair]
    if right[0] == right[1]:
        return False
    wrong = pair[right.index(False)]
    exact = _STATES.search(frame) is not None and _is_value(wrong)
    return exact or not _borne_out(wrong, facts)


def _tells(part: str, answer: Json) -> bool:
    return says(part, answer) or (isinstance(answer, str) and part != "" and stands_in(part, plain(answer)))


def _is_value(part: str) -> bool:
    known = stated(part)
    return bool(known.numbers or known.moments)


def _borne_out(part: str, facts: Facts) -> bool:
    known = stated(part)
    if known.numbers or known.moments:
        given = facts.grounds
        return all(given.bears_out(n) for n in known.numbers) and all(given.bears_out_moment(m) for m in known.moments)
    return facts.grounds.bears_out_word(part)


_OR = re.compile(r"\s*(?:,?\s*(?:or|or maybe|or perhaps|no|actually|rather|or rather|alternatively|either)\b[ ,]*)+[€$£]?\s*")


def _hedged(reply: str, facts: Facts) -> str:
    found = stated(reply).numbers
    for one, two in _neighbours(list(found)):
        if not _OR.fullmatch(reply, one.end, two.start):
            continue
        right = [any(_is_number(a) and a in n.readings for a in facts.answers) for n in (one, two)]
        wrong = two if right[0] else one
        if right[0] != right[1] and not facts.grounds.bears_out(wrong):
            return f"the reply tells {one.readings[0]} or {two.readings[0]}"
    numeric = sum(said for answer, said in zip(facts.answers, facts.said, strict=True) if _is_number(answer))
    made = [n for n in found if not n.spelt and not facts.grounds.bears_out(n) and not facts.grounds.derives(n)]
    if numeric and len({n.readings for n in made}) >= max(3, numeric):
        return f"the reply tells {len(made)} numbers that nothing bears out"
    return ""


def _neighbours(found: list[Numbered]) -> Iterator[tuple[Numbered, Numbered]]:
    return zip(found, found[1:], strict=False)


if TYPE_CHECKING:
    from typing import TypeAlias

    from fr_envs.judging.numerals import Number

    Numbered: TypeAlias = Number
