"""A chat completion: its form, how strictly it is read, and what of it is kept.

Whatever else comes back with status 200 is a failed request: no list of choices or an empty one, a number where a text
belongs, half a body, bytes that are no UTF-8, half a surrogate pair, a nesting that no answer has.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

__all__ = ["Completion", "ShapeError", "one_line", "read_completion"]

_SHOWN = 300  # characters of an endpoint's own words that are passed on

_Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class ShapeError(ValueError):
    """A body is no chat completion; the message says where it is not."""


class _Part(msgspec.Struct, omit_defaults=True):
    text: str | None = None


class _Function(msgspec.Struct, omit_defaults=True):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class _ToolCall(msgspec.Struct, omit_defaults=True):
    id: str | None = None
    function: _Function = msgspec.field(default_factory=_Function)


class _Message(msgspec.Struct, omit_defaults=True):
    content: str | list[str | _Part] | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Token(msgspec.Struct, omit_defaults=True):
    logprob: float | None = None


class _Logprobs(msgspec.Struct, omit_defaults=True):
    content: list[_Token] | None = None


class _Choice(msgspec.Struct, omit_defaults=True):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(msgspec.Struct, omit_defaults=True):
    prompt_tokens: _Count | None = None
    completion_tokens: _Count | None = None


class Completion(msgspec.Struct, omit_defaults=True):
    """A chat completion that has the form of one.

    Attributes:
        choices: What the model wrote; the first is used.
        usage: Tokens, None if the endpoint tells none.
    """

    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1)]
    usage: _Usage | None = None

    @property
    def text(self) -> str:
        """What the model says; a refusal is said too."""
        message = self.choices[0].message
        content = message.content if message.content is not None else message.refusal
        parts = content if isinstance(content, list) else [content]
        return "".join(part.text or "" if isinstance(part, _Part) else part or "" for part in parts)

    @property
    def thinking(self) -> str:
        """What it thought, where the endpoint hands that out beside the message; empty if not."""
        message = self.choices[0].message
        return message.reasoning_content or message.reasoning or ""

    @property
    def tool_calls(self) -> list[JsonObject]:
        """The calls as they came: the arguments are a text as a rule."""
        found: list[JsonObject] = [
            {"id": call.id, "type": "function",
             "function": {"name": call.function.name, "arguments": call.function.arguments}}
            for call in self.choices[0].message.tool_calls or ()
        ]  # fmt: skip
        return found

    @property
    def finish_reason(self) -> str:
        """Why the model stopped, in the endpoint's words; empty if it does not tell."""
        return self.choices[0].finish_reason or ""

    @property
    def tokens_in(self) -> int:
        """Tokens read, 0 if not known."""
        return (self.usage.prompt_tokens or 0) if self.usage else 0

    @property
    def tokens_out(self) -> int:
        """Tokens written, 0 if not known."""
        return (self.usage.completion_tokens or 0) if self.usage else 0

    @property
    def logprobs(self) -> tuple[float, ...]:
        """Log probability of each token written, where the endpoint gives them."""
        given = self.choices[0].logprobs
        tokens = (given.content or ()) if given else ()
        return tuple(token.logprob for token in tokens if token.logprob is not None and math.isfinite(token.logprob))


_DECODER = msgspec.json.Decoder(Completion)


def read_completion(body: bytes) -> Completion:
    """Read the body of a response.

    Raises:
        ShapeError: It is no chat completion.

    Example:
        >>> read_completion(b'{"choices": [{"message": {"content": "Hello."}}]}').text
        'Hello.'
    """
    try:
        return _DECODER.decode(body)
    except RecursionError:
        raise ShapeError("it is nested too deeply") from None
    except (ValueError, OverflowError) as error:
        raise ShapeError(one_line(str(error))) from error


def one_line(text: str) -> str:
    r"""Return the beginning of a text on one line, with nothing in it that a terminal would obey.

    Example:
        >>> one_line("no\n  such \x1b[31mmodel")
        'no such [31mmodel'
    """
    words = "".join(" " if letter.isspace() else letter for letter in text[: _SHOWN * 20])
    return " ".join("".join(letter for letter in words if letter.isprintable()).split())[:_SHOWN]
