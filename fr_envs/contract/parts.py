"""The parts of a well-formed contract, from plain data to what they are in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.spec import Field, Flow, Kind, Parameter, Reference, ToolSpec

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["fact_lists", "flow_of", "kind_of", "tool_of", "violation_text"]


def kind_of(name: str, body: JsonObject) -> Kind:
    """Return a kind of a well-formed contract."""
    refer = tuple(msgspec.convert(r, Reference) for r in body.get("references", ()))
    lists: JsonObject = {
        key: tuple(body[key]) for key in ("examples", "scope", "statement_templates", "anaphora") if key in body
    }
    if "canonical" in body:
        lists["canonical"] = _listed(body["canonical"])
    rest: JsonObject = {key: body[key] for key in ("schema", "origin", "description", "unit", "format") if key in body}
    return Kind(name, references=refer, **lists, **rest)


_FIELD_KEYS = ("kind", "schema", "description", "nullable", "optional", "min_items", "max_items", "role")
_FACT_LISTS = ("holds", "lacks", "implies", "excludes")


def _field(body: JsonObject) -> Field:
    known: JsonObject = {key: body[key] for key in _FIELD_KEYS if key in body}
    known |= fact_lists(body)
    members = {name: _field(member) for name, member in body["object"].items()} if "object" in body else None
    return Field(array=_field(body["array"]) if "array" in body else None, object=members, **known)


def fact_lists(body: JsonObject) -> JsonObject:
    """Return what a part says of facts, as keyword arguments."""
    return {key: tuple(body[key]) for key in _FACT_LISTS if key in body}


def flow_of(body: JsonObject) -> Flow:
    """Return a flow of a well-formed contract; one role at an end may stand without a list."""
    return Flow(_listed(body["from"]), _listed(body["to"]), body["because"].strip())


def _listed(words: str | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


_LISTS = ("needs", "sets", "clears", "request_templates", "response_templates")


def tool_of(name: str, body: JsonObject, facts: JsonObject) -> ToolSpec:
    """Return a tool of a well-formed contract.

    Args:
        name: Its name.
        body: What the contract says of it.
        facts: What the contract says of its facts, by name.
    """
    parameters = {
        key: Parameter(key, _field(p), "default" not in p, p.get("default"), *_clause(p.get("clause")))
        for key, p in body["parameters"].items()
    }
    needed = [facts[fact] for fact in body.get("needs", ()) if "violation" in facts.get(fact, ())]
    violations = {fact["violation"]: fact["description"] for fact in needed}
    texts = {code: violation_text(text) for code, text in violations.items()}
    lists = {key: tuple(body[key]) for key in _LISTS if key in body}
    return ToolSpec(
        name=name, description=body["description"].strip(), parameters=parameters,
        returns={key: _field(field) for key, field in body["returns"].items()},
        effect=body["effect"], implicit=body.get("implicit", False),
        nouns={member: tuple(phrases) for member, phrases in body.get("nouns", {}).items()},
        errors={**texts, **body.get("errors", {})}, consent=body.get("consent"), steady=body.get("steady", {}),
        **lists,
    )  # fmt: skip


def violation_text(fact: str) -> str:
    """Return what an agent reads when a tool needs a fact that does not hold, unless the contract says otherwise."""
    return f"Not possible: this must hold first: {fact}"


def _clause(clause: Json) -> tuple[str | dict[str, str] | None, dict[str, tuple[str, ...]]]:
    """Return the words for optional values, and the further ones where a value has several."""
    if not isinstance(clause, dict):
        return clause, {}
    ways = {value: (words,) if isinstance(words, str) else tuple(words) for value, words in clause.items()}
    return {value: words[0] for value, words in ways.items()}, {v: words[1:] for v, words in ways.items() if words[1:]}
