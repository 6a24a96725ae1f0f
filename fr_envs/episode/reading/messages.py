"""Messages as model servers give them: OpenAI's old and new, Anthropic's, Gemini's, Bedrock's, Cohere's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading.bounds import MAX_CALLS, MAX_DEPTH, mended
from fr_envs.episode.reading.objects import Place, calls_in
from fr_envs.episode.reading.styles.forms import malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_envs.episode.reading.objects import Calls
    from fr_envs.episode.reading.offer import Offer
    from fr_envs.json_values import Json

__all__ = ["is_items", "is_message", "read_items", "read_message"]

_ROLES = frozenset({"assistant", "model", "ai", "chatbot", "agent"})
_CALL_TYPES = frozenset({
    "tool_use", "tool-call", "tool_call", "function_call", "custom_tool_call", "function", "toolCall", "mcp_call",
    "server_tool_use", "mcp_tool_use", "tool_invocation", "tool-use", "toolUse", "custom",
})  # fmt: skip
_THOUGHT_TYPES = frozenset({"thinking", "reasoning", "redacted_thinking", "thought", "reasoning_text"})
_CALL_KEYS = ("functionCall", "function_call", "toolUse", "tool_use", "tool_call", "toolCall")
_CALLS_KEYS = ("tool_calls", "toolCalls", "function_calls", "functionCalls")
_THOUGHT_KEYS = ("reasoning_content", "reasoning", "thinking", "thought", "thoughts", "tool_plan", "reasoningContent")
_MESSAGE_KEYS = frozenset({"tool_calls", "function_call", "choices", "candidates", "output", "message"})


class _Heard(NamedTuple):
    """What was gathered from the parts of a message."""

    texts: list[str]
    thoughts: list[str]
    calls: list[Json]


def is_message(given: Mapping[str, Json]) -> bool:
    """Say whether an object is a message or a server's answer, not a call."""
    if isinstance(given.get("role"), str):
        return True
    if isinstance(given.get("choices"), list) or isinstance(given.get("candidates"), list):
        return True
    if isinstance(given.get("output"), list | Mapping) or isinstance(given.get("parts"), list):
        return not any(isinstance(given.get(key), str) for key in ("name", "tool"))
    if isinstance(given.get("message"), Mapping):
        return is_message(given["message"])
    return given.get("type") in ("message", "ai") and "content" in given


def is_items(given: Sequence[Json]) -> bool:
    """Say whether a list holds the parts of a message, not calls alone."""
    return any(
        isinstance(item, Mapping)
        and (_kind(item) in _THOUGHT_TYPES or _kind(item) in ("message", "text", "output_text")
             or (isinstance(item.get("text"), str) and len(item) <= 2) or isinstance(item.get("role"), str)
             or any(isinstance(item.get(key), Mapping) for key in ("functionCall", "toolUse")))
        for item in given
    )  # fmt: skip


def _kind(item: Mapping[str, Json]) -> str:
    kind = item.get("type")
    return kind if isinstance(kind, str) else ""


def read_items(given: Sequence[Json], offer: Offer | None, read_text: Callable[[str], Action]) -> Action:
    """Read a list of parts or of output items."""
    heard = _Heard([], [], [])
    problem = _gather_all(given, heard, 0)
    return _action(heard, problem, offer, read_text)


def read_message(given: Mapping[str, Json], offer: Offer | None, read_text: Callable[[str], Action]) -> Action:
    """Read an assistant's message, or the answer of a server that holds one."""
    heard = _Heard([], [], [])
    return _action(heard, _gather_message(given, heard, 0), offer, read_text)


def _action(heard: _Heard, problem: str, offer: Offer | None, read_text: Callable[[str], Action]) -> Action:
    reasoning = mended("\n".join(filter(None, (t.strip() for t in heard.thoughts))))
    if problem:
        return Action((Malformed(problem),), "", reasoning)
    text = "".join(heard.texts)
    if not heard.calls:
        read = read_text(text)
        return Action(read.calls, read.text, read.reasoning or reasoning)
    if len(heard.calls) > MAX_CALLS:
        return Action((malformed(f"more than {MAX_CALLS} calls; write fewer at a time"),), "", reasoning)
    calls: Calls = ()
    for item in heard.calls:
        calls = (*calls, *(calls_in(item, offer, Place.MARKED) or ()))
    if not text.strip():
        return Action(calls, mended(text), reasoning)
    beside = read_text(text)
    words = beside.text if beside.text or beside.reasoning or beside.calls else mended(text)
    return Action(calls, words, reasoning or beside.reasoning)


