"""Things that results have shown, each with what its members were told to be and what they are by now.

A contract of somebody else's has no words of ours: nothing says that "dry" is the contrary of "watered", or that a
parcel which is sent is no longer stored. But what a look-up has shown it shows again, as things are when a reply is
given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.world.tool_call import ToolCall
from fr_synth.verify.claims.known.sources import norm
from fr_synth.verify.claims.parsing.dates import iso_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.evidence import Evidence

__all__ = ["Shown", "Thing", "shown_to"]


class Thing(NamedTuple):
    """A thing that results have shown.

    Attributes:
        kind: Name of the member that identifies it.
        key: What identifies it, as the results have it.
        names: What it is known by, folded: texts that no other thing beside it has.
        told: Its plain members as each result has told them, the oldest first.
        now: What they are by now; empty where no look-up shows it any more.
        writes: Numbers of the turn's changes that are made with it.
    """

    kind: str
    key: str
    names: frozenset[str]
    told: tuple[JsonObject, ...]
    now: JsonObject
    writes: tuple[int, ...]

    def was(self, name: str) -> list[Json]:
        """Return what a member was told to be, and is no longer."""
        return [each[name] for each in self.told if name in each and each[name] != self.now.get(name)]

    @property
    def changed(self) -> list[str]:
        """The members that have been told, and are something else by now."""
        return [name for name in self.now if self.was(name)]


class Shown(NamedTuple):
    """What the results of a dialogue have shown so far.

    Attributes:
        things: Each thing that is known by something.
        lists: What each look-up of several things shows by now: the tool, the name of its list, its items.
    """

    things: tuple[Thing, ...]
    lists: tuple[tuple[str, str, Sequence[JsonObject]], ...]

    def named(self, claim: Claim) -> Thing | None:
        """Return the thing that a value names, None where it names none or one of several."""
        if claim.plain and " " not in claim.span.text and claim.span.text.islower():
            return None
        words = norm(claim.span.text).strip(" \"'")
        found = [thing for thing in self.things if words in thing.names]
        return found[0] if len(found) == 1 else None


def shown_to(moment: Moment) -> Shown:
    """Return what the results so far have shown, and what they would show by now.

    Args:
        moment: The text, and the calls up to it.
    """
    evidence = moment.evidence
    earlier = (k for k, call in enumerate(evidence.dialogue.calls) if call.turn < moment.turn)
    count = max((*moment.ran, *earlier), default=-1)
    kept = _KEPT.get((id(evidence), count))
    if kept is None or kept[0] is not evidence:
        if len(_KEPT) > _MOST:
            _KEPT.clear()
        _KEPT[id(evidence), count] = kept = (evidence, _shown(moment, count + 1))
    return kept[1]


_MOST = 64
_KEPT: dict[tuple[int, int], tuple[Evidence, Shown]] = {}


def _shown(moment: Moment, count: int) -> Shown:
    evidence = moment.evidence
    calls, state = evidence.dialogue.calls[:count], evidence.states[min(count, len(evidence.states) - 1)]
    told: dict[tuple[str, str], list[JsonObject]] = {}
    now: dict[tuple[str, str], JsonObject] = {}
    names: dict[tuple[str, str], set[str]] = {}
    lists = []
    seen: set[str] = set()
    for call in calls:
        if call.error is not None or call.name not in moment.spec.tools:
            continue
        for key, row, known in _things(call.result):
            told.setdefault(key, []).append(row)
            names.setdefault(key, set()).update(known)
        if moment.spec.tools[call.name].effect != "read" or f"{call.name}{call.arguments}" in seen:
            continue
        seen.add(f"{call.name}{call.arguments}")
        again = evidence.domain.apply(state, ToolCall(call.name, call.arguments))
        if again.error is None:
            now.update({key: {**now.get(key, {}), **row} for key, row, _ in _things(again.value)})
            lists += [(call.name, name, rows) for name, rows in _lists(again.value)]
    often: dict[str, int] = {}
    for each in names.values():
        for name in each:
            often[name] = often.get(name, 0) + 1
    things = [
        Thing(
            *key, frozenset(name for name in names[key] if often[name] == 1), tuple(rows), now.get(key, {}),
            tuple(k for k in moment.wrote() if key[1] in map(str, calls[k].arguments.values())),
        )
        for key, rows in told.items()
    ]  # fmt: skip
    return Shown(tuple(things), tuple(lists))


def _things(result: JsonObject) -> Iterator[tuple[tuple[str, str], JsonObject, set[str]]]:
    """Iterate over (what identifies it, plain members, what it is known by) of the things in a result."""
    plain = _plain(result)
    if plain and len(plain) > 1:
        name, value = next(iter(plain.items()))
        if isinstance(value, str) and value:
            yield (name, value), plain, {norm(value)}
    for _, rows in _lists(result):
        columns = {name: [row.get(name) for row in rows] for name in rows[0]}
        for row in rows:
            name, value = next(iter(row.items()), ("", None))
            if isinstance(value, str | int) and columns.get(name, []).count(value) == 1 and len(row) > 1:
                own = {norm(v) for k, v in row.items() if _is_name(v) and columns.get(k, []).count(v) == 1}
                yield (name, str(value)), _plain(row), own | {norm(str(value))}


def _lists(result: JsonObject) -> Iterator[tuple[str, Sequence[JsonObject]]]:
    for name, value in result.items():
        rows = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
        if rows and len(rows) == len(value):
            yield name, rows


def _plain(row: JsonObject) -> JsonObject:
    return {name: value for name, value in row.items() if not isinstance(value, dict | list)}


def _is_name(value: Json) -> bool:
    return isinstance(value, str) and value[:1].isupper() and iso_day(value) is None
