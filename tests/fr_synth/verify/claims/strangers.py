"""Worlds of somebody else's, for which no words of ours ship: a garden, a surgery, a parcel depot."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec

import fr_envs
from fr_envs.adapters.enrich import complete
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.adapters.world_file import ready
from fr_synth.run.config import RunConfig
from fr_synth.run.making import make_index
from fr_synth.trace.rows import decode
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from fr_synth.trace.records import Dialogue
    from fr_synth.verify.evidence import Evidence

__all__ = ["facts", "found", "problems"]


class Plant(TypedDict):
    plant_id: str
    name: str
    bed: str
    watered: bool


class Garden:
    """A garden with beds and plants."""

    def __init__(self, rng: np.random.Generator) -> None:
        names = ["Rose", "Tulip", "Basil", "Sage", "Lavender", "Clematis"]
        beds = ["north bed", "south bed", "herb bed"]
        chosen = rng.permutation(len(names))[:5]
        self.plants: dict[str, list[Any]] = {
            f"P-{301 + 9 * k}": [names[int(j)], beds[k % 3], bool(k % 2)] for k, j in enumerate(chosen)
        }

    def list_plants(self) -> list[Plant]:
        """List all plants."""
        return [self.get_plant(key) for key in self.plants]

    def get_plant(self, plant_id: str) -> Plant:
        """Get a plant."""
        name, bed, watered = self.plants[plant_id]
        return {"plant_id": plant_id, "name": name, "bed": bed, "watered": watered}

    def water_plant(self, plant_id: str) -> dict[str, int]:
        """Water a plant."""
        if self.plants[plant_id][2]:
            raise ValueError("that plant has been watered already")
        self.plants[plant_id][2] = True
        return {"dry_plants": self.count_dry()}

    def count_dry(self) -> int:
        """Count the dry plants."""
        return sum(not watered for *_, watered in self.plants.values())


class Visit(TypedDict):
    visit_id: str
    patient: str
    doctor: str
    minutes: int
    status: str


class Surgery:
    """A doctor's surgery with visits."""

    def __init__(self, rng: np.random.Generator) -> None:
        people = ["Ida Moor", "Karl Benz", "Lena Voss", "Otto Hain", "Rita Falk"]
        doctors = ["Dr Amsel", "Dr Brandt"]
        chosen = rng.permutation(len(people))[:4]
        self.visits: dict[str, list[Any]] = {
            f"V{4100 + 13 * k}": [people[int(j)], doctors[k % 2], 10 + 5 * k, "planned"] for k, j in enumerate(chosen)
        }

    def list_visits(self) -> list[Visit]:
        """List all visits."""
        return [self._row(key) for key in self.visits]

    def check_in_patient(self, visit_id: str) -> dict[str, str]:
        """Check a patient in for a visit."""
        self._planned(visit_id)[3] = "waiting"
        return {"status": "waiting"}

    def extend_visit(self, visit_id: str, minutes: int) -> Visit:
        """Extend a visit.

        Args:
            visit_id: Identifier of the visit.
            minutes: By how many minutes, such as 5 or 15.
        """
        self._planned(visit_id)[2] += minutes
        return self._row(visit_id)

    def _row(self, key: str) -> Visit:
        patient, doctor, minutes, status = self.visits[key]
        return {"visit_id": key, "patient": patient, "doctor": doctor, "minutes": minutes, "status": status}

    def _planned(self, key: str) -> list[Any]:
        if self.visits[key][3] != "planned":
            raise ValueError("that visit is not planned any more")
        return self.visits[key]


class Parcel(TypedDict):
    parcel_no: str
    receiver: str
    city: str
    weight_kg: float
    postage: float
    state: str


