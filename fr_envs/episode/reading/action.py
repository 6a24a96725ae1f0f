"""``read_action``: what an agent hands over, as an ``Action``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading.bounds import FORM, MAX_TEXT, MAX_WHOLE, kind_of, mended
from fr_envs.episode.reading.messages import is_items, is_message, read_items, read_message
from fr_envs.episode.reading.objects import Place, calls_in, checked
from fr_envs.episode.reading.offer import offer_of
from fr_envs.episode.reading.scanning import scan
from fr_envs.episode.reading.styles.forms import malformed
from fr_envs.episode.reading.styles.literals import STRICT, Broken
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.episode.reading.offer import Offer, Tools
    from fr_envs.json_values import Json
from fr_envs.episode.reading.plain import is_crowded, plain_call, plain_message, plain_object, plain_text

__all__ = ["read_action"]

_ANY_MARK = re.compile(r"[<\[{(`~:：▷✿=]|>>>|assistantfinal")
_decode = msgspec.json.decode


def read_action(given: Json, tools: Tools = None) -> Action:
    """Read what an agent hands over: text, a message, a call, a list of calls, or an ``Action``. Never raises.

    Nothing is evaluated. Text is read in one pass, in time linear in its length; its calls, its thinking and its words
    are told apart by the marks that models write, and by the names of the tools.

    Args:
        given: What a model wrote, or what its server made of it.
        tools: The tools offered, as OpenAI, Anthropic or MCP list them, or an ``Offer`` of them; None if unknown, and
            then only what is marked as a call, or is JSON with a name and arguments, is one. A list is taken in
            once, and known again by its identity.

    Example:
        >>> read_action('<tool_call>{"name": "pwd", "arguments": {}}</tool_call>').calls
        (ToolCall(name='pwd', arguments={}, id=''),)
        >>> read_action('[mkdir(path="drafts")]', [{"name": "mkdir"}]).calls
        (ToolCall(name='mkdir', arguments={'path': 'drafts'}, id=''),)
        >>> read_action("Your balance is 12.40.").text
        'Your balance is 12.40.'
    """
    call = plain_call(given)
    if call is not None:
        return Action((call,))
    offer = offer_of(tools)
    if isinstance(given, str):
        return _read_text(given, offer)
    if isinstance(given, Mapping):
        return _read_mapping(given, offer)
    if isinstance(given, Action):
        return Action(tuple(checked(call) for call in given.calls), given.text, given.reasoning)
    if isinstance(given, ToolCall | Malformed):
        return Action((checked(given),))
    if isinstance(given, Sequence) and not isinstance(given, bytes | bytearray) and given:
        return _read_sequence(given, offer)
    return _refused(f"{kind_of(given)} is neither text, nor a call, nor a list of calls")


def _refused(problem: str) -> Action:
    return Action((Malformed(f"{problem}; {FORM}"),))


def _read_mapping(given: Mapping[str, Json], offer: Offer | None) -> Action:
    if given.__class__ is dict:
        plain = plain_message(given, offer) if "tool_calls" in given else plain_object(given, offer)
        if plain:
            return Action(plain)
    if is_message(given) or ("content" in given and not any(key in given for key in ("name", "tool", "function"))):
        return read_message(given, offer, partial(_read_text, offer=offer))
    if "tool_calls" in given:
        return read_message(given, offer, partial(_read_text, offer=offer))
    calls = calls_in(given, offer, Place.MARKED)
    assert calls is not None
    return Action(calls)


def _read_sequence(given: Sequence[Json], offer: Offer | None) -> Action:
    if is_items(given):
        return read_items(given, offer, partial(_read_text, offer=offer))
    calls = calls_in(given, offer, Place.MARKED)
    assert calls is not None
    return Action(calls)


# ---------------------------------------------------------------------------------------------------------- text


def _read_text(text: str, offer: Offer | None) -> Action:
    body, thought = text, ""
    if text[:1] == "<" and text.startswith("<think>"):
        body, thought = _past_thinking(text)
    if body[:1] == "<" and body.startswith("<tool_call>") and body.endswith("</tool_call>"):
        body = body[11:-12]
    calls = plain_text(body, offer)
    return Action(calls, "", mended(thought)) if calls else _read_any(text, offer)


def _past_thinking(text: str) -> tuple[str, str]:
    """What follows the thinking that a text begins with, and the thinking."""
    end = text.find("</think>")
    return (text[end + 8 :].strip(), text[7:end].strip()) if end > 0 else ("", "")


def _read_any(text: str, offer: Offer | None) -> Action:
    if len(text) > MAX_WHOLE:
        return _too_long(text, MAX_WHOLE)
    body = text.strip()
    if body[:1] in {"{", "["} and not is_crowded(body):
        whole = _read_whole(body, offer)
        if whole is not None:
            return whole
    inner = _unwrapped(body, offer) if body[:1] in {'"', "`"} and len(body) <= MAX_TEXT else None
    if inner is not None:
        return inner
    if body and not _ANY_MARK.search(body) and (offer is None or " " in body):
        return Action((), mended(body))
    if len(body) > MAX_TEXT:
        return _too_long(body, MAX_TEXT)
    return scan(body, offer)


def _too_long(text: str, most: int) -> Action:
    return _refused(f"the text has {len(text):,} characters, more than {most:,}, and may hold calls; write less")


def _read_whole(body: str, offer: Offer | None) -> Action | None:
    """The text is JSON from end to end; None if it is not."""
    try:
        value = _decode(body)
    except (ValueError, RecursionError):
        return _nearly_whole(body, offer) if len(body) <= MAX_TEXT else None
    found = _whole(value, offer)
    if found is None:
        return Action((), mended(body))
    return found if any(isinstance(call, Malformed) for call in found.calls) else _without_twins(body, found)


def _unwrapped(body: str, offer: Offer | None) -> Action | None:
    """A call in quotes or backticks; None if it is none."""
    if body[0] == '"':
        return _unquoted(body, offer) if body[1:2] in {"{", "["} else None
    inner = body[1:-1]
    if "`" in inner or not body.endswith("`"):
        return None
    found = _read_any(inner, offer)
    return found if any(isinstance(call, ToolCall) for call in found.calls) else None


def _unquoted(body: str, offer: Offer | None) -> Action | None:
    """JSON that was written as text twice over; None if it is none, or data."""
    try:
        inner = _decode(body, type=str)
    except (ValueError, RecursionError):
        return None
    found = _read_whole(inner.strip(), offer)
    return found if found is not None and found.calls else None


def _without_twins(body: str, found: Action) -> Action:
    """The same, unless a name is given twice in one object."""
    try:
        STRICT.decode(body)
    except Broken as broken:
        return Action((malformed(broken.problem),))
    except (ValueError, RecursionError):
        return found
    return found


def _nearly_whole(body: str, offer: Offer | None) -> Action | None:
    """JSON but for a number that is none: data all the same, or a call that cannot be run; None for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = _whole(value, offer)
    if found is None:
        return Action((), mended(body))
    broken = any(isinstance(call, Malformed) for call in found.calls) or not found.calls
    return found if broken else Action((malformed("it holds a number that is none"),))


