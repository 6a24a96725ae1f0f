"""What an evaluation will take, before the first request: requests, tokens, dollars. An estimate, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.contract.schemas import openai_tools
from fr_envs.world.registry import load_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.episode.task import Task, Turn
    from fr_envs.world.domain import Domain

__all__ = ["Need", "need_of"]

_LETTERS = 4  # of English and JSON to a token, as tokenizers in use split them
_WRITTEN = 160  # tokens of a message with a short thought and a call
_BEGINNING = 300  # tokens of the system message
_SEEN = 120  # tokens of a result


class Need(NamedTuple):
    """What is needed.

    Attributes:
        requests: Requests.
        tokens_in: Tokens read.
        tokens_out: Tokens written.
    """

    requests: int
    tokens_in: int
    tokens_out: int


def need_of(tasks: Iterable[Task], samples: int) -> Need:
    """Return what an evaluation needs of a model that goes the way of the reference, one call a message.

    Args:
        tasks: What is to be played.
        samples: Rollouts of each, from 1.
    """
    requests = tokens_in = 0
    for task in tasks:
        asked, read = _of(task)
        requests += asked
        tokens_in += read
    return Need(requests * samples, tokens_in * samples, requests * samples * _WRITTEN)


def _of(task: Task) -> tuple[int, int]:
    domain = load_domain(task.domain)
    context = _BEGINNING
    requests = tokens_in = 0
    for turn in task.turns:
        context += len(turn.message) // _LETTERS
        tools = _tools(domain, turn)
        for _ in range(len(turn.calls) + 1):
            requests += 1
            tokens_in += context + tools
            context += _WRITTEN + _SEEN
    return requests, tokens_in


def _tools(domain: Domain[Any], turn: Turn) -> int:
    offered = set(turn.tools)
    listed = [tool for tool in openai_tools(domain.spec) if not offered or tool["function"]["name"] in offered]
    return len(json.dumps(listed)) // _LETTERS
