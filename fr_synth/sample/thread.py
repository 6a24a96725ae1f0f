"""One thread: what a dialogue of a world without stories goes on with, so that each turn follows from the one before.

A dialogue is about one thing and what hangs on it: somebody looks around, acts on what was shown, asks or changes one
detail, and is done. Nothing is known of such a world but the words of its tools and what its results show; so these
rules go by verbs and by the things that calls have in common.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from fr_envs.adapters.words.grammar.attaching import is_person
from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.adapters.words.grammar.vocabulary import words_of
from fr_envs.contract.spec import leaves
from fr_envs.json_values import scalars
from fr_synth.language.questions import asks_of_one, known_before, members_to_ask
from fr_synth.language.standing import rows_with
from fr_synth.sample.purpose.dealt import made, taken, thing_kinds, things
from fr_synth.sample.roles import SEEKS, Role, role_of
from fr_synth.sample.sense import Fresh, counts_such, is_senseless, listed_things, named_words
from fr_synth.sample.targets import targets_of
from fr_synth.trace.dataflow.provenance import Said
from fr_synth.trace.target import ToolTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json
    from fr_synth.language.tying import Tie
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.target import Target

__all__ = ["Role", "ends_made", "follows", "next_targets", "role_of"]

_PASSES = words_of("accept approve submit")  # what may follow on a change
_SETTLES = words_of("confirm pay publish sign")  # what may be done with a thing as soon as it is there


# ------------------------------------------------------------------------------------------------ what comes next


def next_targets(walk: Walk, drawn: Sequence[Target], left: int) -> list[Target]:
    """Return the tools at which a turn may aim, those first that go on best with what the dialogue is about.

    Args:
        walk: Where the dialogue stands before the turn.
        drawn: What the run has drawn for the turn, first choice first.
        left: Turns that are left, this one included.
    """
    tools = walk.domain.spec.tools
    names = [str(getattr(each, "tool", "")) for each in drawn]
    names = list(dict.fromkeys((*names, *(target.tool for target in targets_of(walk.domain)))))
    names = [name for name in names if name in tools and tools[name].request_templates and not tools[name].implicit]
    asked = [step for step in walk.steps if step.user_requested]
    jitter = {name: walk.rng.random() for name in names}
    jitter[names[0]] *= 1 if asked else _AS_DRAWN
    if not asked and walk.rng.random() < _LOOKED_FOR:
        for name in _leading_to(walk, names):  # what it is to be done to is looked for first
            jitter[name] *= _AS_DRAWN * walk.rng.random()
    ranked = [(_rank(walk, tools[name], asked, left), jitter[name], name) for name in names]
    if not asked and role_of(tools[names[0]]) == "work out":  # a sum may be what somebody came for
        ranked[0] = (0, 0.0, names[0])
    if not asked and ranked[0][0] == _FIRST["undo"]:  # and so may be to call something off
        ranked[0] = (0, *ranked[0][1:])
    return [ToolTarget(name) for rank, _, name in sorted(ranked, key=lambda each: each[:2]) if rank < _NEVER]


_NEVER = 9
_AS_DRAWN = 0.1  # how much further in front what was drawn for a first turn comes
_LOOKED_FOR = 0.6  # share of first turns that look for the thing to which what was drawn is to be done


def _leading_to(walk: Walk, names: Sequence[str]) -> list[str]:
    """Return the look-ups among some tools that show what the first of them takes."""
    tools = walk.domain.spec.tools
    kinds = {p.field.kind for p in tools[names[0]].parameters.values() if p.required} & thing_kinds(walk.graph)
    return [
        name for name in names[1:]
        if role_of(tools[name]) == "look" and kinds & {leaf.kind for leaf in leaves(tools[name].returns)}
    ]  # fmt: skip


_FIRST: dict[Role, int] = {"look": 0, "make": 0, "change": 0, "ask": 0, "work out": 1, "finish": 0, "undo": 1}
_AFTER: dict[Role, dict[Role, int]] = {
    "look": {"make": 0, "change": 0, "finish": 0, "ask": 1, "undo": 1, "work out": 3, "look": 4},
    "make": {"change": 0, "make": 1, "ask": 1, "look": 3, "finish": 3, "undo": 3, "work out": 3},
    "change": {"ask": 0, "change": 0, "look": 3, "make": 2, "finish": 1, "undo": 3, "work out": 3},
    "ask": {"make": 0, "change": 0, "finish": 1, "undo": 1, "ask": 3, "look": 3, "work out": 3},
    "finish": {"look": 0, "finish": 1, "make": 1, "change": 2, "ask": 1, "undo": 3, "work out": 3},
    "undo": {"make": 0, "look": 1, "finish": 1, "change": 2, "ask": 2, "undo": 2, "work out": 3},
    "work out": {"work out": 0, "look": 0, "make": 0, "change": 1, "ask": 1, "finish": 2, "undo": 3},
}


def _rank(walk: Walk, tool: ToolSpec, asked: Sequence[ExecutedCall], left: int) -> int:
    role = role_of(tool)
    if role == "plumbing":
        return _NEVER
    if not asked:
        return _FIRST[role] if _can_be_first(walk, tool) else _NEVER - 1
    if left > 1 and role == "undo" and _made(walk, asked):
        return _NEVER
    last = walk.domain.spec.tools[asked[-1].call.name]
    shown = {kind for step in asked[-2:] for kind, _ in _things(walk, step)}
    kinds = {p.field.kind for p in tool.parameters.values() if p.required} & shown
    apart = 0 if kinds or not shown else 3
    return min(_AFTER[role_of(last)].get(role, 3) + apart, _NEVER - 1) if role_of(last) in _AFTER else 3


def _can_be_first(walk: Walk, tool: ToolSpec) -> bool:
    """Return True if everything that a tool is about has a name to be called by, or can be said."""
    kinds = walk.domain.spec.kinds
    taken = [kinds[p.field.kind] for p in tool.parameters.values() if p.required and p.field.kind in kinds]
    return all(kind.references or kind.origin != "issued" for kind in taken)


# ------------------------------------------------------------------------------------------------------- the rules


def follows(
    walk: Walk, steps: Sequence[ExecutedCall], left: int, *, tie: Tie | None = None, loose: bool = False
) -> bool:
    """Return True if a turn follows from those before it.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
        left: Turns that are left, this one included.
        tie: How it goes on (``fr_synth.sample.purpose``), where that is known: it is about the same thing then, looks
            for a reason, and says otherwise only what is put right.
        loose: It may be about something else; there are worlds whose tools have nothing in common.
    """
    asked = [step for step in walk.steps if step.user_requested]
    new = [step for step in steps if step.user_requested]
    if len(new) != 1:
        return False
    (step,) = new
    if sum(mention.way == "anaphora" for mention in step.mentions.values()) > 1:
        return False  # "move the slot to the machine"
    before = [each for each in (*walk.steps, *steps) if each is not step]
    if is_senseless(walk.domain, before, step, _fresh(walk, asked)):
        return False
    rules: list[_Rule] = [_undoes, _stays, _knows]
    if tie is None:
        rules += [_repeats, _dwells, _amends, *([] if loose else [_strays])]
    elif tie.purpose != "again":
        rules.append(_repeats)
    return not any(rule(walk, asked, step, left) for rule in rules)


_Rule: TypeAlias = "Callable[[Walk, Sequence[ExecutedCall], ExecutedCall, int], bool]"


def _fresh(walk: Walk, asked: Sequence[ExecutedCall]) -> Fresh:
    """Return what the requests so far have brought about."""
    made = {value for _, value in _made(walk, asked)}
    writes = [step for step in asked if walk.domain.spec.tools[step.call.name].effect == "write"]
    makers = [step for step in writes if made & {value for _, value in _things(walk, step)}]
    about = {value for step in makers for _, value in _own(walk, step)} - made
    return Fresh(frozenset(made), frozenset(about), tuple(writes))


def _repeats(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall, _: int) -> bool:
    """Return True if a tool is asked for again, where it does not do for another thing what it did for one."""
    again = [earlier for earlier in asked if earlier.call.name == step.call.name]
    role = role_of(walk.domain.spec.tools[step.call.name])
    if role == "make" and asked and _makes_another(walk, asked, step):
        return True
    if not again:
        return False
    if role == "finish" and len(again) == 1:
        return bool(_own(walk, step) & _own(walk, again[0])) or asked[-1] is not again[0]
    if all(tool.effect == "read" for tool in walk.domain.spec.tools.values()):  # there is nothing but to ask
        return len(again) > 1 or again[-1].call == step.call
    seeks = bool(named_words(step.call.name) & SEEKS)
    return role != "work out" or seeks or len(again) > 1


def _makes_another(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if a request makes a second thing of the sort that a dialogue has just made or changed one of."""
    own = _own(walk, step)
    new = {kind for kind, _ in set(_things(walk, step)) - own} - {kind for kind, _ in own}
    writes = [each for each in asked if walk.domain.spec.tools[each.call.name].effect == "write"]
    touched = {kind for each in writes for kind, _ in _own(walk, each)} | {kind for kind, _ in _made(walk, asked)}
    return bool(new & touched)