def _whole(value: Json, offer: Offer | None) -> Action | None:
    """What a decoded text means, None if it is data."""
    read = partial(_read_text, offer=offer)
    if isinstance(value, Mapping) and is_message(value) and _says(value):
        return read_message(value, offer, read)
    if isinstance(value, list) and is_items(value) and any(_calls(item) for item in value):
        return read_items(value, offer, read)
    if isinstance(value, dict) and value.get("action") in _ANSWERS and isinstance(value.get("action_input"), str):
        return Action((), mended(value["action_input"].strip()))
    calls = calls_in(value, offer, Place.ALONE)
    if calls is None:
        return None
    beside = next((value[k] for k in _THOUGHTS if isinstance(value.get(k), str)), "") if isinstance(value, dict) else ""
    return Action(calls, "", mended(beside))


_ANSWERS = ("Final Answer", "final_answer")
_THOUGHTS = ("thought", "thoughts", "reasoning", "rationale", "thinking")


def _says(value: Mapping[str, Json]) -> bool:
    """Whether an object in text is an assistant's message, not data that has a role or an output."""
    return value.get("role") in ("assistant", "model") or any(
        isinstance(value.get(key), list) and value[key] and _calls(value[key][0]) for key in ("choices", "output")
    )


def _calls(item: Json) -> bool:
    return isinstance(item, Mapping) and (
        item.get("type") in ("function_call", "tool_use", "reasoning", "tool-call")
        or any(isinstance(item.get(key), Mapping) for key in ("functionCall", "toolUse", "message"))
    )
