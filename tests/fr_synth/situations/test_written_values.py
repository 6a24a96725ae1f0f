"""Values that a situation has written down, added up or converted, each with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.situation.loading import load_situations
from fr_synth.run.trial import trial_of
from fr_synth.situations.rules import work_out
from fr_synth.situations.scope import Result, Scope, Worked
from fr_synth.trace.dataflow.provenance import Derived
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine
from tests.fr_synth.walks import new_walk

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

ROWS = [
    {"date": "2027-03-01", "subject": "Yard House, Kiel", "amount": 210.0, "kind": "charge"},
    {"date": "2027-02-27", "subject": "Car in Kiel", "amount": 80.5, "kind": "refund"},
]
SCOPE = Scope({"bills": Result(0, "", {"rows": ROWS}), "head": Worked("date,amount"), "rate": Worked(0.1338)})


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"table": "bills.rows", "columns": ["subject", "amount"]}, '"Yard House, Kiel",210.00\nCar in Kiel,80.50\n'),
        (
            {"table": "bills.rows", "columns": ["date", "amount"], "head": "head", "where": {"kind": "charge"}},
            "date,amount\n2027-03-01,210.00\n",
        ),
        ({"total": "bills.rows", "member": "amount"}, 290.5),
        ({"converted": ["bills.rows.0.amount", "rate"]}, 28.1),
        ({"table": "bills.rows", "columns": ["subject"], "most": 1}, None),
        ({"total": "bills.rows", "member": "amount", "where": {"kind": "gift"}}, None),
        ({"table": "bills.rows", "columns": ["nothing"]}, None),
    ],
)
def test_each_rule_gives_its_value(rule: JsonObject, value: Json) -> None:
    worked = work_out(rule, SCOPE, new_walk())
    assert (worked.value if worked else None) == value


def test_a_file_made_of_several_outputs_is_proven_and_a_changed_one_is_not() -> None:
    domain = load_domain("filesystem+travel")
    charges = next(each for each in load_situations() if each.name == "travel_charges_as_csv")
    dialogue = trial_of(charges, domain, 1, keep=1).dialogues[0]
    number, call = next((k, c) for k, c in enumerate(dialogue.calls) if c.name == "write_file")
    source = call.sources["/content"]
    assert isinstance(source, Derived)
    assert source.expression == "lines"
    assert examine(gather(dialogue, domain)) is None
    swapped = Derived("lines", source.inputs[::-1])
    calls = list(dialogue.calls)
    calls[number] = msgspec.structs.replace(call, sources={**call.sources, "/content": swapped})
    finding = examine(gather(msgspec.structs.replace(dialogue, calls=tuple(calls)), domain))
    assert finding is not None
    assert finding.proof == "grounded"