def _strays(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall, _: int) -> bool:
    """Return True if a request has nothing to do with those before it."""
    if not asked:
        return False
    before = {thing for earlier in asked for thing in _things(walk, earlier)}
    if _own(walk, step) and _passes_by(walk, asked, step):
        return True
    if _own(walk, step):
        looks = [earlier for earlier in asked[:-1] if _looks(walk, earlier)]  # what they showed beside is forgotten
        if role_of(walk.domain.spec.tools[step.call.name]) == "finish":  # one of them may be done with at last
            looks = [look for look in looks if not _own(walk, step) & listed_things(walk.domain, look)]
        dealt = [earlier for earlier in asked if not any(earlier is look for look in looks)]
        return not _own(walk, step) & {thing for earlier in dealt for thing in _things(walk, earlier)}
    said = {value for earlier in asked for value in _said(earlier)}
    things, own = set(_things(walk, step)), set(_said(step))
    if not own and things & before:
        return False
    if walk.domain.spec.tools[step.call.name].effect == "write":
        shown = {kind for kind, _ in _things(walk, asked[-1])} if _looks(walk, asked[-1]) else set()
        return not shown & {kind for kind, _ in things} and not any(_ties(pointer) for pointer, _ in said & own)
    told = dict(said)
    if said & own:  # a look at other days than before leads elsewhere
        return any(told.get(name, text) != text for name, text in own)
    over = role_of(walk.domain.spec.tools[asked[-1].call.name]) == "finish"
    return bool(before or things) and not (over and counts_such(walk.domain, before, step))


