"""Contracts under the keys of an earlier release.

1. Such a contract is refused by file, line and pointer, with the new name and the command that renames the key.
2. The upgrade changes keys at the right places and nothing else; done twice, it changes nothing more.
3. What cannot be upgraded safely is left as it is and named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import env_specs
from fr_envs.contract.loading import read_spec, spec_faults, spec_from_dict, upgrade_contract
from fr_envs.contract.upgrade import NEW_NAMES, old_keys, upgraded
from fr_envs.errors import SpecError
from tests.fr_envs.small_world import CONTRACT
from tests.rounds import rounds

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import JsonObject

TEXT = """\
# asks: in a comment
name: told   # told
tools:
  a: &a
    asks: [x]        # asks: stays here
    "says": ['says asks: y']
    parameters: {asks: {kind: told}, again: {kind: told}}
  b:
    <<: *a
    description: "asks: no"
  asks: {asks: [ "q" ], 'says' : [z], returns: {says: {}}}
  c:
    description: |
      asks: in a text
    ? !!str asks
    : - p
kinds:
  told: {told: ["x {}"], again: [y], refer: [{text: again, by: [told]}]}
  asks: {asks: no key of kinds}
facts:
  again: {told: 1}
"""

RENAMED = """\
# asks: in a comment
name: told   # told
tools:
  a: &a
    request_templates: [x]        # asks: stays here
    "response_templates": ['says asks: y']
    parameters: {asks: {kind: told}, again: {kind: told}}
  b:
    <<: *a
    description: "asks: no"
  asks: {request_templates: [ "q" ], 'response_templates' : [z], returns: {says: {}}}
  c:
    description: |
      asks: in a text
    ? !!str request_templates
    : - p
kinds:
  told: {statement_templates: ["x {}"], anaphora: [y], references: [{text: again, by: [told]}]}
  asks: {asks: no key of kinds}
facts:
  again: {told: 1}
"""


def upgrade(text: str) -> str:
    return upgraded(text, yaml.safe_load(text), "here").text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ["", "\ufeff"])
def test_keys_change_at_their_places_alone(end: str, first: str) -> None:
    text, expected = ((first + each).replace("\n", end) for each in (TEXT, RENAMED))
    found = upgraded(text, yaml.safe_load(text), "here")
    assert found.text == expected
    assert [(line, key.pointer) for line, key in found.lines] == [
        (5, "/tools/a/asks"), (6, "/tools/a/says"), (11, "/tools/asks/asks"), (11, "/tools/asks/says"),
        (15, "/tools/c/asks"), (18, "/kinds/told/told"), (18, "/kinds/told/again"), (18, "/kinds/told/refer"),
    ]  # fmt: skip
    assert upgraded(expected, yaml.safe_load(expected), "here") == (expected, ())


def olden(contract: JsonObject) -> JsonObject:
    """A contract as an earlier release had it."""
    old: JsonObject = {**contract}
    for section, names in NEW_NAMES.items():
        back = {new: key for key, new in names.items()}
        parts = contract[section].items()
        old[section] = {name: {back.get(k, k): v for k, v in part.items()} for name, part in parts}
    return old


@pytest.mark.slow
@settings(max_examples=rounds(9, 25))  # three ways to lay it out, two orders, and widths
@given(style=st.sampled_from([None, True, False]), width=st.integers(20, 200), aside=st.booleans())
def test_a_contract_comes_back_as_it_is_now(style: bool | None, width: int, aside: bool) -> None:
    text = yaml.safe_dump(olden(CONTRACT), default_flow_style=style, width=width, sort_keys=aside)
    assert yaml.safe_load(upgrade(text)) == CONTRACT


@pytest.mark.slow
@pytest.mark.parametrize("name", env_specs.names())
def test_the_shipped_contracts_are_left_as_they_are(name: str) -> None:
    text = env_specs.contract_path(name).read_text(encoding="utf-8")
    assert upgraded(text, yaml.safe_load(text), name) == (text, ())


def test_an_old_key_is_refused_with_its_new_name(tmp_path: Path) -> None:
    file = tmp_path / "my world.yaml"
    file.write_text("# mine\n" + yaml.safe_dump(olden(CONTRACT), sort_keys=False), encoding="utf-8")
    said = "is called statement_templates now; rename it, or run funreason spec upgrade "
    with pytest.raises(SpecError) as caught:
        read_spec(file)
    line = 1 + file.read_text(encoding="utf-8").splitlines().index("    again:")
    assert str(caught.value).startswith(f"{file}:{line}: /kinds/book_id/again: is called anaphora now; ")
    assert str(caught.value).endswith(f"funreason spec upgrade '{file}'")
    faults = spec_faults(file)
    assert {fault.pointer for fault in faults} == {key.pointer for key in old_keys(olden(CONTRACT))}
    assert any(said in str(fault) for fault in faults)
    with pytest.raises(SpecError, match=r"^<memory>: /kinds/book_id/again: .* upgrade FILE$"):
        spec_from_dict(olden(CONTRACT))


def test_an_upgraded_contract_reads_as_the_one_of_now(tmp_path: Path) -> None:
    file = tmp_path / "library.yaml"
    file.write_text(yaml.safe_dump(olden(CONTRACT), sort_keys=False), encoding="utf-8")
    file.write_text(upgrade_contract(file).text, encoding="utf-8")
    assert read_spec(file).tools == spec_from_dict(CONTRACT).tools


UNSAFE: dict[str, tuple[str, str, str]] = {
    "both names": ("tools: {a: {asks: [x], request_templates: [y]}}", "/tools/a/asks", "beside request_templates"),
    "both names, one merged in": (
        "tools: {a: &a {asks: [x]}, b: {<<: *a, request_templates: [y]}}", "/tools/b/asks", "beside request_templates",
    ),
    "a key through an alias": ("name: &k asks\ntools: {a: {*k : [x]}}", "", "without changing more"),
    "a key that is escaped": ('tools: {a: {"\\x61sks": [x]}}', "", "without changing more"),
    "no mapping": ("- asks", "", "is no contract"),
    "nothing": ("", "", "is no contract"),
    "no tools": ("kinds: {a: {told: [x]}}", "", "is no contract"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNSAFE)
def test_what_cannot_be_upgraded_is_named(case: str) -> None:
    text, pointer, problem = UNSAFE[case]
    with pytest.raises(SpecError, match=problem) as caught:
        upgrade(text)
    assert caught.value.pointer == pointer


@pytest.mark.parametrize("data", [None, [], "x", {"tools": None}, {"tools": {"a": None}}, {"kinds": [{"told": 1}]}])
def test_what_is_no_contract_has_no_old_keys(data: Any) -> None:
    assert list(old_keys(data)) == []
