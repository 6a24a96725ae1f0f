"""What nobody asks for next, over a small shuttle: what upsets what they have just arranged, or had written."""

from __future__ import annotations

from typing import Any

from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.adapters.world_file import ready
from fr_envs.contract.loading import spec_from_dict
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.questions import asks_of_one
from fr_synth.language.tying import NO_TIE
from fr_synth.sample.purpose.ties import Past, tie_of
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said


class Shuttle:
    """Runs of a shuttle."""

    def __init__(self) -> None:
        """Begin with two runs."""
        self.runs: dict[str, dict[str, Any]] = {k: {"run_id": k, "time": "08:00", "riders": []} for k in ("R1", "R2")}

    def list_runs(self) -> list[dict[str, Any]]:
        """List the runs."""
        return [dict(run) for run in self.runs.values()]

    def join_run(self, run_id: str, rider: str) -> dict[str, Any]:
        """Book a seat on a run for a rider."""
        self.runs[run_id]["riders"].append(rider)
        return dict(self.runs[run_id])

    def change_departure(self, run_id: str, time: str) -> dict[str, Any]:
        """Change the time of a run."""
        self.runs[run_id]["time"] = time
        return dict(self.runs[run_id])

    def run_message(self, run_id: str) -> str:
        """Write a message about a run."""
        return f"We leave at {self.runs[run_id]['time']}."


TEXT = {"schema": {"type": "string"}}
RUN_ID = {"kind": "run_id"}
RUN = {"run_id": RUN_ID, "time": TEXT, "riders": {"array": TEXT}}
ERRORS = {"tool_failed": "It failed.", "time_limit": "It took too long.", "no_json": "It cannot be shown."}


def _tool(description: str, effect: str, ask: str, takes: Any, gives: Any) -> dict[str, Any]:
    return {"description": description, "effect": effect, "parameters": takes, "returns": gives,
            "request_templates": [ask], "errors": ERRORS}  # fmt: skip


WORLD: Any = ready(
    domain_from_object(
        Shuttle,
        name="shuttle",
        spec=spec_from_dict({
            "name": "shuttle", "id": "Test/Shuttle-v0", "version": "1.0.0", "summary": "A shuttle.",
            "policy": "Be kind.", "facts": {},
            "kinds": {"run_id": {"schema": {"type": "string"}, "origin": "issued", "description": "A run."}},
            "tools": {
                "list_runs": _tool("List the runs.", "read", "which runs are there?", {},
                                   {"result": {"array": {"object": RUN}}}),
                "join_run": _tool("Book a seat.", "write", "book a seat on {run_id} for {rider}",
                                  {"run_id": RUN_ID, "rider": TEXT}, RUN),
                "change_departure": _tool("Change the time of a run.", "write", "change the time of {run_id} to {time}",
                                          {"run_id": RUN_ID, "time": TEXT}, RUN),
                "run_message": _tool("Write a message about a run.", "read", "write a message about {run_id}",
                                     {"run_id": RUN_ID}, {"result": TEXT}),
            },
        }),
    )
)  # fmt: skip


def asked(*calls: tuple[str, dict[str, Any]]) -> tuple[ExecutedCall, bool]:
    """Return the last of some requests, and whether it follows from those before it."""
    steps: list[ExecutedCall] = []
    state = WORLD.initial(1)
    tie = NO_TIE
    for number, (name, arguments) in enumerate(calls):
        call = ToolCall(name, arguments)
        outcome = WORLD.apply(state, call)
        sources: dict[str, Any] = {f"/{each}": Said(0, str(value)) for each, value in arguments.items()}
        step = ExecutedCall(
            call, outcome.value, state, outcome.state, sources, {}, user_requested=True, turn=number
        )  # fmt: skip
        tie = tie_of(Past(WORLD, ApiGraph(WORLD.spec), list(steps)), step)
        steps.append(step)
        state = outcome.state
    return steps[-1], tie != NO_TIE


def tied(*calls: tuple[str, dict[str, Any]]) -> bool:
    """Return whether the last of some requests follows from those before it."""
    return asked(*calls)[1]


LOOK: tuple[str, dict[str, Any]] = ("list_runs", {})
JOIN = ("join_run", {"run_id": "R1", "rider": "Ada"})
WRITE = ("run_message", {"run_id": "R1"})
LATER = ("change_departure", {"run_id": "R1", "time": "09:00"})


def test_nobody_moves_what_they_have_a_seat_on() -> None:
    assert tied(LOOK, LATER)
    assert not tied(LOOK, JOIN, LATER)


def test_nobody_makes_out_of_date_what_was_written_for_them() -> None:
    assert not tied(LOOK, WRITE, LATER)
    assert tied(LOOK, WRITE, JOIN)


def test_a_text_that_is_written_about_a_thing_is_no_question_about_it() -> None:
    step, follows = asked(LOOK, WRITE)
    assert follows
    assert not asks_of_one(WORLD.spec, step)
    told = step._replace(result={"time": "08:00", "seats": 4})
    assert asks_of_one(WORLD.spec, told)
