"""Requests that are taken back before they are carried out: held off by the message itself, and put otherwise after it.

Somebody asks for something with a value that is wrong, or that they think better of, and adds that it is not to be done
yet. The right move is to wait. Their next message says what it is to be, and then it is done, once and for all. Who
makes dialogues derives both turns from a turn of a situation here; who proves them holds what was said to the same.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

import msgspec

import env_specs
from fr_envs.situation.spec import Awaits, ReplyWordings, Thought
from fr_envs.situation.templates import Choice, Fill, Mark, parse, parts_in
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.situation.spec import Request, SituationTurn
    from fr_envs.situation.templates import Part, Template

__all__ = ["REASONS", "Piece", "Reason", "held_off", "is_held_off", "pieces_of", "put_otherwise"]

Reason: TypeAlias = Literal["correction", "change_of_mind"]
"""Why something is taken back: the person got it wrong, or has thought better of it."""

REASONS: tuple[Reason, ...] = get_args(Reason)
"""Every reason."""

_UNCLEAR = frozenset(
    {"first", "last", "name", "folder", "label", "lower", "country", "size", "month", "weekday", "nth"}
)
"""Filters that give a part of a value alone, by which nobody would say what it is to be."""


class _Wordings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hold: dict[str, tuple[str, ...]]
    again: dict[str, tuple[str, ...]]


class _Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    replies: tuple[str, ...]
    thoughts: tuple[str, ...]
    names: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    correction: _Wordings
    change_of_mind: _Wordings
    waiting: _Waiting

    def of(self, reason: Reason) -> _Wordings:
        return self.correction if reason == "correction" else self.change_of_mind


@functools.cache
def _words() -> _File:
    return msgspec.convert(read_yaml(env_specs.taking_back_path().read_text(encoding="utf-8")), _File)


class Piece(NamedTuple):
    """A piece of a wording by which an argument of a request is told.

    Attributes:
        name: The argument.
        root: First part of the path of the value.
        text: The piece, as wordings are written.
    """

    name: str
    root: str
    text: str


def pieces_of(turn: SituationTurn, wording: str) -> list[Piece]:
    """Return the pieces of a wording that tell an argument of a turn's one request, each alone in telling its thing.

    Args:
        turn: The turn; one with several requests, or none that was asked for, has no such piece.
        wording: One of its wordings.
    """
    request = _only(turn)
    if request is None:
        return []
    template = parse(wording)
    roots = [_root(part) for part in parts_in(template) if isinstance(part, Fill)]
    found = []
    for part in template:
        path = _told_by(part)
        root = path.partition(".")[0]
        name = next((each for each, value in request.arguments.items() if value in (path, root) and value), "")
        inner = [part] if isinstance(part, Fill) else list(parts_in(part.words)) if isinstance(part, Mark) else []
        own = sum(isinstance(each, Fill) and _root(each) == root for each in inner)
        if name and own and roots.count(root) == own:
            found.append(Piece(name, root, _written(part)))
    return found


def _only(turn: SituationTurn) -> Request | None:
    """Return the request of a turn that is to be acted on and wants one thing; None for any other turn."""
    plain = turn.kind == "act" and not turn.traits and not turn.last and len(turn.requests) == 1
    request = turn.requests[0] if plain else None
    return request if request is not None and request.asked and not request.fails and not request.when else None


def _root(fill: Fill) -> str:
    return fill.path.partition(".")[0]


def _told_by(part: Part) -> str:
    """Return the path of the value that a piece tells as a whole; empty where it tells none, or a part of one."""
    if isinstance(part, Mark):
        fills = [each for each in parts_in(part.words) if isinstance(each, Fill)]
        plain = not part.again and len(fills) == 1 and not any(isinstance(each, Choice) for each in part.words)
        whole = plain and not _is_part(fills[0], besides=("lower",)) and not str(part.words[-1]).endswith("'s")
        return part.path if whole and _root(fills[0]) == part.path.partition(".")[0] else ""
    if not isinstance(part, Fill):
        return ""
    return "" if _is_part(part) else part.path


def _is_part(fill: Fill, besides: tuple[str, ...] = ()) -> bool:
    """Return True if a place tells a part of its value alone."""
    return any(each.partition(":")[0] in _UNCLEAR - set(besides) for each in fill.filters)


def _written(part: Part) -> str:
    """Return a part of a wording as it is written.

    Example:
        >>> from fr_envs.situation.templates import parse
        >>> _written(parse("[the <one|card> of {card.label|quoted}](card|label)")[0])
        '[the <one|card> of {card.label|quoted}](card|label)'
    """
    if isinstance(part, Fill):
        return f"{{{'|'.join((part.path, *part.filters))}}}"
    if isinstance(part, Choice):
        return f"<{'|'.join(map(_text, part.options))}>"
    if isinstance(part, Mark):
        by = f"|{', '.join(part.by)}" if part.by else ""
        return f"[{_text(part.words)}]({'=' if part.again else ''}{part.path}{by})"
    return part


def _text(template: Template) -> str:
    return "".join(map(_written, template))


@functools.lru_cache(maxsize=4096)
def _held(
    name: str, reason: Reason, wordings: tuple[tuple[str, tuple[str, ...]], ...]
) -> Mapping[str, tuple[str, ...]]:
    holds = _words().of(reason).hold
    return {
        tone: tuple(f"{_ended(each)} {hold}" for each, hold in itertools.product(said, holds.get(tone, holds["plain"])))
        for tone, said in wordings
        if said
    }


def _ended(wording: str) -> str:
    """Return a wording with a full stop, where it has none behind which another sentence can stand."""
    return wording if wording.rstrip().endswith((".", "!", "?", ">")) else f"{wording.rstrip()}."


def held_off(turn: SituationTurn, reason: Reason, name: str) -> SituationTurn:
    """Return the turn in which a request is made and held off at once.

    Args:
        turn: The turn that is made two of.
        reason: Why it is taken back.
        name: The argument that is to be another.
    """
    request, waiting = turn.requests[0], _words().waiting
    said = tuple(
        (tone, tuple(each for each in wordings if any(piece.name == name for piece in pieces_of(turn, each))))
        for tone, wordings in turn.say.items()
    )
    return msgspec.structs.replace(
        turn, say=dict(_held(name, reason, said)), requests=(), kind="no_call", values={}, then=(), instead="",
        thought=Thought(close=waiting.thoughts), reply=(ReplyWordings(waiting.replies),), names=waiting.names,
        awaits=Awaits(request.call, request.arguments, (name,)), chance=1.0, when={},
    )  # fmt: skip


def put_otherwise(turn: SituationTurn, reason: Reason, name: str) -> SituationTurn:
    """Return the turn in which the person says what it is to be, and it is done; arguments as of ``held_off``."""
    said: dict[str, tuple[str, ...]] = {}
    for tone, wordings in turn.say.items():
        again = _words().of(reason).again
        pieces = dict.fromkeys(p.text for each in wordings for p in pieces_of(turn, each) if p.name == name)
        filled = itertools.product(again.get(tone, again["plain"]), pieces)
        said[tone] = tuple(template.replace("{it}", text) for template, text in filled)
    return msgspec.structs.replace(
        turn, say={tone: each for tone, each in said.items() if each}, values={}, when={}, then=(), instead="",
        chance=1.0, traits=(reason,),
    )  # fmt: skip


def is_held_off(message: str) -> Iterator[Reason]:
    """Iterate over the reasons for which a message may hold off what it asks for; none where it holds off nothing."""
    lowered = message.lower()
    for reason in REASONS:
        holds = itertools.chain.from_iterable(_words().of(reason).hold.values())
        if any(hold.lower().rstrip(".!") in lowered for hold in holds):
            yield reason
