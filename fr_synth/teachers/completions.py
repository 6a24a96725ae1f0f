"""Chat completions on the wire: reading a response, waiting for the next one, asking again."""

from __future__ import annotations

import email.utils
import hashlib
import json
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.teachers.answers import Written

__all__ = ["one_line", "parse", "repair", "retry_after", "tokens", "waiting_time", "written"]

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0  # seconds
_SHOWN = 300  # characters of an endpoint's own words that are passed on


def one_line(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(text.split())[:_SHOWN]


def parse(text: str) -> JsonObject | None:
    """Return the body of a chat completion, None if it is none."""
    try:
        response = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(response, dict) and isinstance(response.get("choices"), list)
    return response if whole else None


def written(response: JsonObject) -> Written:
    """Return what the model wrote; nothing where the response has no choice."""
    from fr_synth.teachers.answers import Written

    choice: JsonObject = next(iter(response["choices"]), {})
    message: JsonObject = choice.get("message") or {}
    return Written(
        _text(message.get("content")),
        _text(message.get("reasoning_content") or message.get("reasoning")),
        message.get("tool_calls") or (),
        truncated=choice.get("finish_reason") == "length",
    )


def _text(content: Json) -> str:
    """Return a text, which some endpoints hand out in parts."""
    parts = content if isinstance(content, list) else [content]
    return "".join(part.get("text") or "" if isinstance(part, dict) else part or "" for part in parts)


def tokens(response: JsonObject, key: str) -> int:
    """Return a number of tokens that the endpoint reports, 0 if it reports none."""
    return int((response.get("usage") or {}).get(key) or 0)


def repair(answer: Written, fault: str) -> list[JsonObject]:
    """Return the messages that say what is wrong with an answer and ask for another one."""
    said = answer.text or (json.dumps(list(answer.tool_calls)) if answer.tool_calls else "(nothing)")
    request = f"That cannot be used: {fault}. Answer again, with the whole JSON object and nothing around it."
    return [{"role": "assistant", "content": said}, {"role": "user", "content": request}]


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that ``Retry-After`` asks for, 0 if none.

    A date is counted from the ``Date`` of the same response, so that the two clocks need not agree.

    Example:
        >>> retry_after({"retry-after": "7"})
        7.0
        >>> retry_after({"retry-after": "Thu, 12 Nov 2026 10:00:30 GMT", "date": "Thu, 12 Nov 2026 10:00:00 GMT"})
        30.0
    """
    request = headers.get("retry-after", "")
    try:
        seconds = float(request)
    except ValueError:
        until, now = (email.utils.parsedate_tz(text) for text in (request, headers.get("date", "")))
        seconds = float(email.utils.mktime_tz(until) - email.utils.mktime_tz(now)) if until and now else 0.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def waiting_time(body: JsonObject, attempt: int, asked_for: float) -> float:
    """Return the seconds to wait after an attempt, counted from 0: doubling, or what the endpoint asks for.

    The jitter is drawn from the request, so that workers spread out and a run repeated waits as long.
    """
    drawn = hashlib.blake2b(f"{attempt} {json.dumps(body)}".encode(), digest_size=8).digest()
    fraction = int.from_bytes(drawn, "little") / 2**64
    if asked_for:
        return asked_for * (1 + fraction / 4)
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(attempt, 8)) * (1 + fraction) / 2
