"""A small harbour of which nothing but a contract is known: berths that are hired, and boats that go by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.adapters.world_file import ready
from fr_envs.contract.loading import spec_from_dict

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["SPEC", "WORLD", "Harbour"]


class Harbour:
    """Berths of a harbour, the boats in them, and who has hired what."""

    def __init__(self) -> None:
        """Begin with three berths and three boats."""
        self.berths = {
            f"B{k}": {"berth_id": f"B{k}", "pier": pier, "price": 20 + k * 5}
            for k, pier in ((3, "North"), (1, "South"), (2, "West"))
        }
        self.hires: dict[str, dict[str, Any]] = {}
        self.boats = {name: {"boat": name, "washed": name == "Elsa"} for name in ("Elsa", "Puffin", "Tern")}

    def list_berths(self) -> list[dict[str, Any]]:
        """List the berths."""
        return [dict(berth) for berth in self.berths.values()]

    def hire_berth(self, berth_id: str, day: str) -> dict[str, Any]:
        """Hire a berth."""
        hire_id = f"H{len(self.hires) + 1}"
        self.hires[hire_id] = {"hire_id": hire_id, "berth_id": berth_id, "day": day, "paid": False}
        return dict(self.hires[hire_id])

    def list_hires(self) -> list[dict[str, Any]]:
        """List the hires."""
        return [dict(hire) for hire in self.hires.values()]

    def move_hire(self, hire_id: str, day: str) -> dict[str, Any]:
        """Move a hire to another day."""
        self.hires[hire_id]["day"] = day
        return dict(self.hires[hire_id])

    def pay_hire(self, hire_id: str) -> dict[str, Any]:
        """Pay for a hire."""
        self.hires[hire_id]["paid"] = True
        return dict(self.hires[hire_id])

    def boats_here(self) -> list[dict[str, Any]]:
        """Which boats are here."""
        return [dict(boat) for boat in self.boats.values()]

    def wash_boat(self, boat: str) -> dict[str, Any]:
        """Wash a boat."""
        if self.boats[boat]["washed"]:
            raise ValueError(f"{boat} is clean")
        self.boats[boat]["washed"] = True
        return dict(self.boats[boat])

    def see_off(self, boat: str) -> dict[str, Any]:
        """Remove a boat that has left."""
        del self.boats[boat]
        return {"left": boat}


_DAY: JsonObject = {"schema": {"type": "string", "examples": ["2026-05-04", "2026-05-09", "2026-05-13"]}}
_BERTH: JsonObject = {"berth_id": {"kind": "berth_id"}, "pier": {"schema": {"type": "string"}},
                      "price": {"schema": {"type": "integer"}}}  # fmt: skip
_HIRE: JsonObject = {"hire_id": {"kind": "hire_id"}, "berth_id": {"kind": "berth_id"},
                     "day": {"schema": {"type": "string"}}, "paid": {"schema": {"type": "boolean"}}}  # fmt: skip
_BOAT: JsonObject = {"boat": {"kind": "boat"}, "washed": {"schema": {"type": "boolean"}}}
_ERRORS: JsonObject = {
    "tool_failed": "The tool failed.", "time_limit": "It took too long.", "no_json": "It cannot be shown.",
}  # fmt: skip


def _tool(effect: str, asked: str, parameters: JsonObject, returns: JsonObject, description: str) -> Json:
    return {
        "description": description, "effect": effect, "parameters": parameters, "returns": returns,
        "request_templates": [asked], "errors": _ERRORS,
    }  # fmt: skip


def _rows(fields: JsonObject) -> JsonObject:
    return {"result": {"array": {"object": fields}}}


SPEC: JsonObject = {
    "name": "harbour",
    "id": "FunReason/Harbour-v0",
    "version": "1.0.0",
    "summary": "Berths of a harbour.",
    "policy": "Use the tools as their descriptions say.",
    "kinds": {
        "berth_id": {
            "schema": {"type": "string"}, "origin": "issued", "description": "A berth.",
            "anaphora": ["that berth"], "references": [{"text": "the {pier} berth", "by": ["pier"]}],
        },
        "hire_id": {
            "schema": {"type": "string"}, "origin": "issued", "description": "A hire.", "anaphora": ["that hire", "it"],
            "references": [{"text": "the hire on {day}", "by": ["day"]}],
        },
        "boat": {
            "schema": {"type": "string"}, "origin": "named", "description": "Name of a boat.",
            "examples": ["Elsa", "Puffin", "Tern"], "statement_templates": ["The boat is {}."],
        },
    },
    "facts": {},
    "tools": {
        "list_berths": _tool("read", "show me the berths", {}, _rows(_BERTH), "List the berths."),
        "hire_berth": _tool(
            "write", "hire {berth_id} on {day}", {"berth_id": {"kind": "berth_id"}, "day": _DAY}, _HIRE, "Hire a berth."
        ),
        "list_hires": _tool("read", "show me the hires", {}, _rows(_HIRE), "List the hires."),
        "move_hire": _tool(
            "write", "move {hire_id} to {day}", {"hire_id": {"kind": "hire_id"}, "day": _DAY}, _HIRE, "Move a hire."
        ),
        "pay_hire": _tool("write", "pay for {hire_id}", {"hire_id": {"kind": "hire_id"}}, _HIRE, "Pay for a hire."),
        "boats_here": _tool("read", "which boats are here?", {}, _rows(_BOAT), "Which boats are here."),
        "wash_boat": _tool("write", "wash {boat}", {"boat": {"kind": "boat"}}, _BOAT, "Wash a boat."),
        "see_off": _tool(
            "write", "remove {boat}", {"boat": {"kind": "boat"}}, {"left": {"schema": {"type": "string"}}}, "Remove."
        ),
    },
}  # fmt: skip

WORLD: Any = ready(domain_from_object(Harbour, name="harbour", spec=spec_from_dict(SPEC)))
"""The harbour as a world."""
