"""Calls out of JSON values: every spelling of a call, and what tells a call from data.

Where a value comes from decides how much it must look like a call. Between the marks of a call, or handed over as an
object, it is one or malformed. A text that is JSON from end to end, and more so JSON among words, may be data: then
the offered names decide.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from fr_envs.episode.calls import Malformed
from fr_envs.episode.reading.arguments import with_arguments
from fr_envs.episode.reading.bounds import FORM, MAX_CALLS, MAX_DEPTH, fault_of, kind_of, mended
from fr_envs.episode.reading.offer import bare_name
from fr_envs.episode.reading.plain import plain_object
from fr_envs.episode.reading.styles.literals import Broken, Literals
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.episode.reading.offer import Offer
    from fr_envs.json_values import Json

__all__ = ["Calls", "Place", "calls_in", "looks_like_a_name"]

Calls: TypeAlias = tuple[ToolCall | Malformed, ...]


class Place(enum.Enum):
    """Where a value stands."""

    MARKED = enum.auto()
    """Between the marks of a call, or handed over as an object."""

    ALONE = enum.auto()
    """The text is this value from end to end."""

    AMONG = enum.auto()
    """Among words, in a fenced block, or in a list."""


_CLEAR_NAMES = (
    "name", "tool", "tool_name", "toolName", "function", "function_name", "functionName", "recipient_name", "action",
)  # fmt: skip
_NAMES = (*_CLEAR_NAMES, "func", "api", "api_name", "apiName", "method", "command", "plugin", "tool_id")
_TOOL_NAMES = ("name", "tool", "tool_name", "toolName", "function", "function_name", "functionName", "recipient_name")
_VAGUE_ARGUMENTS = ("input", "inputs")
_CLEAR_ARGUMENTS = (
    "arguments", "parameters", "args", "kwargs", "params", "tool_input", "toolInput", "action_input", "actionInput",
    "tool_args", "toolArgs", "tool_arguments", "tool_parameters", "function_args", "function_arguments",
    "function_parameters", "arguments_json", "api_args", "argument", "tool_params",
)  # fmt: skip
_ARGUMENTS = (*_CLEAR_ARGUMENTS, *_VAGUE_ARGUMENTS)
_BARE = frozenset({"tool_input", "toolInput", "action_input", "actionInput", *_VAGUE_ARGUMENTS})
"""Under these a text that is no JSON is the value of the tool's one parameter."""

_IDS = ("call_id", "tool_call_id", "toolCallId", "toolUseId", "tool_use_id", "id")
_LISTS = ("tool_calls", "toolCalls", "function_calls", "functionCalls", "tool_uses", "toolUses", "parallel_tool_calls")
_VAGUE_LISTS = ("calls", "actions", "invocations", "tools", "functions", "commands", "steps")
_SINGLES = ("tool_call", "toolCall", "function_call", "functionCall", "functioncall", "tool_use", "toolUse")
_VAGUE_SINGLES = ("function", "tool", "action", "call", "invoke", "command", "invocation")
_BESIDE = frozenset({
    *_IDS, "type", "index", "thought", "thoughts", "reasoning", "rationale", "explanation", "status", "signature",
    "thought_signature", "thoughtSignature", "cache_control", "object", "namespace", "server_name", "kind", "caller",
})  # fmt: skip
"""Keys that may stand beside a call and are no arguments."""

_TOOL_LIKE = re.compile(r"[A-Za-z_][\w.:/-]{0,127}")
_LOOKED_AT = 256
"""How many values of some data are looked at for a call inside."""


def looks_like_a_name(text: str) -> bool:
    """Say whether a text could be the name of a tool."""
    return _TOOL_LIKE.fullmatch(text) is not None


def calls_in(value: Json, offer: Offer | None, place: Place, depth: int = 0) -> Calls | None:
    """Return the calls that a value stands for, in order; None if it is data.

    Args:
        value: A JSON value, or anything else at a marked place.
        offer: The tools offered, None if unknown.
        place: Where the value stands.
        depth: How many wrappings it was taken out of.
    """
    if depth > MAX_DEPTH:
        return (Malformed(f"the call is nested too deeply; {FORM}"),)
    if isinstance(value, ToolCall | Malformed):
        return (checked(value),)
    if value.__class__ is dict and (plain := plain_object(value, offer)):
        return plain
    if isinstance(value, Mapping):
        return _in_mapping(value, offer, place, depth)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return _in_list(value, offer, place, depth)
    if place is not Place.MARKED:
        return None
    if isinstance(value, str):
        return _in_text(value, offer, depth)
    return (Malformed(f"a call is an object, not {kind_of(value)}; {FORM}"),)


