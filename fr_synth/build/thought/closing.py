"""Moves before a reply: what was found, what has changed, whether it adds up, and what to say of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.build.thought.wording import SHORT, as_noun, in_short, number_word, things_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.build.thought.scene import Scene
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["finding", "sums_of"]

_MOST = 2  # requests of a turn whose findings are stated
_CHECKED = 0.7  # share of sums that are gone over


def finding(scene: Scene) -> list[str]:
    """State what a turn has come to: of the first requests, with the values that answer or have changed."""
    steps = scene.trace.steps
    asked = [step for step in steps if step.user_requested][:_MOST]
    told: list[str] = []
    for number, step in enumerate(asked):
        told += _of(scene, step, first=number == 0)
    if any(step.error for step in steps):
        told.append(scene.say("after_error"))
    elif _gave_up(scene):
        told.append(scene.say("rights_kept"))
    return [text for text in told if text]


def _gave_up(scene: Scene) -> bool:
    """Return True if what a call of the turn set is cleared by a later one that nobody asked for."""
    sets = {fact for step in scene.trace.steps for fact in scene.tool(step).sets if not step.user_requested}
    last = scene.trace.steps[-1]
    return not last.user_requested and bool(sets.intersection(scene.tool(last).clears))


def _of(scene: Scene, step: ExecutedCall, *, first: bool) -> list[str]:
    tool = scene.tool(step)
    if tool.effect == "read":
        return [_read(scene, step, first=first)]
    if first:
        sums = sums_of(scene, step)
        checked = scene.say("worked_out", sum=sums) if sums and scene.chance(_CHECKED) else ""
        return [_written(scene, step), checked]
    order = scene.order(step)
    return [scene.say("and_done", wish=order, order=order)]


# ---------------------------------------------------------------------------------------------------------- reads


def _read(scene: Scene, step: ExecutedCall, *, first: bool) -> str:
    listed = _listed(scene, step)
    if listed is not None:
        if not listed.size:
            return scene.say("found_nothing") if first else scene.say("and_rows", count="no", things=listed.things)
        move = "found_rows" if first else "and_rows"
        if listed.whole and listed.size > 1:
            return scene.say(move, count=number_word(listed.size), things=listed.things)
        if listed.whole and first:
            return scene.say("found_one", things=listed.things)
    told = list(_told(scene, step))
    if not first:
        return scene.say("and_also", told=told[0]) if told else ""
    if len(told) > 1 and scene.chance(_PAIRS):
        return scene.say("found_pair", told=told[0], more=told[1])
    if told:
        number = any(letter.isdigit() for letter in told[0])
        return scene.say("found_value" if number else "found_text", told=told[0])
    order = scene.order(step)
    return scene.say("found_something", wish=order, order=order)


_PAIRS = 0.5


class _Listed(NamedTuple):
    """The list that a result is: what is in it, how many, and whether these are all."""

    things: str
    size: int
    whole: bool


def _listed(scene: Scene, step: ExecutedCall) -> _Listed | None:
    """Return the one list of objects in a result; None where there is none or several."""
    lists = [
        (name, value)
        for name, value in step.result.items()
        if isinstance(value, list) and (field := scene.tool(step).returns.get(name)) is not None and field.array
    ]
    if len(lists) != 1:
        return None
    name, rows = lists[0]
    totals = [v for k, v in step.result.items() if k in ("count", "total") and isinstance(v, int)]
    return _Listed(things_in(name), len(rows), all(total == len(rows) for total in totals))


def _told(scene: Scene, step: ExecutedCall) -> Iterator[str]:
    """Iterate over the values of a result that the reply tells, in words: figures first, names not at all."""
    reply, tool = scene.trace.reply.text, scene.tool(step)
    given = [value for value in step.call.arguments.values() if not isinstance(value, dict | list)]
    found = [
        (name, value, shown)
        for name, value, shown in scene.scalars(step)
        if value not in given and shown in reply and name not in ("count", "total")
    ]
    for name, value, shown in sorted(found, key=lambda each: isinstance(each[1], str)):
        kind = scene.spec.kinds.get(tool.returns[name].kind or "")
        dated = kind is not None and kind.format in ("date", "datetime")
        if not isinstance(value, str) or dated or name.endswith("status"):
            yield shown if name == "result" else as_noun(name.replace("_", " "), shown, value)


# --------------------------------------------------------------------------------------------------------- writes


def _written(scene: Scene, step: ExecutedCall) -> str:
    for name, value, shown in scene.scalars(step):
        old = step.result.get(f"previous_{name}", step.result.get(f"old_{name}"))
        field = scene.tool(step).returns.get(f"previous_{name}")
        was = in_short(scene.spec, old, None if field is None else field.kind)
        if was and value != old:
            return scene.say("changed_from", member=name.replace("_", " "), old=was, new=shown)
    told = next(_told(scene, step), "")
    if told and len(told) <= 2 * SHORT:
        return scene.say("changed", told=told)
    order = scene.order(step)
    return scene.say("changed_plain", order=order, wish=order)


# ---------------------------------------------------------------------------------------------------------- sums


def sums_of(scene: Scene, step: ExecutedCall, first: int = 0) -> str:
    """Return a sum that a result has to agree with, "6,235.99 - 327.33 = 5,908.66"; empty where nothing is at hand.

    The outcome is an amount of the result that nobody gave, one part an argument or amount of the result, the other
    one an amount that an earlier result shows under a name of the same last word.

    Args:
        scene: The turn.
        step: The call with the result.
        first: Number of the first call whose result is looked at.
    """
    number = next(k for k, each in enumerate(scene.steps) if each is step)
    moved = [v for v in (*step.call.arguments.values(), *step.result.values()) if _is_amount(v)]
    for name, after in step.result.items():
        if not _is_amount(after) or after in step.call.arguments.values():
            continue
        earlier = _amounts_named(scene, name.split("_")[-1], range(first, number), step)
        for before, amount in itertools.product(earlier, moved):
            if not _is_amount(after) or amount == after or before == after:
                continue
            for sign in (-1, 1):
                if round(before + sign * amount, 2) == after:
                    return f"{_figure(before)} {'+' if sign > 0 else '−'} {_figure(amount)} = {_figure(after)}"
    return ""


def _amounts_named(scene: Scene, word: str, calls: range, step: ExecutedCall) -> list[float]:
    """Return the amounts that earlier results show under a name of the same last word, of what a call is about."""
    found: dict[float, None] = {}
    about = {value for value in step.call.arguments.values() if isinstance(value, str)}
    for earlier in (scene.steps[number] for number in calls):
        for value in (earlier.result, *_rows(earlier.result)):
            if about.isdisjoint(each for each in value.values() if isinstance(each, str)):
                continue
            for name, amount in value.items():
                if name.split("_")[-1] == word and _is_amount(amount):
                    found[amount] = None
    return list(found)


def _rows(result: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for value in result.values():
        if isinstance(value, list):
            yield from (row for row in value if isinstance(row, dict))


def _is_amount(value: object) -> bool:
    return isinstance(value, float) and value > 0


def _figure(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")
