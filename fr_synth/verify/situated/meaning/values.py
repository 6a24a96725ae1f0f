"""Values that texts of a situation tell, held to the one thing that each name stands for."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING

from fr_envs.situation.conditions import matches, resolved
from fr_synth.verify.situated.listings import lists_rows
from fr_synth.verify.situated.meaning.told import KEY, Meant, given, inside, meanings, says, things
from fr_synth.verify.situated.meaning.worked import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import ReplyWordings, Situation
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn
    from fr_synth.verify.situated.forms import Reading, Told
    from fr_synth.verify.situated.meaning.worked import Outcome

__all__ = ["Names"]


def _told_twice(reading: Reading) -> Iterator[str]:
    """Iterate over figures that a text tells of one and the same thing, and that are two."""
    told: dict[str, str] = {}
    for each in reading.told:
        figure = re.sub(r"[^\d.,-]|[.,](?!\d)", "", each.text)
        if not re.search(r"\d", figure) or (each.filters and not each.filters[-1].startswith(("money", "amount"))):
            continue
        before = told.setdefault(each.path, figure)
        if before != figure:
            yield f"{each.text!r} is told of {each.path}, and {before} as well"


_ENDS = re.compile(r"[a-z0-9][.!?] [A-Z][a-z]+ [a-z]")
_EMPTINESS = ({"empty": True}, {"empty": False})
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}


class Names:
    """What the names of a situation can still stand for, after all that was told of them so far.

    Attributes:
        evidence: The record and its replay.
        today: The world's day in the turn, in ISO form; None where it has none.
    """

    def __init__(self, evidence: Evidence, situation: Situation, turns: Iterable[PlayedTurn] = ()) -> None:
        """Begin with the cast, as far as the calls of some turns tell which things it is."""
        self.evidence = evidence
        self._known = things(evidence, situation)
        self._outcomes: dict[str, Outcome] = {}
        self._every: JsonObject = {}
        self._wrong: dict[int, str] = {}
        for turn in turns:
            if turn.taken not in ("", "-") and "correction" in turn.turn.traits:
                self._wrong[turn.number - 1] = turn.taken
            for path, values in given(evidence, turn).items():
                self._pin(path, values)
        self._new: dict[str, list[Meant]] = {}
        self._none: frozenset[str] = frozenset()
        self.today: str | None = None
        self._rules: dict[str, JsonObject] = {}
        self._work_out(situation.values)
        self._given: dict[str, list[Json]] = {}
        self._before: dict[str, list[Json]] = {}

    def begin(self, turn: PlayedTurn) -> None:
        """Come to a turn; its message speaks of what was known before it."""
        self._known.update(self._new)
        self._new = {}
        self._work_out(turn.turn.values)
        if turn.taken in self._every:  # another than before, and by the same rule
            self._work_out({turn.taken: self._every[turn.taken]})
        wrong = self._wrong.get(turn.number)
        if wrong is not None:  # what is put right in the next turn follows no rule, but is what is called with
            self._outcomes.pop(wrong, None)
            self._known.pop(wrong, None)
        self._rules = dict(turn.turn.values)
        for request in turn.turn.requests:
            self._rules.update(request.values)
        self._before = {**self._before, **self._given}
        self._given = given(self.evidence, turn)
        before = sum(call.turn < turn.number for call in self.evidence.dialogue.calls)
        day = self.evidence.today(turn.calls[0] if turn.calls else before)
        self.today = None if day is None else day.isoformat()

    def learn(self, turn: PlayedTurn) -> None:
        """Take what the turn's requests give."""
        self._new = meanings(self.evidence, turn, self.sure)
        for request in turn.turn.requests:
            self._work_out(request.values)
        self._none = frozenset(
            name
            for request in turn.turn.requests
            for name, pick in request.picks.items()
            if not self._new[name] and self._new.get(pick.rows.partition(".")[0])
        )

    def apart(self) -> Names:
        """Return the same, to be narrowed down on its own by what one text tells."""
        other = copy.copy(self)
        other._new, other._known = dict(self._new), dict(self._known)
        return other

    def asked(self) -> dict[str, list[Meant]]:
        """Return what the names that the turn brings can still stand for."""
        return self._new

    def may_be(self, path: str) -> list[Json]:
        """Return what the value at a path can be, after all that is known so far; none where nothing is known of it."""
        root, _, rest = path.partition(".")
        rule = self._rules.get(path, {})
        if "list" in rule:
            return self.may_be(str(rule["list"]))
        found = [*self._new.get(root, ()), *self._known.get(root, ())]
        values = [inside(meant.value, rest) if rest else meant.value for meant in found]
        return [value for value in values if value is not None] + self._given.get(path, [])

    def given_before(self, path: str) -> list[Json]:
        """Return what calls of earlier turns have from a path of which nothing else is known."""
        return [] if self.may_be(path) else list(self._before.get(path, ()))

    def meant(self, root: str, reading: Reading) -> list[Meant]:
        """Return what a name can still stand for, where a text tells of it what it tells."""
        told = [each for each in reading.told if each.path.partition(".")[0] == root]
        both = [*self._new.get(root, ()), *self._known.get(root, ())]
        return [one for one in both if all(self._fits(t, one, t.path.partition(".")[2], reading) for t in told)]

    def item_of(self, path: str) -> str:
        """Return the wording of each thing of the list that a phrase tells; empty where a path is no such phrase."""
        rule = self._rules.get(path, {})
        return str(rule["item"]) if "list" in rule and "item" in rule else ""

    def called_with(self, path: str) -> list[Json]:
        """Return what the turn's calls, or the one that it leaves undone, have from a path; none where none has any."""
        return list(self._given.get(path, ()))

    def _pin(self, path: str, values: Iterable[Json]) -> None:
        """Narrow down what a name stands for to what a call was made with; each call is made with one thing alone."""
        root, _, rest = path.partition(".")
        given = list(values)
        fitting = [one for one in self._known.get(root, ()) if inside(one.value, rest or KEY) in given]
        if fitting:
            self._known[root] = fitting

    def _work_out(self, rules: JsonObject) -> None:
        """Take in what rules can give, in their order."""
        for name, rule in rules.items():
            outcome = outcome_of(rule, self._surely)
            self._every[name] = rule
            self._outcomes.pop(name, None)
            self._known.pop(name, None)
            if outcome is not None:
                self._outcomes[name] = outcome
                self._known[name] = [Meant({KEY: value}, None) for value in outcome.values]

    def _surely(self, path: str) -> Json:
        value = self.sure(path)
        if value is None:
            raise LookupError(path)
        return value

    def sure(self, path: str) -> Json:
        """Return the value at a path, where all that the name can stand for have the same; None otherwise."""
        if path == "today":
            return self.today
        root, _, rest = path.partition(".")
        found = self._new.get(root) or self._known.get(root) or []
        values = [inside(one.value, rest or KEY) if rest or one.call is None else one.value for one in found]
        return values[0] if values and all(type(v) is type(values[0]) and v == values[0] for v in values) else None

    def untrue(self, reading: Reading, *, thought: bool = False) -> Iterator[str]:
        """Iterate over the places of a text that say what is true of nothing that its name can stand for.

        Args:
            reading: The text as an instance of a wording.
            thought: The text may be of what was known before the turn's calls, or after them.
        """
        yield from _told_twice(reading)
        for each in reading.told:
            yield from self._misplaced(each, reading)
            root, _, rest = each.path.partition(".")
            if not self._is_possible(each):
                yield f"{each.text!r} is not what {each.path} comes to"
            new, known = self._new.get(root), self._known.get(root)
            both = [*(new or ()), *(known or ())]
            meant = both if thought and new is not None else new if new is not None else known
            if not meant:
                continue
            fitting = [one for one in meant if self._fits(each, one, rest, reading)]
            if not fitting:
                yield f"{each.text!r} is not what {each.path} is"
            elif meant is new:
                self._new[root] = fitting
            elif meant is known:
                self._known[root] = fitting

    def _is_possible(self, told: Told) -> bool:
        """Return True if a number lies within what its rule can give."""
        outcome = self._outcomes.get(told.path)
        figure = re.sub(r"[^\d.-]|\.(?!\d)", "", told.text)
        if outcome is None or outcome.values or not re.fullmatch(r"-?\d+(?:\.\d+)?", figure):
            return True
        return outcome.low <= float(figure) <= outcome.high

    def _misplaced(self, told: Told, reading: Reading) -> Iterator[str]:
        """Iterate over what is wrong with the words in a place by themselves: rows, an argument, a currency."""
        if not self._is_listed(told, reading):
            yield f"{told.text!r} is not what the rows of {told.path} say"
        values = self._given.get(told.path, ())
        if values and not any(says(told, value, reading, self.today) for value in values):
            yield f"{told.text!r} is not the {told.path} that the call is made with"
        if _ENDS.search(told.text) and not self._stands_somewhere(told.text):
            yield f"{told.text!r} is more than the {told.path}"
        if not self._is_known_currency(told):
            yield f"{told.text!r} is in a currency of which nobody spoke"

    def _stands_somewhere(self, text: str) -> bool:
        """Return True if words of several sentences are the user's or stand in a file, and no place swallowed them."""
        messages = self.evidence.dialogue.messages
        given = (str(m.get("content", "")) for m in messages if m["role"] in ("user", "tool"))
        parts = [part for part in re.split(r"\s*\n\s*", text) if part]
        return any(all(json.dumps(p, ensure_ascii=False)[1:-1] in each or p in each for p in parts) for each in given)

    def _is_listed(self, told: Told, reading: Reading) -> bool:
        """Return True if a phrase that tells rows of a list tells them as they are."""
        rule = self._rules.get(told.path, {})
        if "list" not in rule or not told.text:
            return True
        root = str(rule["list"]).partition(".")[0]
        rows = [*self._new.get(root, ()), *self._known.get(root, ())]
        return lists_rows(rule, told, reading, rows, self.today)

    def _is_known_currency(self, told: Told) -> bool:
        """Return True if an amount is in a currency that the system's words, the user or a result name, or in none."""
        if not told.filters or not told.filters[-1].startswith("money"):
            return True
        code = _SIGNS.get(told.text.lstrip("-")[:1]) or told.text[-3:]
        if not code.isalpha():
            return True
        given = told.filters[-1].partition(":")[2]
        spoken = (str(m.get("content", "")) for m in self.evidence.dialogue.messages if m["role"] != "assistant")
        return code == given or any(code in text for text in spoken)

    def _fits(self, told: Told, meant: Meant, rest: str, reading: Reading) -> bool:
        value = inside(meant.value, rest or KEY) if rest or meant.call is None else meant.value
        if value is None or (isinstance(value, dict) and meant.call is not None and not rest):
            return value is not None
        return says(told, value, reading, self.today)

    # ------------------------------------------------------------------------------------------------- conditions

    def unfit(self, turn: PlayedTurn, choice: ReplyWordings) -> Iterator[str]:
        """Say where a reply is for another outcome: its conditions do not hold, or those of one before it do."""
        for each in turn.turn.reply:
            holds = self._holds(each)
            if each is choice:
                if holds is False:
                    yield "the reply is for another outcome"
                return
            if holds:
                yield "the reply is not for what came out"
                return

    def may_come(self, turn: PlayedTurn) -> Iterator[ReplyWordings]:
        """Iterate over the replies of a turn whose conditions can hold, and before which none is sure to come.

        Args:
            turn: The turn, which was the last one to be learnt from.
        """
        for each in turn.turn.reply:
            holds = self._holds(each)
            if holds is not False:
                yield each
            if holds:
                return

    def _holds(self, choice: ReplyWordings) -> bool | None:
        """Return whether the conditions of a reply hold; None where that cannot be told."""
        unsure = False
        for path, condition in choice.when.items():
            bare = self._lists_nothing(path) if condition in _EMPTINESS else None
            if bare is not None:
                if condition != {"empty": bare}:
                    return False
            elif not self._is_sure(path) or "$" in str(condition):
                unsure = True
            elif not matches({"": resolved(condition, self._value)}, {"": self._value(path)}):
                return False
        return None if unsure else True

    def _lists_nothing(self, path: str) -> bool | None:
        """Return whether a phrase that tells rows of a list tells none; None for others, and where that is unknown."""
        rule = self._rules.get(path, {})
        where, root = rule.get("where", {}), str(rule.get("list", "")).partition(".")[0]
        if "list" not in rule or not isinstance(where, dict) or "$" in str(where) or len(self._new.get(root, ())) != 1:
            return None
        rows = self._value(str(rule["list"]))
        return not any(matches(where, row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else None

    def _is_sure(self, path: str) -> bool:
        return path in self._none or len(self._new.get(path.partition(".")[0], ())) == 1

    def _value(self, path: str) -> Json:
        if path in self._none:
            return None  # no row meets even those of the conditions that are known
        root, _, rest = path.partition(".")
        value = self._new[root][0].value
        return inside(value, rest) if rest else value
