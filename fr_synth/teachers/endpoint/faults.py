"""What went wrong with one attempt, whether another one may help, and how long to wait for it."""

from __future__ import annotations

import email.utils
import hashlib
import json
import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from fr_synth.teachers.endpoint.completion import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.teachers.endpoint.redaction import Address

__all__ = ["Fault", "Heard", "fault_of", "retry_after", "said_in", "suspected", "waiting_time"]

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0  # seconds
_BAD_REQUEST = (400, 413, 422)
_TRANSIENT = (408, 409, 425, 429)
_OVERLOADED = (408, 429, 503, 504, 529)


class Fault(NamedTuple):
    """An attempt without an answer.

    Attributes:
        kind: ``rejected``: another form of the request may pass; ``final``: no request can; ``transient``: this one may
            another time.
        message: What happened, on one line.
        retry_after: Seconds that the endpoint asks to wait, 0 if it does not.
        overloaded: It says that it is asked too much.
    """

    kind: Literal["rejected", "final", "transient"]
    message: str
    retry_after: float = 0.0
    overloaded: bool = False


class Heard(NamedTuple):
    """A response as it came.

    Attributes:
        status: The HTTP status.
        headers: Its headers, by names in small letters.
        body: Its body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def fault_of(heard: Heard, address: Address, model: str) -> Fault:
    """Return what a response whose status is no 2xx means."""
    url, status = address.public, heard.status
    said = f"{status}: {said_in(heard.body)}"
    if status in _BAD_REQUEST:
        return Fault("rejected", f"{url} rejects the request ({said})")
    if status in (401, 403):
        return Fault("final", f"{url} refuses the key ({said}): set OPENAI_API_KEY")
    if status == 404:
        known = "model" in said.lower()
        fix = f"is there a model {model!r}?" if known else suspected(address)
        return Fault("final", f"{url} does not know what was asked for ({said}): {fix}")
    if "insufficient_quota" in _codes(heard.body):
        return Fault("final", f"the account at {url} has no quota left ({said})")
    if status in _TRANSIENT or status >= 500:
        waiting = retry_after(heard.headers)
        return Fault("transient", f"{url} answers {said}", waiting, overloaded=status in _OVERLOADED)
    place = f" (to {one_line(heard.headers['location'])})" if "location" in heard.headers else ""
    return Fault("final", f"{url} answers {said}{place}: {suspected(address)}")


def suspected(address: Address) -> str:
    """Return what is suspected of an address that does not answer as endpoints do."""
    if address.versioned:
        return "a base URL usually ends in /v1, as this one does: is it the address of a chat endpoint?"
    return f"a base URL usually ends in /v1: try {address.public}/v1"


def said_in(body: bytes) -> str:
    """Return what a body says, on one line: the message of an error, or its beginning.

    Example:
        >>> said_in(b'{"error": {"message": "no such model"}}'), said_in(b"Bad Gateway")
        ('no such model', 'Bad Gateway')
    """
    error = _error(body)
    told = error.get("message") if isinstance(error, dict) else error
    return one_line(told if isinstance(told, str) and told else body.decode("utf-8", "replace"))


def _error(body: bytes) -> Json:
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return found.get("error") or found.get("detail") or found


def _codes(body: bytes) -> tuple[Json, ...]:
    error = _error(body)
    return (error.get("code"), error.get("type")) if isinstance(error, dict) else ()


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
        until, now = (_moment(text) for text in (request, headers.get("date", "")))
        seconds = until - now if until is not None and now is not None else 0.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def _moment(text: str) -> float | None:
    parts = email.utils.parsedate_tz(text)
    try:
        return float(email.utils.mktime_tz(parts)) if parts else None
    except (ValueError, OverflowError):  # the 99th of November
        return None


def waiting_time(body: JsonObject, attempt: int, asked_for: float, longest: float = _LONGEST_WAIT) -> float:
    """Return the seconds to wait after an attempt, counted from 0: doubling, or what the endpoint asks for.

    The jitter is drawn from the request, so that requests spread out and a run repeated waits as long.

    Args:
        body: The request.
        attempt: Number of the attempt that failed, from 0.
        asked_for: What the endpoint asks for, in seconds; 0 if nothing.
        longest: Most seconds to wait, jitter included.
    """
    drawn = hashlib.blake2b(f"{attempt} {json.dumps(body)}".encode(), digest_size=8).digest()
    fraction = int.from_bytes(drawn, "little") / 2**64
    if asked_for:
        return min(longest, asked_for * (1 + fraction / 4))
    return min(longest, min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(attempt, 8)) * (1 + fraction) / 2)