def checked(call: ToolCall | Malformed) -> ToolCall | Malformed:
    """Return a call that was handed over as one, or what is wrong with it."""
    if isinstance(call, Malformed):
        return call
    name, arguments, call_id = _parts(call)
    if not isinstance(name, str) or not isinstance(call_id, str):
        return Malformed(f"the call names no tool; {FORM}")
    if not isinstance(arguments, Mapping):
        return Malformed(f"the arguments of {mended(name)} are {kind_of(arguments)}; give an object by parameter")
    fault = fault_of(arguments)
    if fault:
        return Malformed(f"the arguments of {mended(name)} {fault}", mended(call_id))
    whole = name.isascii() and call_id.isascii()
    return call if whole else ToolCall(mended(name), call.arguments, mended(call_id))


def _parts(call: ToolCall) -> tuple[Json, Json, Json]:
    """What a call is made of; nothing has checked it yet."""
    return call.name, call.arguments, call.id


def _in_text(text: str, offer: Offer | None, depth: int) -> Calls:
    try:
        value = Literals(text).whole()
    except Broken as broken:
        return (Malformed(f"the call is no JSON: {broken.problem}; {FORM}"),)
    found = calls_in(value, offer, Place.MARKED, depth + 1)
    assert found is not None
    return found


def _in_list(items: Sequence[Json], offer: Offer | None, place: Place, depth: int) -> Calls | None:
    if not items:
        return (Malformed(f"a call is an object, not nothing; {FORM}"),) if place is Place.MARKED else None
    if len(items) > MAX_CALLS:
        many = (Malformed(f"more than {MAX_CALLS} calls; write fewer at a time"),)
        return many if place is Place.MARKED or calls_in(items[0], offer, Place.AMONG, depth + 1) else None
    inner = Place.MARKED if place is Place.MARKED else Place.AMONG
    found = [calls_in(item, offer, inner, depth + 1) for item in items]
    if all(calls is None for calls in found):
        return None
    odd = (Malformed(f"a part of the list is no call; {FORM}"),)
    return tuple(chain.from_iterable(odd if calls is None else calls for calls in found))


def _in_mapping(given: Mapping[str, Json], offer: Offer | None, place: Place, depth: int) -> Calls | None:
    wrapped = _unwrapped(given, offer, place, depth)
    if wrapped is not None:
        return wrapped
    call_id = _id_of(given)
    if "custom" in given or given.get("type") == "custom_tool_call":
        if place is Place.MARKED or isinstance(given.get("custom"), Mapping):
            return (Malformed(f"the call is a custom one with free text; {FORM}", call_id),)
        return None
    if _describes_a_tool(given):
        return (Malformed(f"this describes a tool; {FORM}", call_id),) if place is Place.MARKED else None
    key, name, problem = _name_of(given, offer)
    if problem:
        return (Malformed(problem, call_id),)
    if name is None:
        return _nameless(given, offer, place, call_id)
    return _named(given, (key, name), offer, place)


def _id_of(given: Mapping[str, Json]) -> str:
    found = next((given[key] for key in _IDS if isinstance(given.get(key), str)), "")
    return mended(found)


# ------------------------------------------------------------------------------------------------------ wrappings


def _unwrapped(given: Mapping[str, Json], offer: Offer | None, place: Place, depth: int) -> Calls | None:
    """The calls inside an object that holds others; None if it holds none."""
    for key in _LISTS:
        if isinstance(given.get(key), list | tuple) and given[key]:
            return calls_in(given[key], offer, Place.MARKED, depth + 1)
    for key in _SINGLES:
        if isinstance(given.get(key), Mapping):
            return calls_in(_with_id(given[key], given), offer, Place.MARKED, depth + 1)
    if given.get("method") == "tools/call" and isinstance(given.get("params"), Mapping):
        return calls_in(given["params"], offer, Place.MARKED, depth + 1)
    return _vaguely_wrapped(given, offer, place, depth)


