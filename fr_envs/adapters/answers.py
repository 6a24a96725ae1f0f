"""The answers of a world that lives elsewhere, kept in a file: what stands there is never asked again.

One line of JSON for each call in each state, refusals included. With it, what was made over a service is proven again
when the service is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.errors import Refusal, SpecError
from fr_envs.json_values import JsonObject

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Answer", "AnswerBook"]


class Answer(NamedTuple):
    """What a call led to.

    Attributes:
        value: The result; empty for a refusal.
        refusal: Why it said no; None if it went through.
    """

    value: JsonObject
    refusal: Refusal | None = None


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An answer in a file: digest of the state, tool, JSON text of the arguments, and what came."""

    state: str
    tool: str
    arguments: str
    value: JsonObject = {}
    refusal: tuple[str, str] | None = None


_Key = tuple[int, str, bytes]


class AnswerBook:
    """The answers in a file.

    Args:
        path: The file; made with the first answer.

    Raises:
        SpecError: It is there and holds something else.
    """

    def __init__(self, path: Path) -> None:
        """Read what is there."""
        self.path = path
        self.answers: dict[_Key, Answer] = {}
        try:
            text = path.read_bytes() if path.exists() else b""
            for line in filter(None, text.split(b"\n")[:-1]):
                self._take(msgspec.json.decode(line, type=_Line))
            if text and not text.endswith(b"\n"):  # a line without its end was being written when somebody stopped
                with path.open("r+b") as file:
                    file.truncate(text.rfind(b"\n") + 1)
        except (OSError, ValueError, msgspec.DecodeError) as error:
            problem = f"holds no answers: {str(error).splitlines()[0]}"
            raise SpecError(str(path), "", problem, "move it away, or name another file") from error

    def _take(self, line: _Line) -> None:
        refusal = None if line.refusal is None else Refusal(*line.refusal)
        self.answers[int(line.state, 16), line.tool, line.arguments.encode()] = Answer(line.value, refusal)

    def keep(self, key: _Key, answer: Answer) -> None:
        """Write an answer down.

        Raises:
            OSError: It cannot be written.
        """
        state, tool, arguments = key
        refusal = None if answer.refusal is None else (answer.refusal.code, str(answer.refusal.message))
        line = _Line(f"{state:032x}", tool, arguments.decode(), answer.value, refusal)
        with self.path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
        self.answers[key] = answer
