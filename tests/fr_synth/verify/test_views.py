"""The proof of views: whatever is done to a view, or to what is said under one, is found, even by a careful forger.

1. Every dialogue that renames passes every proof, its task is won by the reference, and it says what it says in the
   names that are offered.
2. Each way to spoil a view, or a message under one, is noticed; lines agree and seals are made anew.
3. A tool that does all of a turn in fewer calls, and more that the goal refuses, must not be offered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.contract.view import ToolView, View
from fr_envs.episode.task import Goal
from fr_envs.episode.trajectory import first_state
from fr_envs.world.lens import Lens
from fr_envs.world.tool_call import ToolCall
from fr_synth.evaluate.playing import rollouts
from fr_synth.run.config import RunConfig
from fr_synth.run.job import synthesise
from fr_synth.trace.macro import AdvancedTool
from fr_synth.trace.records import CallRecord, Dialogue, TurnRecord
from fr_synth.trace.rows import decode, encode
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS, prove
from fr_synth.verify.views import view as view_proof
from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first

if TYPE_CHECKING:
    from collections.abc import Callable


WORLDS = ("banking", "filesystem", "travel")


@pytest.fixture(scope="module")
def records() -> list[Dialogue]:
    return list(synthesise(RunConfig(domains=WORLDS, seed=3, rename=1.0, turns=(1, 3)), count=9).records)


def test_a_dialogue_under_other_names_is_proven_and_played(records: list[Dialogue]) -> None:
    for record in records:
        assert record.view is not None
        assert record.view.renames
        assert prove(record, load_domain(record.domain)) is None
        assert decode(encode(record), "here") == record
        names = {tool["function"]["name"] for tool in json.loads(record.tools)}
        called = {call["function"]["name"] for m in record.messages for call in m.get("tool_calls", ())}
        assert called <= names
    assert [rollout.score for rollout in rollouts(records, "oracle")] == [1.0] * len(records)


def _views(record: Forged) -> list[Any]:
    found: list[Any] = record.task["view"]["tools"]
    return found


def _renamed(record: Forged) -> Any:
    names = {function["name"] for function in record.calls}
    return first(each for each in _views(record) if each.get("name") in names)


def _offered_again(record: Forged) -> None:
    """Let the forger write the tools as the view that he has changed has them."""
    view = msgspec.convert(record.task["view"], View)
    record.row["tools"] = Lens(record.domain.spec, view).offer_json()


def a_tool_named_otherwise_in_one_message(record: Forged) -> None:
    renamed = _renamed(record)
    function = first(function for function in record.calls if function["name"] == renamed["name"])
    function["name"] = renamed["tool"]


def a_result_under_the_own_name(record: Forged) -> None:
    renamed = _renamed(record)
    message = first(m for m in record.messages if m["role"] == "tool" and m["name"] == renamed["name"])
    message["name"] = renamed["tool"]


def a_parameter_under_its_own_name(record: Forged) -> None:
    renamed = first(
        (function, own, offered)
        for each in _views(record)
        for own, offered in each.get("parameters", {}).items()
        for function in record.calls
        if function["name"] == each.get("name", each["tool"]) and offered in function["arguments"]
    )
    function, own, offered = renamed
    function["arguments"] = {own if key == offered else key: v for key, v in function["arguments"].items()}


def a_view_that_lacks_a_tool_that_is_called(record: Forged) -> None:
    renamed = _renamed(record)
    _views(record).remove(renamed)
    record.row["tools"] = json.dumps(
        [tool for tool in json.loads(record.row["tools"]) if tool["function"]["name"] != renamed["name"]],
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip


def a_view_that_lacks_a_tool_beside(record: Forged) -> None:
    names = {function["name"] for function in record.calls}
    _views(record).remove(first(each for each in _views(record) if each.get("name", each["tool"]) not in names))
    _offered_again(record)


def two_descriptions_swapped(record: Forged) -> None:
    one, other = _views(record)[:2]
    tools = record.domain.spec.tools
    told = [each.get("description") or tools[each["tool"]].description for each in (one, other)]
    one["description"], other["description"] = told[::-1]
    _offered_again(record)


def two_names_swapped(record: Forged) -> None:
    one = _renamed(record)
    other = first(each for each in _views(record) if each is not one and each.get("name"))
    one["name"], other["name"] = other["name"], one["name"]
    _offered_again(record)


def two_tools_of_one_name(record: Forged) -> None:
    one = _renamed(record)
    first(each for each in _views(record) if each is not one)["name"] = one["name"]


def a_name_that_the_contract_does_not_know(record: Forged) -> None:
    names = {function["name"] for function in record.calls}
    each = first(each for each in _views(record) if each.get("name", each["tool"]) not in names)
    each["name"] = "do_something_else"
    _offered_again(record)


def a_parameter_name_that_the_contract_does_not_know(record: Forged) -> None:
    names = {function["name"] for function in record.calls}
    tools = record.domain.spec.tools
    each = first(
        each for each in _views(record)
        if each.get("name", each["tool"]) not in names and tools[each["tool"]].parameters
    )  # fmt: skip
    each["parameters"] = {next(iter(tools[each["tool"]].parameters)): "whatever"}
    each.pop("omitted", None)
    _offered_again(record)


def a_parameter_omitted_that_a_call_gives(record: Forged) -> None:
    tools = record.domain.spec.tools
    each, own = first(
        (each, name)
        for each in _views(record)
        for name, parameter in tools[each["tool"]].parameters.items()
        for function in record.calls
        if function["name"] == each.get("name", each["tool"])
        and not parameter.required
        and each.get("parameters", {}).get(name, name) in function["arguments"]
    )
    each["omitted"] = [*each.get("omitted", ()), own]
    each.get("parameters", {}).pop(own, None)
    _offered_again(record)


def a_required_parameter_omitted(record: Forged) -> None:
    tools = record.domain.spec.tools
    each, name = first(
        (each, name) for each in _views(record) for name, p in tools[each["tool"]].parameters.items() if p.required
    )
    each["omitted"] = [name]
    each.get("parameters", {}).pop(name, None)


def a_tool_that_the_world_has_not(record: Forged) -> None:
    _views(record).append({"tool": "open_sesame"})


def a_tool_twice(record: Forged) -> None:
    _views(record).append({"tool": _views(record)[0]["tool"], "name": "tool_999"})


def another_order_than_shown(record: Forged) -> None:
    _views(record).reverse()


def a_view_that_is_not_there(record: Forged) -> None:
    record.task["view"] = None


def a_thought_that_names_a_tool_by_its_own_name(record: Forged) -> None:
    each = first(each for each in _views(record) if each.get("name") and "_" in each["tool"])
    record.messages[record.at("assistant")]["reasoning_content"] += f" I will call {each['tool']}."


def a_request_that_names_a_tool_as_offered(record: Forged) -> None:
    each = first(each for each in _views(record) if "_" in each.get("name", ""))
    record.user()["content"] += f" Use {each['name']}."


def a_description_that_is_not_shown(record: Forged) -> None:
    record.row["tools"] = record.row["tools"].replace('"description":"', '"description":"Best! ', 1)


SPOILINGS = [
    (a_tool_named_otherwise_in_one_message, "replays text"),
    (a_result_under_the_own_name, "text"),
    (a_parameter_under_its_own_name, "replays text"),
    (a_view_that_lacks_a_tool_that_is_called, "replays text"),
    (a_view_that_lacks_a_tool_beside, "text"),
    (two_descriptions_swapped, "view"),
    (two_names_swapped, "replays text"),
    (two_tools_of_one_name, "replays text"),
    (a_name_that_the_contract_does_not_know, "view"),
    (a_parameter_name_that_the_contract_does_not_know, "view"),
    (a_parameter_omitted_that_a_call_gives, "replays text view"),
    (a_required_parameter_omitted, "text replays"),
    (a_tool_that_the_world_has_not, "text"),
    (a_tool_twice, "text"),
    (another_order_than_shown, "text"),
    (a_view_that_is_not_there, "replays text"),
    (a_thought_that_names_a_tool_by_its_own_name, "claims view faithful"),
    (a_request_that_names_a_tool_as_offered, "claims hidden view"),
    (a_description_that_is_not_shown, "text"),
]


@pytest.mark.parametrize(("edit", "proofs"), SPOILINGS, ids=[edit.__name__ for edit, _ in SPOILINGS])
def test_a_careful_forger_is_found(edit: Callable[[Forged], None], proofs: str, records: list[Dialogue]) -> None:
    tried = 0
    for dialogue in records:
        forged = Forged(encode(dialogue))
        try:
            edit(forged)
        except Unfit:
            continue
        forged.agree(follow=True, replay=False)
        finding = prove(decode(forged.lines(), "forged"), load_domain(dialogue.domain))
        assert finding is not None
        assert finding.proof in proofs.split(), finding
        assert "seal" not in finding.problem, finding
        tried += 1
    assert tried


# ---------------------------------------------------------------------------------------------- what the proof asks

SEEN_BY_THE_PROOF = (
    two_descriptions_swapped,
    a_name_that_the_contract_does_not_know,
    a_parameter_omitted_that_a_call_gives,
    a_view_that_lacks_a_tool_that_is_called,
    a_request_that_names_a_tool_as_offered,
)


def _problems(dialogue: Dialogue) -> list[str]:
    return list(view_proof(gather(dialogue, load_domain(dialogue.domain))))


def test_each_spoilt_view_is_noticed_by_the_proof_itself(records: list[Dialogue]) -> None:
    noticed = 0
    for dialogue in records:
        for edit in SEEN_BY_THE_PROOF:
            forged = Forged(encode(dialogue))
            try:
                edit(forged)
            except Unfit:
                continue
            assert _problems(decode(forged.lines(), "forged"))
            noticed += 1
        assert _problems(dialogue) == []
    assert noticed > len(records)


def test_codes_that_nothing_tells_apart_are_refused(records: list[Dialogue]) -> None:
    dialogue = next(each for each in records if each.domain == "banking")
    assert dialogue.view is not None
    twins = ToolView("list_transactions", parameters={"from_date": "arg_a", "to_date": "arg_b"})
    others = tuple(each for each in dialogue.view.tools if each.tool != twins.tool)
    changed = msgspec.structs.replace(dialogue, view=View((*others, twins)))
    assert any("what tells it from the others" in problem for problem in _problems(changed))


def _looks_and_removes(offered: tuple[str, ...]) -> Dialogue:
    """Return a dialogue whose turn looks at a file twice and wants a part of what removing it would do."""
    domain = load_domain("filesystem")
    state = first_state(domain, (4,), "tiny")
    outcomes = (
        (path, domain.apply(state, ToolCall("rm", {"path": path})))
        for path in domain.entities(state, "file_path") or ()
    )
    path, changes = next((path, state.diff(each.state)) for path, each in outcomes if len(state.diff(each.state)) > 1)
    calls = tuple(
        CallRecord(
            turn=0, message=2, name=name, arguments={"path": path}, digest="", sources={}, user_requested=True,
            result=domain.apply(state, ToolCall(name, {"path": path})).value,
        )
        for name in ("stat", "cat")
    )  # fmt: skip
    macro = AdvancedTool(name="x", description="x", parameters={}, steps=(), example={})
    turn = TurnRecord(
        kind="act",
        target="",
        message=1,
        easy="",
        goal=Goal(changes=changes[:1]),
        advanced=macro,
        mentions=(),
        attempts=1,
    )
    return Dialogue(
        id="short", domain="filesystem", domain_version="1.0.0", scale="tiny", seed=(4,), teacher="",
        messages=({"role": "system", "content": ""}, {"role": "user", "content": "Look."}), tools="[]", turns=(turn,),
        calls=calls, sha256="", offered=offered, view=View(tuple(map(ToolView, offered))),
    )  # fmt: skip


def test_a_short_cut_that_the_goal_refuses_is_found() -> None:
    problem = "turn 0: rm does it all in fewer calls, and more that the goal refuses"
    assert problem in _problems(_looks_and_removes(("cat", "rm", "stat")))


def test_without_the_tool_there_is_no_short_cut() -> None:
    assert _problems(_looks_and_removes(("cat", "chmod", "stat"))) == []


def test_the_proof_is_one_of_a_records_proofs() -> None:
    assert PROOFS["view"] is view_proof