def _passes_by(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if a request that follows a list is about none of what is listed, and of nothing dealt with before.

    Who has looked at the rentals does not go on with a machine that one of them names.
    """
    listed = listed_things(walk.domain, asked[-1]) if _looks(walk, asked[-1]) else set()
    dealt = {thing for earlier in asked[:-1] for thing in _things(walk, earlier)}
    return bool(listed) and not _own(walk, step) & (listed | dealt)


def _looks(walk: Walk, step: ExecutedCall) -> bool:
    return role_of(walk.domain.spec.tools[step.call.name]) == "look"


def _ties(pointer: str) -> bool:
    """Return True if requests that say the same under a name are about one thing: one person, place or machine."""
    words = spaced(pointer.rpartition("/")[2]).lower()
    return is_identifier(words) or is_person(words.removesuffix(" name")) or words.split()[-1] in _PLACES


_PLACES = words_of("city country destination location station town")


def _said(step: ExecutedCall) -> Iterator[tuple[str, str]]:
    """Iterate over what the person says of a request in words of their own, with the argument that it is for."""
    return ((pointer, source.text) for pointer, source in step.sources.items() if isinstance(source, Said))


def _undoes(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall, left: int) -> bool:
    """Return True if a request takes back what another one did, or goes on with what is over."""
    tools = walk.domain.spec.tools
    role, own = role_of(tools[step.call.name]), _own(walk, step)
    over = {
        thing for earlier in asked if role_of(tools[earlier.call.name]) in ("undo", "finish")
        for thing in _own(walk, earlier)
    }  # fmt: skip
    if own & over and role != "look":
        return True
    if role == "finish" and own & _made(walk, asked):
        return not named_words(step.call.name) & _SETTLES
    if left > 1 and role == "finish" and own & _changed(walk, asked):
        return not named_words(step.call.name) & (_SETTLES | _PASSES)
    dealt = {thing for each in asked if tools[each.call.name].effect == "write" for thing in _own(walk, each)}
    return role == "undo" and bool(own & (_made(walk, asked) | dealt))


def _made(walk: Walk, asked: Sequence[ExecutedCall]) -> set[tuple[str, Json]]:
    """Return the things that requests have brought about: what no call before them took or showed."""
    del asked
    return made(walk.graph, walk.steps)


def _changed(walk: Walk, asked: Sequence[ExecutedCall]) -> set[tuple[str, Json]]:
    tools = walk.domain.spec.tools
    changes = [step for step in asked if role_of(tools[step.call.name]) in ("change", "finish")]
    return {thing for step in changes for thing in _own(walk, step)}


def _amends(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall, _: int) -> bool:
    """Return True if what was just said of a thing is to be something else: nobody signs up to change plans."""
    tools = walk.domain.spec.tools
    if role_of(tools[step.call.name]) != "change" or tools[step.call.name].effect == "read":
        return False
    own, new = _own(walk, step), _spoken_of(step)
    if own & _made(walk, asked) and named_words(step.call.name) & _LATER:
        return True  # whoever has just said when does not put it off
    for earlier in asked:
        told = _spoken_of(earlier)
        same = own & set(_things(walk, earlier)) or new.items() & told.items()
        said = {name: value for name, value in new.items() if value not in {thing for _, thing in own}}
        if tools[earlier.call.name].effect == "write" and same and said and said.keys() <= told.keys():
            return any(told[name] != value for name, value in said.items())
    return False


_LATER = words_of("defer delay extend lengthen move postpone prolong renew reschedule shift shorten")


def _spoken_of(step: ExecutedCall) -> dict[str, Json]:
    """Return the arguments of a call that are said, under the names that they have where the thing is made."""
    given = step.call.arguments.items()
    return {re.sub(r"^new_", "", name): value for name, value in given if isinstance(value, str | int | float)}


def _stays(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall, _: int) -> bool:
    """Return True if something is to become what it is already, as far as was said."""
    tools = walk.domain.spec.tools
    if role_of(tools[step.call.name]) != "change":
        return False
    writes = [earlier for earlier in asked if tools[earlier.call.name].effect == "write"]
    said = {told for earlier in writes for told in _said(earlier) if _own(walk, step) & set(_things(walk, earlier))}
    return bool(said & set(_said(step)))


def _knows(walk: Walk, _: Sequence[ExecutedCall], step: ExecutedCall, __: int) -> bool:
    """Return True if a question is about what was told already."""
    spec = walk.domain.spec
    tool = spec.tools[step.call.name]
    if asks_of_one(spec, step):
        return not members_to_ask(spec, step, walk.steps)
    if tool.effect == "read":
        return not any(value not in known_before(walk.steps) for value in scalars(step.result))
    return False


def _dwells(walk: Walk, asked: Sequence[ExecutedCall], step: ExecutedCall, _: int) -> bool:
    """Return True for a third look or question in a row, and for a look at what was just asked about or made alone."""
    tools = walk.domain.spec.tools
    reads = [tools[earlier.call.name].effect == "read" for earlier in asked[-2:]]
    if tools[step.call.name].effect != "read":
        return False
    if len(reads) == 2 and all(reads):
        return any(tool.effect == "write" for tool in tools.values())
    rows = [value for value in step.result.values() if isinstance(value, list)]
    if asked and rows and max(map(len, rows)) < 2:
        return True
    wrote = bool(asked) and tools[asked[-1].call.name].effect == "write"
    if not wrote or not rows or _own(walk, step):
        return False
    if len(asked) > 1:
        return True  # whoever has done what they came for does not look around
    subject = _made(walk, asked) & set(_things(walk, asked[-1])) or _own(walk, asked[-1])
    return not any(rows_with(step, value) for _, value in subject)  # a list of other things than was spoken of


def ends_made(walk: Walk, steps: Sequence[ExecutedCall], first: int) -> Literal["", "undo", "finish", "change"]:
    """Return whether a turn takes back, is done with, or changes what the dialogue has made; empty for neither.

    Args:
        walk: Where the dialogue stands.
        steps: The turn's calls.
        first: Number of the first of them.
    """
    before = [step for step in walk.steps[:first] if step.user_requested]
    made = _made(walk, before)
    for step in steps:
        role = role_of(walk.domain.spec.tools[step.call.name]) if step.user_requested else "look"
        if role in ("undo", "finish", "change") and _own(walk, step) & made:
            return "undo" if role == "undo" else "finish" if role == "finish" else "change"
        if role == "finish" and _own(walk, step) & _changed(walk, before):
            return "finish"
    return ""


# ---------------------------------------------------------------------------------------------------------- things


def _taken(walk: Walk, step: ExecutedCall) -> Iterator[tuple[str, Json]]:
    return iter(taken(walk.graph, step))


def _things(walk: Walk, step: ExecutedCall) -> Iterator[tuple[str, Json]]:
    """Iterate over (kind, value) of the things that a call takes or gives."""
    return iter(things(walk.graph, step))


def _own(walk: Walk, step: ExecutedCall) -> set[tuple[str, Json]]:
    return set(_taken(walk, step))