def _gather_message(given: Mapping[str, Json], heard: _Heard, depth: int) -> str:
    """Gather what a message holds; return what is wrong with it, empty if nothing."""
    if depth > MAX_DEPTH:
        return "the message is nested too deeply"
    inner = _inner(given)
    if inner is not None:
        if isinstance(inner, Mapping):
            return _gather_message(inner, heard, depth + 1)
        return _gather_all(inner, heard, depth + 1)
    role = given.get("role", "assistant")
    if not isinstance(role, str) or role.lower() not in _ROLES:
        return f"the message has the role {mended(repr(role)[:60])}; an agent's messages have the role 'assistant'"
    heard.thoughts.extend(filter(None, (_thought(given.get(key)) for key in _THOUGHT_KEYS)))
    return _gather_content(given, heard, depth) or _gather_calls(given, heard)


def _gather_calls(given: Mapping[str, Json], heard: _Heard) -> str:
    for key in _CALLS_KEYS:
        listed = given.get(key) or ()
        if not isinstance(listed, list | tuple):
            return f'"{key}" is no list; give a list of calls'
        heard.calls.extend(listed)
    single = next((given[key] for key in _CALL_KEYS if given.get(key)), None)
    if single is not None and not heard.calls:
        heard.calls.append(single)
    return ""


def _inner(given: Mapping[str, Json]) -> Mapping[str, Json] | Sequence[Json] | None:
    """What a server wraps a message in."""
    for key in ("choices", "candidates"):
        listed = given.get(key)
        if isinstance(listed, list) and listed and isinstance(listed[0], Mapping):
            return listed[0]
    if "role" in given or "tool_calls" in given:
        return None
    for key in ("message", "delta", "output"):
        if isinstance(given.get(key), Mapping | list):
            found: Mapping[str, Json] | Sequence[Json] = given[key]
            return found
    content = given.get("content")
    return content if isinstance(content, Mapping) and ("parts" in content or "role" in content) else None


def _gather_content(given: Mapping[str, Json], heard: _Heard, depth: int) -> str:
    content = given.get("content")
    if content is None:
        content = next((given[key] for key in ("parts", "text") if given.get(key) is not None), None)
    if isinstance(content, str):
        heard.texts.append(content)
    elif isinstance(content, list | tuple):
        if not all(isinstance(part, Mapping | str) for part in content) or (content and isinstance(content[0], str)):
            return '"content" is neither text nor a list of parts with text'
        return _gather_all(content, heard, depth + 1)
    elif isinstance(content, Mapping):
        return _gather(content, heard, depth + 1)
    elif content is not None:
        return '"content" is neither text nor a list of parts with text'
    if isinstance(given.get("refusal"), str) and not content:
        heard.texts.append(given["refusal"])
    return ""


def _gather_all(parts: Sequence[Json], heard: _Heard, depth: int) -> str:
    for part in parts:
        if not isinstance(part, Mapping):
            return "a part of the message is no object"
        problem = _gather(part, heard, depth)
        if problem:
            return problem
    return ""


def _gather(part: Mapping[str, Json], heard: _Heard, depth: int) -> str:
    kind = part.get("type")
    if isinstance(kind, str) and kind in _THOUGHT_TYPES:
        heard.thoughts.append(_thought(part))
        return ""
    if kind == "message" or ("role" in part and "name" not in part):
        return _gather_message(part, heard, depth + 1)
    if (isinstance(kind, str) and kind in _CALL_TYPES) or any(isinstance(part.get(k), Mapping) for k in _CALL_KEYS):
        heard.calls.append(part)
        return ""
    if isinstance(part.get("reasoningContent"), Mapping):
        heard.thoughts.append(_thought(part["reasoningContent"]))
        return ""
    return _gather_text(part, heard)


def _gather_text(part: Mapping[str, Json], heard: _Heard) -> str:
    text = next((part[key] for key in ("text", "refusal") if isinstance(part.get(key), str)), None)
    if text is not None:
        (heard.thoughts if part.get("thought") is True else heard.texts).append(text)
    elif "name" in part or "arguments" in part:
        heard.calls.append(part)
    return ""


def _thought(value: Json) -> str:
    """The words of thinking in any of the forms that servers give it."""
    words: list[str] = []
    stack = [value]
    for _ in range(256):
        if not stack:
            break
        item = stack.pop()
        if isinstance(item, str):
            words.append(item)
        elif isinstance(item, list | tuple):
            stack.extend(i for i in reversed(item) if isinstance(i, Mapping))
        elif isinstance(item, Mapping):
            stack.extend(item[k] for k in ("content", "summary", "reasoningText", "thinking", "text", "reasoning") if item.get(k))  # fmt: skip  # noqa: E501
    return "\n".join(words)