def _vaguely_wrapped(given: Mapping[str, Json], offer: Offer | None, place: Place, depth: int) -> Calls | None:
    for key in _VAGUE_SINGLES:
        inner = given.get(key)
        if isinstance(inner, Mapping) and (place is Place.MARKED or any(name in inner for name in _CLEAR_NAMES)):
            return calls_in(_with_id(inner, given), offer, place, depth + 1)
    if any(isinstance(given.get(key), str) for key in _CLEAR_NAMES):
        return None
    for key in _VAGUE_LISTS:
        inner = given.get(key)
        if isinstance(inner, list | tuple) and inner and all(isinstance(item, Mapping) for item in inner):
            found = calls_in(inner, offer, Place.AMONG, depth + 1)
            if found is not None:
                return found
    return None


def _with_id(inner: Mapping[str, Json], outer: Mapping[str, Json]) -> Mapping[str, Json]:
    """The inner object with the identifier that stands around it."""
    call_id = _id_of(outer)
    return {**inner, "call_id": call_id} if call_id and not _id_of(inner) else inner


def _describes_a_tool(given: Mapping[str, Json]) -> bool:
    """Whether this is the schema of a tool, as when a reply says what there is."""
    schema = given.get("parameters") or given.get("input_schema") or given.get("inputSchema")
    return isinstance(schema, Mapping) and "description" in given and ("properties" in schema or "type" in schema)


# ---------------------------------------------------------------------------------------------------------- names


def _name_of(given: Mapping[str, Json], offer: Offer | None) -> tuple[str, str | None, str]:
    """The key that names a tool, the name, and what is wrong with it; no name if there is none."""
    found = {key: given[key].strip() for key in _NAMES if isinstance(given.get(key), str) and given[key].strip()}
    if offer is not None:
        offered = {key: offer.resolve(name) for key, name in found.items() if offer.resolve(name) in offer}
        if len(set(offered.values())) > 1:
            return "", None, f"the call names {' and '.join(sorted(set(offered.values())))}; name one tool"
        if offered:
            return *next(iter(offered.items())), ""
    elif len({found[key] for key in _TOOL_NAMES if key in found}) > 1 and any(key in given for key in _CLEAR_ARGUMENTS):
        return "", None, f"the call has more than one name; name one tool; {FORM}"
    key = next((key for key in _CLEAR_NAMES if key in found), "")
    if not key:
        return "", None, ""
    return key, mended(bare_name(found[key]) if offer is None else offer.resolve(found[key])), ""


def _nameless(given: Mapping[str, Json], offer: Offer | None, place: Place, call_id: str) -> Calls | None:
    """An object without a name: ``{"mkdir": {"path": …}}``, arguments alone, or data."""
    keyed = _keyed(given, offer, place)
    if keyed:
        return keyed
    no_name = (Malformed(f"the call names no tool; {FORM}", call_id),)
    if place is Place.MARKED:
        return no_name
    if place is Place.ALONE and (_are_arguments(given, offer) or _holds_a_call(given, offer)):
        return no_name
    return None


def _keyed(given: Mapping[str, Json], offer: Offer | None, place: Place) -> Calls:
    if offer is None or not given:
        return ()
    if not all(offer.resolve(str(k)) in offer and isinstance(v, Mapping) for k, v in given.items()):
        return ()
    names = {key: offer.resolve(str(key)) for key in given}
    if place is Place.AMONG and not all(offer[names[key]].covers(tuple(given[key])) for key in given):
        return ()
    return tuple(with_arguments(names[key], given[key], "") for key in given)


def _are_arguments(given: Mapping[str, Json], offer: Offer | None) -> bool:
    """Whether an object holds what some tool needs, and no more than it takes."""
    if isinstance(given.get("arguments"), Mapping):
        return True
    return offer is not None and bool(given) and any(
        tool.required and tool.covers(tuple(given)) for tool in offer.parameters()
    )  # fmt: skip


