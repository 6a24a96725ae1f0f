"""The plain case first: one call with a name and a few flat arguments, as text, as an object, in a server's message.

Nearly every call is that plain, and steps of an environment are counted in microseconds. What is not that plain is none
of this module's business: it returns no calls, and the whole reader takes over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from fr_envs.episode.reading.bounds import MAX_TEXT, MAX_VALUES
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.episode.reading.offer import Offer
    from fr_envs.json_values import Json, JsonObject

__all__ = ["is_crowded", "plain_call", "plain_message", "plain_object", "plain_text"]

_FEW = 64
_KEYS = ("name", "arguments")
_COLON = re.compile(r"\"\s*+:")
_SMALL = 1 << 62
_SHORT = 4096  # characters
_NUMBERS = frozenset({bool, int, float})
_decode = msgspec.json.decode


def is_crowded(text: str) -> bool:
    """Say whether a long text holds so many values, were it JSON, that it is not to be decoded."""
    return len(text) > MAX_TEXT and text.count(",") + text.count("{") + text.count("[") > MAX_VALUES


class _Written(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A call as most models write it, so that decoding a text is the check of nearly all that makes it plain."""

    name: str
    arguments: Annotated[
        dict[
            str,
            str
            | Annotated[int, msgspec.Meta(gt=-_SMALL, lt=_SMALL)]
            | Annotated[float, msgspec.Meta(gt=-_SMALL, lt=_SMALL)]
            | bool
            | None,
        ],
        msgspec.Meta(max_length=_FEW),
    ]


_WRITTEN = msgspec.json.Decoder(_Written).decode


def plain_call(given: Json) -> ToolCall | None:
    """Return the call that a text is from end to end, or that an object is, where it is of the commonest form.

    None where it is not. What comes back is meant whatever tools are offered, so that nobody need look them up.
    """
    if given.__class__ is str:
        return _written_call(given)
    if given.__class__ is not dict or len(given) != len(_KEYS):
        return None
    name: Json = given.get("name")
    arguments: Json = given.get("arguments")
    if name.__class__ is not str or arguments.__class__ is not dict or not (name.isidentifier() and name.isascii()):
        return None
    return ToolCall(name, arguments.copy()) if not arguments or _are_plain(arguments) else None


def _written_call(text: str) -> ToolCall | None:
    """The call that a text is from end to end.

    No escapes and ASCII alone: then nothing in it can be unseen, and as many colons as names say that no name is twice.
    """
    if text[:1] != "{" or len(text) > _SHORT or "\\" in text or not text.isascii():
        return None
    try:
        found = _WRITTEN(text)
    except (ValueError, RecursionError):
        return None
    arguments = found.arguments
    if text.count(":") != len(_KEYS) + len(arguments) or not found.name.isidentifier():
        return None
    return ToolCall(found.name, arguments)


def plain_text(text: str, offer: Offer | None) -> tuple[ToolCall, ...]:
    """Return the call that a text is from end to end; none if it is not that plain."""
    value = _object_in(text)
    if value is None or len(value) != len(_KEYS):
        return ()
    calls = plain_object(value, offer)
    return calls if calls and _has_no_twins(text, len(_KEYS) + len(calls[0].arguments)) else ()


def plain_object(value: JsonObject, offer: Offer | None) -> tuple[ToolCall, ...]:
    """Return the call that an object is; none if it is not that plain."""
    if len(value) != len(_KEYS):
        return ()
    name: Json = value.get("name")
    arguments: Json = value.get("arguments")
    if not _is_name(name, offer) or arguments.__class__ is not dict or not (not arguments or _are_plain(arguments)):
        return ()
    return (ToolCall(name, dict(arguments)),)


def plain_message(message: JsonObject, offer: Offer | None) -> tuple[ToolCall, ...]:
    """Return the calls of an assistant's message without words; none if it is not that plain."""
    listed = message["tool_calls"]
    if message.get("role") != "assistant" or listed.__class__ is not list or not 0 < len(listed) <= _FEW:
        return ()
    if any(message[key] for key in message if key not in ("role", "tool_calls")):
        return ()
    calls: list[ToolCall] = []
    for item in listed:
        call = _item(item, offer)
        if call is None:
            return ()
        calls.append(call)
    return tuple(calls)


def _item(item: Json, offer: Offer | None) -> ToolCall | None:
    function: Json = item.get("function") if item.__class__ is dict else None
    if function.__class__ is not dict or item.get("type", "function") != "function" or len(function) != len(_KEYS):
        return None
    name: Json = function.get("name")
    arguments: Json = function.get("arguments")
    call_id: Json = item.get("id", "")
    if not _is_name(name, offer) or call_id.__class__ is not str or not call_id.isascii():
        return None
    if arguments.__class__ is str:
        text, arguments = arguments, _object_in(arguments)
        if arguments is None or not _has_no_twins(text, len(arguments)):
            return None
    return ToolCall(name, dict(arguments), call_id) if _are_plain(arguments) else None


def _object_in(text: str) -> JsonObject | None:
    """The object that a text is as JSON, None if it is none."""
    if "{" not in text[:4] or is_crowded(text):
        return None
    try:
        value = _decode(text)
    except (ValueError, RecursionError):
        return None
    return value if value.__class__ is dict else None


def _has_no_twins(text: str, names: int) -> bool:
    """Whether no name is given twice in one object, which decoding hides: there are no more colons than names."""
    return text.count(":") <= names or len(_COLON.findall(text)) <= names


def _is_name(name: Json, offer: Offer | None) -> bool:
    if name.__class__ is not str:
        return False
    return (name.isidentifier() and name.isascii()) or (offer is not None and name in offer)


def _are_plain(arguments: Json) -> bool:
    if arguments.__class__ is not dict or len(arguments) > _FEW:
        return False
    for key, item in arguments.items():  # a loop, as this is asked of every call
        if key.__class__ is not str or not key.isascii() or not _is_plain(item):
            return False
    return True


def _is_plain(item: Json) -> bool:
    if item.__class__ is str:
        return item.isascii() or item.isprintable()  # no half of a pair is printable
    if isinstance(item, str):
        return False
    if isinstance(item, int | float):
        return item.__class__ in _NUMBERS and -_SMALL < item < _SMALL
    return item is None
