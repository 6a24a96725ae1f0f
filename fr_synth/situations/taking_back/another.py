"""What somebody says in place of a value: what it is misread for, or what they may want instead."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.schemas import field_schema
from fr_envs.streams import pick
from fr_synth.language.taking_back import REASONS, is_day
from fr_synth.situations.rules import work_out
from fr_synth.situations.scope import Worked

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Situation, SituationTurn
    from fr_synth.language.taking_back import Reason
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.mishaps.plan import Shares
    from fr_synth.situations.scope import Scope

__all__ = ["draw_reasons", "is_weighed", "misread", "spared", "stays_on_its_side", "wanted_instead"]

_TAKEN: Mapping[Reason, float] = {"correction": 0.04, "change_of_mind": 0.035}
"""Share of turns that give the occasion for either, measured over 300 dialogues with each at 1."""
_TRIES = 6
_SHORT = 2  # figures of a number in which none are swapped unnoticed
_MADE_UP = frozenset({"raise", "lower", "between", "pick", "days_after"})  # rules whose values people choose themselves


def draw_reasons(rng: np.random.Generator, shares: Shares, *, answers: bool) -> tuple[Reason, ...]:
    """Draw for which reasons what a turn asks for may be taken back, the first that gives an occasion.

    Args:
        rng: Source of the choice; as many draws are made whatever comes out.
        shares: How often what is to come up.
        answers: The turn answers a question; only there people think better of what they want.
    """
    drawn = dict(zip(REASONS, map(float, rng.random(len(REASONS))), strict=True))
    fitting = (each for each in REASONS[::-1] if answers or each == "correction")
    return tuple(each for each in fitting if drawn[each] < getattr(shares, each) / _TAKEN[each])


def spared(situation: Situation, shares: Shares) -> Situation:
    """Return a situation without the turns that it can do without and that have a trait nobody asks for.

    Args:
        situation: The situation.
        shares: How often what is to come up; a trait with a share of 0 is not to.
    """
    none = {reason for reason in REASONS if not getattr(shares, reason)}

    def kept(turns: tuple[SituationTurn, ...]) -> tuple[SituationTurn, ...]:
        staying = [each for each in turns if each.chance == 1 or none.isdisjoint(each.traits)]
        return tuple(msgspec.structs.replace(each, then=kept(each.then)) if each.then else each for each in staying)

    return msgspec.structs.replace(situation, turns=kept(situation.turns)) if none else situation


def misread(value: Json, rng: np.random.Generator) -> Json:
    """Return what a number or a day is easily mistaken for; None for all else.

    The last two figures of a number are swapped, noughts at its end aside; of a shorter one, the last is the next one.
    A day is taken for a neighbouring one.
    """
    if isinstance(value, str):
        moved = pick(rng, (1, 1, 2))
        return (
            (datetime.date.fromisoformat(value) + datetime.timedelta(days=moved)).isoformat() if is_day(value) else None
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
        return None
    figures = f"{value:.2f}" if isinstance(value, float) else str(value)
    head = len(figures.partition(".")[0].rstrip("0"))
    if head > _SHORT and figures[head - 2] != figures[head - 1]:
        wrong = f"{figures[: head - 2]}{figures[head - 1]}{figures[head - 2]}{figures[head:]}"
    else:
        wrong = f"{figures[: head - 1]}{int(figures[head - 1]) % 9 + 1}{figures[head:]}"
    return float(wrong) if isinstance(value, float) else int(wrong)


def is_weighed(spec: DomainSpec, tool: str, argument: str, value: Json) -> bool:
    """Return True if a value is a day, or an amount of something: what people get wrong, and think better of.

    A count (lines of a log, nights, months) they know without looking, and a name they do not give up for no reason.

    Args:
        spec: The world's contract.
        tool: The tool.
        argument: Its argument.
        value: What is given for it.
    """
    parameter = spec.tools[tool].parameters.get(argument)
    counted = parameter is None or field_schema(spec, parameter.field).get("type") == "integer"
    return is_day(value) or (not counted and isinstance(value, int | float) and not isinstance(value, bool))


def wanted_instead(name: str, rules: Mapping[str, JsonObject], scope: Scope, walk: Walk) -> Worked | None:
    """Return another value by the same rule; None where people do not choose it, or nothing else fits.

    Args:
        name: Name of the value.
        rules: How the values of the situation are worked out, by name.
        scope: What can be spoken of.
        walk: Where the dialogue stands.
    """
    thing, rule = scope.names.get(name), rules.get(name, {})
    if not isinstance(thing, Worked) or not _MADE_UP & rule.keys():
        return None
    for _ in range(_TRIES):
        other = work_out(rule, scope, walk)
        if other is not None and other.value != thing.value and type(other.value) is type(thing.value):
            return other
    return None


def stays_on_its_side(value: Json, rule: JsonObject, scope: Scope) -> bool:
    """Return True unless a value follows from another one, or is to be more or less than it and is not.

    Args:
        value: The value.
        rule: How the right one was worked out.
        scope: What can be spoken of.
    """
    for name, sign in (("raise", 1), ("lower", -1)):
        base = scope.get(str(rule[name])) if name in rule else None
        if isinstance(base, int | float) and isinstance(value, int | float) and sign * (value - base) <= 0:
            return False
    low, high = rule.get("days", (0, 1))
    return bool(low != high)  # a day that follows from another is not told by itself