def _holds_a_call(given: Mapping[str, Json], offer: Offer | None) -> bool:
    """Whether a call of an offered tool stands somewhere inside."""
    level: list[Json] = [given]
    looked = 0
    while offer is not None and level and looked < _LOOKED_AT:
        value = level.pop()
        looked += 1
        if isinstance(value, Mapping):
            named = any(isinstance(value.get(key), str) and offer.resolve(value[key]) in offer for key in _CLEAR_NAMES)
            if named and any(isinstance(value.get(key), Mapping) for key in _CLEAR_ARGUMENTS):
                return True
            level.extend(list(value.values())[:_LOOKED_AT])
        elif isinstance(value, list | tuple):
            level.extend(value[:_LOOKED_AT])
    return False


# ------------------------------------------------------------------------------------------------- names and arguments


def _named(given: Mapping[str, Json], named: tuple[str, str], offer: Offer | None, place: Place) -> Calls | None:
    key, name = named
    offered = offer is not None and name in offer
    if not (offered or place is Place.MARKED or looks_like_a_name(name)):
        return None
    found = {k: given[k] for k in _ARGUMENTS if k in given and k != key}
    if name.rpartition(".")[2] == "parallel" and not offered:
        inner = next((v for v in found.values() if isinstance(v, Mapping)), {})
        if isinstance(inner.get("tool_uses"), list):
            return calls_in(inner["tool_uses"], offer, Place.MARKED, 1)
    if offered and found and _are_flat(found, name, offer):
        found = {}
    if not found:
        return _flat(given, named, offer, place)
    if not (offered or place is Place.MARKED or _may_be_arguments(found, offer)):
        return None
    return (_chosen(name, found, _id_of(given), offer),)


def _are_flat(found: Mapping[str, Json], name: str, offer: Offer | None) -> bool:
    """Whether ``input`` and its like are parameters of the tool itself, standing beside its name."""
    if offer is None:
        return False
    schemas = offer[name].schemas
    return all(key in schemas and not isinstance(value, Mapping) for key, value in found.items())


def _may_be_arguments(found: Mapping[str, Json], offer: Offer | None) -> bool:
    """Whether an unknown tool is called: it is given an object, or text in place of one."""
    if offer is None:
        return True
    return any(
        value is None or isinstance(value, Mapping) or (isinstance(value, str) and value.lstrip()[:1] in {"", "{"})
        for key, value in found.items() if key not in _VAGUE_ARGUMENTS
    )  # fmt: skip


def _chosen(name: str, found: Mapping[str, Json], call_id: str, offer: Offer | None) -> ToolCall | Malformed:
    """A call with the one set of arguments that is given."""
    given = [(key, value) for key, value in found.items() if value is not None]
    if len(given) > 1 and any(value is not given[0][1] and value != given[0][1] for _, value in given[1:]):
        keys = " and ".join(f'"{key}"' for key, _ in given)
        return Malformed(f"the call of {name} gives {keys}; give one", call_id)
    key, arguments = given[0] if given else ("", None)
    if key in _BARE and isinstance(arguments, str) and offer is not None and name in offer:
        arguments = _bare(arguments, offer[name].sole)
    return with_arguments(name, arguments, call_id)


def _bare(written: str, sole: str | None) -> Json:
    text = written.strip()
    return written if sole is None or not text or text[0] == "{" else {sole: written}


def _flat(given: Mapping[str, Json], named: tuple[str, str], offer: Offer | None, place: Place) -> Calls | None:
    """A name with the arguments beside it, or without any."""
    key, name = named
    if offer is None or name not in offer:
        if place is not Place.MARKED:
            return None
        rest = [k for k in given if k != key and k not in _BESIDE and k not in _NAMES and k not in _ARGUMENTS]
        if rest:
            return (Malformed(f"the call of {name} gives no arguments; {FORM}", _id_of(given)),)
        return (with_arguments(name, None, _id_of(given)),)
    schemas = offer[name].schemas
    rest = [k for k in given if k != key and (k in schemas or (k not in _BESIDE and k not in _ARGUMENTS))]
    vague = place is Place.AMONG and key == "name"
    if all(k in schemas for k in rest) and (not vague or offer[name].covers(rest)):
        return (with_arguments(name, {k: given[k] for k in rest}, _id_of(given)),)
    if vague:
        return None
    return (Malformed(f"the call of {name} gives no arguments; {FORM}", _id_of(given)),)
