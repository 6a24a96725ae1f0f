"""Words for contracts that lack them: how a user asks for a tool, points at its results and is told of them.

The scripted teacher takes every sentence from the contract, and foreign contracts have none. ``worded`` fills in what
is missing from descriptions and names, and leaves alone what a person has written; so a corrected contract file
overrides it phrase by phrase.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.inference.values import options_of
from fr_envs.adapters.words.filling import filled
from fr_envs.adapters.words.grammar.attaching import (
    changes,
    with_article,
)
from fr_envs.adapters.words.grammar.participles import about_it
from fr_envs.adapters.words.grammar.phrases import (
    Phrase,
    phrase_of,
    shared_beginning,
)
from fr_envs.adapters.words.grammar.shaping import shaped, wished_by
from fr_envs.adapters.words.grammar.smoothing import at_once
from fr_envs.adapters.words.looking import asked, lists, looked_for, without_members
from fr_envs.adapters.words.places import (
    with_units,
    words_for,
)
from fr_envs.adapters.words.pointing import (
    is_handle,
    is_query,
    is_where,
    own_identifier,
    sayable,
    worded_kind,
)
from fr_envs.adapters.words.questions import asked_in, questions, without_unit
from fr_envs.adapters.words.values.choosing import chosen_of
from fr_envs.adapters.words.values.described import (
    by_its_key,
    on_a_plan,
    with_sum_first,
)
from fr_envs.adapters.words.values.settings import behind_what, changed_to, counted_in, marked, optional_clause
from fr_envs.adapters.words.values.spots import are_plain
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import PLACEHOLDER, DomainSpec, Leaf, Parameter, ToolSpec, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


__all__ = ["own_identifier", "worded"]


def worded(spec: DomainSpec) -> DomainSpec:
    """Return a contract with words for every tool and kind that has none.

    A tool that nobody could ask for in words (it demands a truth value, which no sentence says) stays without.

    Example:
        >>> from fr_envs.adapters.lists.tool_lists import spec_from_tools
        >>> schema = {"properties": {"city": {"type": "string"}}, "required": ["city"]}
        >>> tool = {"name": "get_zip", "description": "Get the zip code of a city.", "parameters": schema}
        >>> worded(spec_from_tools([tool], name="post")).tools["get_zip"].request_templates[0]
        "what's the zip code of {city}?"
    """
    cut = shared_beginning(tool.description for tool in spec.tools.values())
    kinds = {name: worded_kind(kind, spec) for name, kind in spec.kinds.items()}
    spec = msgspec.structs.replace(spec, kinds=kinds)
    tools = {name: _tool(tool, spec, tool.description[cut:]) for name, tool in spec.tools.items()}
    return msgspec.structs.replace(spec, tools=tools)


# ---------------------------------------------------------------------------------------------------------- tools


def _tool(tool: ToolSpec, spec: DomainSpec, description: str) -> ToolSpec:
    phrase = _phrase(tool, description)
    tool, rest = chosen_of(tool, spec, phrase.rest)
    phrase = phrase._replace(rest=rest)
    required = with_units([p for p in tool.parameters.values() if p.required], description, spec)
    said = all(sayable(spec, p.field) for p in required)
    parameters = {
        name: p
        if p.clause or p.required
        else msgspec.structs.replace(p, clause=optional_clause(spec, p, tool, phrase.verb))
        for name, p in tool.parameters.items()
    }
    asks = tool.request_templates or (tuple(_asks(tool, spec, phrase, required)) if said and not tool.implicit else ())
    return msgspec.structs.replace(
        tool,
        parameters={name: behind_what(p, asks) for name, p in parameters.items()},
        request_templates=asks,
        nouns=tool.nouns or (_nouns(tool, spec, phrase, required) if said else {}),
    )


def _phrase(tool: ToolSpec, description: str) -> Phrase:
    """Return what a tool does; where it changes what its options say, its name alone: "update the task"."""
    phrase = phrase_of(tool.name, description, reads=tool.effect == "read")
    phrase = phrase._replace(rest=about_it(phrase.rest))
    by_name = phrase_of(tool.name, "")
    options = any(not p.required for p in tool.parameters.values())
    return by_name if changes(phrase.verb) and changes(by_name.verb) and options and by_name.rest else phrase


def _asks(tool: ToolSpec, spec: DomainSpec, phrase: Phrase, required: Sequence[Parameter]) -> Iterator[str]:
    if tool.effect == "read":
        yield from _asks_to_know(tool, spec, phrase, required)
        return
    stands = marked(phrase.verb, required, spec)
    if stands:
        yield stands
        return
    known = changes(phrase.verb) and not phrase.rest.startswith("up ")
    plain = _without_optional(f"{phrase.verb} {with_article(phrase.rest, known=known)}".strip(), tool, spec)
    order = filled(plain, spec, required, phrase.verb)
    placed = any(is_where(p.field, p.name, spec) for p in required)
    order = shaped(
        order if placed else at_once(order, tool.parameters),
        [p.name for p in required if are_plain(field_schema(spec, p.field).get("enum"))],
    )
    settings = () if PLACEHOLDER.fullmatch(order.partition(" ")[2]) is None else changed_to(order, tool, spec)
    if settings:
        yield from settings
        return
    order = on_a_plan(
        with_sum_first(by_its_key(counted_in(order, tool, spec))), [p.name for p in required if _is_choice(spec, p)]
    )
    yield from (order, *wished_by(order))


def _is_choice(spec: DomainSpec, parameter: Parameter) -> bool:
    """Return True for one of some plain words, as its schema or its description names them."""
    kind = spec.kinds.get(parameter.field.kind or "")
    named = field_schema(spec, parameter.field).get("enum") or (kind.examples if kind is not None else ())
    return are_plain([*named] or options_of(parameter.field))


def _asks_to_know(tool: ToolSpec, spec: DomainSpec, phrase: Phrase, required: Sequence[Parameter]) -> Iterator[str]:
    """Iterate over how people ask for what a tool reads, as questions where there is one."""
    if clause := asked_in(tool.description):
        doing = _DOING.search(clause)
        said = _without_optional(clause, tool, spec)
        yield from questions(filled(said, spec, required, doing[1] if doing is not None else phrase.verb))
        return
    if phrase.verb == "read" and lists(tool.returns):
        phrase = phrase._replace(verb="list")  # "Read Orders"
    of_one = len(required) == 1 and phrase.rest in words_for(required[0], spec)  # "Read Invoice"
    gauges = phrase.verb in _GAUGES and (phrase.rest.startswith("the ") or of_one)
    gauged = without_unit(phrase.rest) if gauges else ""
    wanted = with_article(without_unit(phrase.wanted) or gauged, known=True)
    handles = [p for p in required if is_handle(spec, p)]
    queried = any(is_query(p.name) for p in required)
    if lists(tool.returns) or not (tool.returns or handles) or (phrase.verb in _SEEKING and not handles):
        plain = Phrase(phrase.verb, _without_optional(wanted or phrase.rest, tool, spec))
        plain = plain._replace(rest=without_members(plain.rest, tool.returns))
        looks = [] if queried else list(looked_for(plain))
        yield from (filled(text, spec, required, phrase.verb) for text in looks)
        if looks:
            return
    plain_text = _without_optional(wanted or f"{phrase.verb} {with_article(phrase.rest)}".strip(), tool, spec)
    yield from asked(filled(plain_text, spec, required, phrase.verb), wanted=bool(wanted))


_DOING = re.compile(r"\bto ([a-z]+) an?\b")
_GAUGES = frozenset({"measure", "read"})
_SEEKING = frozenset({"browse", "find", "list", "search"})


def _without_optional(text: str, tool: ToolSpec, spec: DomainSpec) -> str:
    """Take off the end of a phrase what only an argument that may be left out would say: "of a guest"."""
    for parameter in tool.parameters.values():
        if not parameter.required:
            words = "|".join(sorted({re.escape(word) for word in words_for(parameter, spec)}))
            text = re.sub(
                rf"\s+(?:of|for|in|by|with|from|to|on|at)\s+(?:an?|the|some)\s+(?:{words})$", "", text, flags=re.I
            )
    return text


# --------------------------------------------------------------------------------------------------------- results


def _dotted(leaf: Leaf) -> str:
    return ".".join(part for part in leaf.path if part != "*")


def _nouns(
    tool: ToolSpec, spec: DomainSpec, phrase: Phrase, required: Sequence[Parameter]
) -> dict[str, tuple[str, ...]]:
    """Return noun phrases for the one value of a kind that a read gives: what its description says that it gets."""
    given = list(leaves(tool.returns))
    alone = len(given) == 1 and given[0].kind is not None and "*" not in given[0].path
    if tool.effect != "read" or not alone or not phrase.wanted:
        return {}
    return {_dotted(given[0]): (filled(phrase.wanted, spec, required, phrase.verb),)}
