"""Ground-truth trajectories replayed through a ``Session``, held against the outputs of BFCL's own executor."""

from __future__ import annotations

import importlib
import itertools
import json
from typing import TYPE_CHECKING, NamedTuple

from bfcl_cases import domain_of, parse

from fr_envs.episode.session import Session

if TYPE_CHECKING:
    from bfcl_cases import Case

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Difference", "differences", "executed", "same"]

_EXECUTOR = "bfcl_eval.eval_checker.multi_turn_eval.multi_turn_utils"
_runs = itertools.count()  # the executor keeps its objects under the name of the run for as long as the process lives


class Difference(NamedTuple):
    """One output that differs.

    Attributes:
        case: Identifier of the case.
        call: The call, as text.
        theirs: What the executor gave.
        ours: What the session gave.
    """

    case: str
    call: str
    theirs: str
    ours: JsonObject


def executed(case: Case) -> list[str]:
    """Run a case in BFCL's executor, from its first state."""
    run = importlib.import_module(_EXECUTOR).execute_multi_turn_func_call
    flat = [text for turn in case.calls for text in turn]
    name = f"run{next(_runs)}"
    outputs: list[str] = run(flat, case.config, list(case.classes), name, case.id, case.long_context, True)[0]
    return outputs


def same(ours: JsonObject, theirs: str) -> bool:
    """Return True if the executor's text is what our result reads as.

    A result that is no object stands under ``result`` with us; what JSON has no word for is its ``repr``, which the
    executor writes without quotes, so that such texts are compared with all quotes left out.
    """
    failed = ours.get("error")
    if isinstance(failed, dict):
        return theirs == f"Error during execution: {failed['message'].partition(': ')[2]}"
    values: list[Json] = [ours, ours["result"]] if [*ours] == ["result"] else [ours]
    return any(theirs == _text(value) or _bare(theirs) == _bare(str(value)) for value in values)


def _text(value: Json) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _bare(text: str) -> str:
    return text.replace("'", "").replace('"', "")


def differences(case: Case) -> list[Difference]:
    """Replay a case twice in one session; list the outputs that differ from the executor's either time.

    Raises:
        AssertionError: The first run has left something behind in the first state.
    """
    theirs = executed(case)
    session = Session(domain_of(case), max_steps=None)
    found: list[Difference] = []
    starts = set()
    for _ in range(2):
        session.reset()
        starts.add(session.digest)
        flat = [text for turn in case.calls for text in turn]
        for text, expected in zip(flat, theirs, strict=True):
            call = parse(text, case)
            ours = session.call(call.name, call.arguments)
            if not same(ours, expected):
                found.append(Difference(case.id, text, expected, ours))
    assert len(starts) == 1, f"{case.id}: the first state is another one the second time"
    return found
