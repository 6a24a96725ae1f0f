"""How a chat template writes messages, for libraries that put text to text."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CHATML", "Marks", "put"]


class Marks(NamedTuple):
    """How a chat template writes messages, each with ``{}`` for the text.

    Attributes:
        system: A system message.
        user: A message of the user.
        result: The result of a call; several follow one another.
        before: What stands before an answer of the assistant.
        after: What stands after one.
    """

    system: str
    user: str
    result: str
    before: str
    after: str


CHATML = Marks(
    system="<|im_start|>system\n{}<|im_end|>\n",
    user="<|im_start|>user\n{}<|im_end|>\n",
    result="<|im_start|>user\n<tool_response>\n{}\n</tool_response><|im_end|>\n",
    before="<|im_start|>assistant\n",
    after="<|im_end|>\n",
)
"""ChatML, as Qwen's models are trained on."""


def put(form: str, text: str) -> str:
    """Return a text in a form; what it holds itself is no form."""
    return form.replace("{}", text)
