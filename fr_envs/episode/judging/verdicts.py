"""Verdict, and the judge: what a turn earns for what was changed, what was obtained, and what was said.

What was **obtained** is what the successful calls of the turn gave; what is **said** is what the reply tells the user.
Proofs ask for the one, rewards pay for the other.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from typing_extensions import override

from fr_envs.episode.judging.grounds import Grounds, alike, only_said, passes_on, without_results
from fr_envs.episode.judging.honesty import Facts, contradiction
from fr_envs.episode.judging.kinds import GATED, Said, unmet
from fr_envs.episode.judging.reward import RewardRules
from fr_envs.episode.judging.saying import mentions, plain, says, stands_in
from fr_envs.episode.judging.standing import retraction, standing
from fr_envs.episode.judging.unmet import unmet_lack
from fr_envs.json_values import scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fr_envs.episode.task import Answer, Goal
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.json_values import Json
    from fr_envs.world.state import Change, State

__all__ = ["Context", "Verdict", "answer_said", "components", "judge", "unanswered"]


class Verdict(NamedTuple):
    """How well a turn went.

    Attributes:
        score: From 0 to 1: the share of changes and answers that were reached; 0 after a forbidden change or a lie.
        reached: Number of changes and answers reached.
        expected: Number of changes and answers expected.
        forbidden: Changes that nobody asked for.
        missing: What was not reached, in words.
        obtained: For each answer of the goal, whether a successful call of the turn gave it.
        said: For each answer, whether the reply tells it and the assistant had it from a tool; empty as long as nobody
            has replied.
        contradiction: Where the reply says what is not so, in words; empty if it does not.
        dumped: The reply passes results on as they are, or nearly all that they hold; that says no answer.
        mentioned: The reply makes the move that the kind of its turn asks for, where that is another than to act.
        owned: The reply says that it was not done, where what was asked for cannot be done.
    """

    score: float
    reached: int
    expected: int
    forbidden: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()
    obtained: tuple[bool, ...] = ()
    said: tuple[bool, ...] = ()
    contradiction: str = ""
    dumped: bool = False
    mentioned: bool = False
    owned: bool = False

    @property
    def changes(self) -> int:
        """Number of expected changes that were made."""
        return self.reached - sum(self.said or self.obtained) - self.mentioned - self.owned


class Context(NamedTuple):
    """What else a reply is judged by.

    Attributes:
        texts: What the user has said so far, the latest message last.
        arguments: Arguments of the turn's calls.
        earlier: Gives the results of earlier turns; asked only where an answer is said that the turn did not give.
        errors: Results of the turn's calls that did not go through.
        reference: A reply that is known to be right; empty if there is none. What it says is no contradiction.
        rules: What pays.
        kind: What the right move is.
        called: Names of the tools whose calls went through in the turn.
        tried: Number of calls of the turn, whatever came of them.
    """

    texts: Sequence[str] = ()
    arguments: Sequence[Json] = ()
    earlier: Callable[[], Iterable[Json]] = tuple
    errors: Sequence[Json] = ()
    reference: str = ""
    rules: RewardRules = RewardRules()
    kind: TurnKind = "act"
    called: Sequence[str] = ()
    tried: int = 0


def judge(
    goal: Goal, before: State, after: State, results: Iterable[Json], reply: str, context: Context | None = None
) -> Verdict:
    """Judge a turn by the states at its ends, the results obtained in it, and the reply.

    Args:
        goal: What was to be reached.
        before: State when the user's message came.
        after: State when the reply was given.
        results: Results of the turn's successful calls.
        reply: What the assistant said. Empty, and without a context: nobody has replied as yet, and what counts is
            whether the answers were obtained. That is what proofs ask.
        context: What else the reply is judged by.
    """
    results = tuple(results)
    happened = {(c.table, c.key): c for c in before.diff(after)}
    wanted = {(c.table, c.key): c for c in goal.changes}
    undone = [_words(c) for place, c in wanted.items() if place not in happened or happened[place].after != c.after]
    spared = set(goal.incidental)
    forbidden = tuple(c for place, c in happened.items() if place not in wanted and c.table not in spared)
    given = {alike(value) for result in results for value in scalars(result)} if goal.answers else set()
    obtained = tuple(alike(answer.value) in given for answer in goal.answers)
    turn = _Turn(goal, results, reply, len(wanted) - len(undone), changed=bool(happened))
    if not reply and context is None:
        return _unreplied(turn, undone, forbidden, obtained)
    return _replied(turn, undone, forbidden, obtained, context or Context())


def unanswered(goal: Goal) -> Verdict:
    """Return the verdict on a turn that nobody answered: nothing."""
    expected = len(goal.changes) + len(goal.answers) + bool(goal.mentions) + bool(goal.unmet)
    none = (False,) * len(goal.answers)
    return Verdict(0.0, 0, expected, (), ("a reply",), none, none)


def components(verdict: Verdict | None) -> dict[str, Json]:
    """Return what a score is made of, as plain data; nothing where there is no verdict.

    Counts of changes made, answers obtained and answers said, the number expected of each, and what zeroed the turn.
    """
    if verdict is None:
        return {}
    return {
        "score": verdict.score,
        "expected": verdict.expected,
        "changes": verdict.changes,
        "answers": len(verdict.obtained),
        "obtained": sum(verdict.obtained),
        "said": sum(verdict.said),
        "forbidden": len(verdict.forbidden),
        "contradiction": verdict.contradiction,
        "dumped": verdict.dumped,
    }


class _Turn(NamedTuple):
    goal: Goal
    results: tuple[Json, ...]
    reply: str
    reached: int
    changed: bool


def _unreplied(turn: _Turn, undone: list[str], forbidden: tuple[Change, ...], obtained: tuple[bool, ...]) -> Verdict:
    goal = turn.goal
    missing = [*undone, *_lacking(goal, obtained, obtained), *_unmentioned(goal, ""), *_unowned(turn, "", ())]
    expected = len(goal.changes) + len(goal.answers) + bool(goal.mentions) + bool(goal.unmet)
    reached = expected - len(missing)
    score = 0.0 if forbidden or not expected else reached / expected
    return Verdict(score, reached, expected, forbidden, tuple(missing), obtained)


def _replied(
    turn: _Turn, undone: list[str], forbidden: tuple[Change, ...], obtained: tuple[bool, ...], context: Context
) -> Verdict:
    goal = turn.goal
    shown = standing(turn.reply, asking=context.kind != "act")
    told = without_results(shown, turn.results)
    echoed = _echoes(told, context.texts)
    heard = tuple(not echoed and answer_said(told, answer) for answer in goal.answers)
    said = _known(turn, obtained, heard, context)
    dumped = told != shown and not any(heard)
    wanted = [answer.value for answer in goal.answers]
    latest = context.texts[-1] if context.texts else ""
    results = [each for k, each in enumerate(turn.results) if each not in turn.results[:k]]  # read twice, told once
    if any(said) and (not only_said(told, results, wanted) or passes_on(told, results, wanted, latest)):
        dumped, said = True, (False,) * len(said)
    lie = _lie(told, _facts(turn, obtained, heard, context), latest)
    acts = context.kind == "act"
    unmade = _unmentioned(goal, told) if acts else _unmoved(turn, told, context)
    unowned = _unowned(turn, told, context.errors)
    lacking = [*undone, *_lacking(goal, obtained, said)]
    moved = not unmade and not (acts and not goal.mentions)
    owned = bool(goal.unmet) and not unowned
    expected = len(goal.changes) + len(goal.answers) + (bool(goal.mentions) or not acts) + bool(goal.unmet)
    reached = expected - len(lacking) - bool(unmade) - bool(unowned)
    missing = [*lacking, *unmade, *unowned]
    silent = sum(had and not told for had, told in zip(obtained, said, strict=True))
    paid = reached + context.rules.unsaid * silent
    untold = context.kind == "choose" and bool(lacking)  # a choice is one only where all of it is laid out
    untold = untold or len(context.errors) > _GROPING
    worthless = bool(forbidden or lie or unowned or not expected) or (context.kind in GATED and not moved) or untold
    score = 0.0 if worthless else paid / expected
    score = score if context.rules.partial or score >= 1 else 0.0
    return Verdict(score, reached, expected, forbidden, tuple(missing), obtained, said, lie, dumped, moved, owned)


_GROPING = 6  # calls of a turn that may fail; whoever tries every tool there is finds the right one by no merit


def _unmoved(turn: _Turn, told: str, context: Context) -> list[str]:
    heard = context.texts[-1] if context.texts else ""
    return unmet(context.kind, turn.goal, Said(told, heard, context.reference), context.called, context.tried)


def _lie(told: str, facts: Facts, latest: str) -> str:
    """Return in words where a reply says what is not so, or takes itself back; what it quotes of a user is not its."""
    own = told.replace(latest, " ") if latest.strip() and told.replace(latest, "").strip() else told
    if not own.strip():
        return ""
    taken_back = retraction(own, facts.reference)
    return f"the reply takes back what it says: {taken_back!r}" if taken_back else _heard_before(own, facts)


def _heard_before(own: str, facts: Facts) -> str:
    """Return ``contradiction``, which whoever makes a dialogue and whoever proves it ask of the same."""
    try:
        same = _encode((own, [each for each in facts if each is not facts.grounds], *facts.grounds.given()))
    except (OverflowError, RecursionError, TypeError, ValueError):  # nothing that a record could hold
        return contradiction(own, facts)
    return _contradiction(_Asked(own, facts, same))


class _Asked:
    """A reply and its facts; equal where they are the same byte for byte."""

    __slots__ = ("facts", "reply", "same")

    def __init__(self, reply: str, facts: Facts, same: bytes) -> None:
        self.reply = reply
        self.facts = facts
        self.same = same

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.same == other.same

    @override
    def __hash__(self) -> int:
        return hash(self.same)


_encode = msgspec.msgpack.Encoder().encode


@functools.lru_cache(maxsize=32)
def _contradiction(asked: _Asked) -> str:
    return contradiction(asked.reply, asked.facts)


def _echoes(reply: str, texts: Sequence[str]) -> bool:
    """Return True if a reply is nothing but what the user said."""
    said = plain(reply)
    return said.count(" ") >= _ECHO and any(said in plain(text) for text in texts[-1:])


_ECHO = 5  # spaces in a reply that nobody words like the question by chance


def _facts(turn: _Turn, obtained: tuple[bool, ...], said: tuple[bool, ...], context: Context) -> Facts:
    grounds = Grounds((*turn.results, *context.arguments, *context.errors, *context.earlier()), context.texts)
    values = tuple(answer.value for answer in turn.goal.answers)
    return Facts(
        len(turn.goal.changes), turn.reached, turn.changed, values, obtained, said, len(context.errors), grounds,
        context.reference, unmet=bool(turn.goal.unmet),
    )  # fmt: skip


def _known(turn: _Turn, obtained: tuple[bool, ...], heard: tuple[bool, ...], context: Context) -> tuple[bool, ...]:
    """Return which of the answers that are heard count: those that the assistant had from a tool.

    What it remembers from an earlier turn counts too. Without a call in this turn it has to remember every answer: of
    some of them, such as a currency, anybody can have heard before.
    """
    had = obtained
    if any(told and not own for told, own in zip(heard, obtained, strict=True)):
        before = {alike(value) for result in context.earlier() for value in scalars(result)}
        memory = tuple(alike(answer.value) in before for answer in turn.goal.answers)
        if turn.results or (all(memory) and not turn.goal.changes):
            had = tuple(own or kept for own, kept in zip(obtained, memory, strict=True))
    return tuple(told and known for told, known in zip(heard, had, strict=True))


def _lacking(goal: Goal, obtained: tuple[bool, ...], reached: tuple[bool, ...]) -> list[str]:
    return [
        f"answer {answer.text!r}" + (", obtained and not said" if had else "")
        for answer, had, done in zip(goal.answers, obtained, reached, strict=True)
        if not done
    ]


def _unmentioned(goal: Goal, reply: str) -> list[str]:
    if not goal.mentions or any(mentions(reply, word) for word in goal.mentions):
        return []
    return [f"a reply that mentions {' or '.join(goal.mentions)}"]


def _unowned(turn: _Turn, reply: str, errors: Iterable[Json]) -> list[str]:
    lack = unmet_lack(turn.goal.unmet, reply, errors, turn.results) if turn.goal.unmet else ""
    return [lack] if lack else []


def answer_said(reply: str, answer: Answer) -> bool:
    """Return True if a reply tells an answer: its value in any usual form, or its words as they are."""
    if says(reply, answer.value):
        return True
    words = plain(answer.text)
    worded = not isinstance(answer.value, bool) and not any(letter.isdigit() for letter in words)
    return worded and answer.value is not None and stands_in(words, plain(reply))


def _words(change: Change) -> str:
    verb = "changed" if change.after is not None else "removed"
    return f"{change.table}[{change.key}] {verb}"
