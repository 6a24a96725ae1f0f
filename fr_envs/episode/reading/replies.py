"""Replies whose thinking is written as words: ``Thought: … Final Answer: …``, "Here is my thought process: …"."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Reply", "reply_in"]

_THOUGHT = re.compile(r"\s*+[*_#]{0,3}Thought[*_]{0,3}[:：][*_]{0,3}\s*+", re.IGNORECASE)
_FINAL = re.compile(r"^[ \t*_#]{0,6}Final Answer[*_]{0,3}[:：][*_]{0,3}[ \t]*+", re.MULTILINE | re.IGNORECASE)
_PROCESS = re.compile(r"\s*+Here(?:'s| is) my (?:thought process|thoughts?)[:.]\s*+", re.IGNORECASE)
_RESPONSE = re.compile(r"Here(?:'s| is) my (?:response|answer|reply)[:.]\s*+", re.IGNORECASE)
_ANALYSIS = re.compile(r"\s*+analysis")
_FINALLY = "assistantfinal"


class Reply(NamedTuple):
    """Words taken apart.

    Attributes:
        text: What the user reads.
        thought: What was thought.
    """

    text: str
    thought: str


def reply_in(said: str) -> Reply:
    """Take the thinking out of words."""
    analysis = _ANALYSIS.match(said)
    finally_ = said.find(_FINALLY) if analysis else -1
    if analysis and finally_ >= 0:
        return Reply(said[finally_ + len(_FINALLY) :].strip(), said[analysis.end() : finally_].strip())
    process, response = _PROCESS.match(said), _RESPONSE.search(said)
    if process and response:
        return Reply(said[response.end() :].strip(), said[process.end() : response.start()].strip())
    thought, final = _THOUGHT.match(said), _FINAL.search(said)
    start = thought.end() if thought else 0
    if final and (thought or not said[: final.start()].strip()):
        return Reply(said[final.end() :].strip(), said[start : final.start()].strip())
    return Reply("", said[start:].strip()) if thought else Reply(said.strip(), "")