class Depot:
    """A depot of parcels."""

    def __init__(self, rng: np.random.Generator) -> None:
        people = ["Nora Lind", "Emil Krog", "Tove Berg", "Anna Holm", "Jens Dahl"]
        cities = ["Bergen", "Malmo", "Turku", "Aarhus", "Gent"]
        a, b = rng.permutation(5), rng.permutation(5)
        self.parcels: dict[str, list[Any]] = {
            f"PX{70012 + 31 * k}": [
                *(people[int(a[k])], cities[int(b[k])]), 1.5 + 0.75 * k, round(4.9 + 2.35 * k, 2), "stored",
            ] for k in range(4)
        }  # fmt: skip

    def list_parcels(self) -> list[Parcel]:
        """List all parcels."""
        return [self._row(key) for key in self.parcels]

    def send_parcel(self, parcel_no: str) -> dict[str, float]:
        """Send a parcel off."""
        self._stored(parcel_no)[4] = "sent"
        return {"postage": self.parcels[parcel_no][3]}

    def readdress_parcel(self, parcel_no: str, city: str) -> Parcel:
        """Readdress a parcel to another city.

        Args:
            parcel_no: Number of the parcel.
            city: The city, such as 'Bergen', 'Malmo' or 'Gent'.
        """
        if self._stored(parcel_no)[1] == city:
            raise ValueError("it goes there already")
        self.parcels[parcel_no][1] = city
        return self._row(parcel_no)

    def _row(self, key: str) -> Parcel:
        receiver, city, weight, postage, state = self.parcels[key]
        return {
            "parcel_no": key, "receiver": receiver, "city": city,
            "weight_kg": weight, "postage": postage, "state": state,
        }  # fmt: skip

    def _stored(self, key: str) -> list[Any]:
        if self.parcels[key][4] != "stored":
            raise ValueError("that parcel is not stored any more")
        return self.parcels[key]


_WORLDS: dict[str, Any] = {"garden": Garden, "surgery": Surgery, "depot": Depot}
_TRIES = 40  # dialogues tried until one has a turn that ends with a tool


@functools.cache
def _registered(world: str) -> RunConfig:
    made = _WORLDS[world]
    contract = complete(domain_from_object(made, name=world), walks=12, length=6).spec
    fr_envs.register_world(world, lambda: ready(domain_from_object(made, name=world, spec=contract)))
    return RunConfig(domains=(world,), seed=7, turns=(2, 2)).checked()


@functools.cache
def _record(world: str, number: int) -> Evidence | None:
    lines = make_index(_registered(world), number).lines
    return None if lines is None else gather(decode(lines, world), fr_envs.load_domain(world))


def _turns(world: str, tool: str) -> Iterator[tuple[Evidence, int]]:
    for number in range(_TRIES):
        evidence = _record(world, number)
        for turn in range(0 if evidence is None else len(evidence.dialogue.turns)):
            calls = [call for call in evidence.dialogue.calls if call.turn == turn] if evidence else []
            first = all(call.name.startswith("list") for call in calls[:-1]) and not _changed(evidence, turn)
            if evidence and calls and calls[-1].name == tool and first and _listed(evidence.dialogue, turn):
                yield evidence, turn


def _changed(evidence: Evidence | None, turn: int) -> bool:
    """Return True if something was changed before a turn."""
    calls = evidence.dialogue.calls if evidence else ()
    return any(call.turn < turn and not call.name.startswith("list") for call in calls)


@functools.cache
def found(world: str, tool: str) -> tuple[Evidence, int]:
    """A record and its first turn that ends with a tool, after the things were listed."""
    return next(_turns(world, tool))


def _listed(dialogue: Dialogue, turn: int) -> list[dict[str, Any]]:
    lists = [v for call in dialogue.calls if call.turn <= turn for v in call.result.values() if isinstance(v, list)]
    return lists[-1] if lists else []


def facts(evidence: Evidence, turn: int) -> dict[str, Any]:
    """What the lies and their twins speak of: the thing that the turn is about, and others of the list."""
    rows = _listed(evidence.dialogue, turn)
    call = [each for each in evidence.dialogue.calls if each.turn == turn][-1]
    key, name = list(rows[0])[:2]
    mine = next((row for row in rows if row[key] in call.arguments.values()), rows[0])
    others = [row for row in rows if row is not mine]
    return {
        "unlike": next(row for row in others if list(row.values())[2] != list(mine.values())[2]),
        "act": mine[name], "key": mine[key], "mine": mine, "other": others[0], "another": others[0][name], "rows": rows,
        "given": call.arguments, "result": call.result, "last": rows[-1], "first": rows[0], "second": rows[1],
        "dry": next((row for row in others if not row.get("watered", True)), None),
        "wet": next((row for row in rows if row.get("watered")), None),
    }  # fmt: skip


def problems(evidence: Evidence, turn: int, text: str, *, more: bool) -> list[str]:
    """What is found where the reply of a turn is another one, or says ``more``."""
    messages = [dict(message) for message in evidence.dialogue.messages]
    begins = evidence.dialogue.turns[turn].message
    reply = next(m for m in messages[begins:] if m["role"] == "assistant" and not m.get("tool_calls"))
    reply["content"] = f"{reply['content']} {text}" if more else text
    spoilt = evidence._replace(dialogue=msgspec.structs.replace(evidence.dialogue, messages=tuple(messages)))
    return [problem for name in ("claims", "kinds") for problem in PROOFS[name](spoilt)]
