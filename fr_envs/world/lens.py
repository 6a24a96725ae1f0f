"""Lens: a view held against a contract. Calls go in through it, errors and texts come out through it.

Results of tools that went through are the world's own and stay as they are; what the contract calls a result's members,
no view renames. An error that names arguments is told anew, of the arguments as the agent wrote them.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, TypeAlias

from fr_envs.contract.schemas import openai_tools
from fr_envs.contract.spec import leaves
from fr_envs.contract.validators import validator_of
from fr_envs.world.arguments import fits, invalid
from fr_envs.world.tool_call import ToolCall, ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import jsonschema_rs

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.contract.view import ToolView, View
    from fr_envs.json_values import JsonObject

__all__ = ["Lens", "lens_of"]


class Lens:
    """What an agent sees of a world, and what it means by what it writes.

    Args:
        spec: The world's contract.
        view: A view that fits it; see ``fr_envs.contract.view.checked_view``.
    """

    def __init__(self, spec: DomainSpec, view: View) -> None:
        """Keep both; what is made of them is made when it is asked for."""
        self.spec = spec
        self.view = view
        self.renames = view.renames
        self.tools = {each.tool: each for each in view.tools}
        self._meant = {each.offered: each for each in view.tools}
        self._written: tuple[tuple[str, ...], str] | None = None  # the last offer, which is asked for again

    def named(self, tools: Collection[str] | None = None) -> dict[str, str]:
        """Return name offered -> name in the contract, in the view's order.

        Args:
            tools: Names in the contract of those that are wanted; None for all.
        """
        return {name: each.tool for name, each in self._meant.items() if tools is None or each.tool in tools}

    # -------------------------------------------------------------------------------------------------- what is seen

    @functools.cached_property
    def openai_tools(self) -> dict[str, JsonObject]:
        """The tools of the view as OpenAI tools, by their names in the contract, in the view's order."""
        return {each.tool: self._as_openai(each) for each in self.view.tools}

    def offer_json(self, tools: Collection[str] = ()) -> str:
        """Return the tools as compact JSON text, the form that records carry.

        Args:
            tools: Names in the contract of those that are wanted; none for all.
        """
        names = tuple(name for name in self.openai_tools if not tools or name in tools)
        if self._written is None or self._written[0] != names:
            wanted = [self.openai_tools[name] for name in names]
            self._written = names, json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
        return self._written[1]

    def _as_openai(self, each: ToolView) -> JsonObject:
        own = _own_tools(self.spec)[each.tool]
        function: JsonObject = own["function"]
        description = self.text(each.description or function["description"])
        if not each.renames and description == function["description"]:
            return own
        told = {"name": each.offered, "description": description, "parameters": self._parameters(each.tool)}
        return {"type": "function", "function": told}

    def _parameters(self, tool: str) -> JsonObject:
        schema: JsonObject = _own_tools(self.spec)[tool]["function"]["parameters"]
        each = self.tools[tool]
        if not each.renames:
            return schema
        names = {name: each.parameters.get(name, name) for name in schema["properties"] if name not in each.omitted}
        properties = {offered: schema["properties"][name] for name, offered in names.items()}
        required = [names[name] for name in schema["required"]]
        return {**schema, "properties": properties, "required": required}

    def text(self, told: str) -> str:
        """Return a text in which tools and parameters are called as they are offered."""
        return told if self._words is None else _exchanged(told, self._words)

    def contract_text(self, shown: str) -> str:
        """Return a text in which tools and parameters are called as in the contract; undoes ``text``."""
        return shown if self._own_words is None else _exchanged(shown, self._own_words)

    @functools.cached_property
    def _words(self) -> _Words | None:
        found: dict[str, str] = {}
        for name, other in self._new_names.items():
            found[f"`{name}`"] = f"`{other}`"
            if _is_name(name):
                found[name] = other if _is_name(other) else f"`{other}`"
        return _pattern(found)

    @functools.cached_property
    def _own_words(self) -> _Words | None:
        found: dict[str, str] = {}
        for name, other in self._new_names.items():
            found[f"`{other}`"] = f"`{name}`"
            if _is_name(name) and _is_name(other):
                found[other] = name
        return _pattern(found)

    @functools.cached_property
    def _new_names(self) -> dict[str, str]:
        """Name in the contract -> name offered, of what a text may name: nothing that a result has a member of, too."""
        if not self.renames:
            return {}
        new = {name: each.offered for name, each in self.tools.items() if each.name}
        new |= _parameters_alike(self.view, self.spec)
        results = (leaf.path for tool in self.tools for leaf in leaves(self.spec.tools[tool].returns))
        for name in {part for path in results for part in path}:
            new.pop(name, None)
        return new

    # -------------------------------------------------------------------------------------------------- calls

    def meant(self, call: ToolCall) -> ToolCall | ToolError:
        """Return the world's call that an agent's call means, or why it means none."""
        each = self._meant.get(call.name)
        if each is None:
            return self.no_tool(call.name, self._meant)
        if not each.renames or not isinstance(call.arguments, dict):
            return ToolCall(each.tool, call.arguments, call.id)
        names = self._names_in(each)
        if not names.keys() >= call.arguments.keys():
            return self._invalid(call)
        return ToolCall(each.tool, {names[name]: value for name, value in call.arguments.items()}, call.id)

    def shown(self, call: ToolCall) -> ToolCall:
        """Return a call of the world's as an agent writes it under this view."""
        each = self.tools.get(call.name)
        if each is None or not each.renames or not isinstance(call.arguments, dict):
            return call if each is None else ToolCall(each.offered, call.arguments, call.id)
        arguments = {each.parameters.get(name, name): value for name, value in call.arguments.items()}
        return ToolCall(each.offered, arguments, call.id)

    def shown_error(self, call: ToolCall, error: ToolError) -> ToolError:
        """Return an error as an agent reads it.

        Args:
            call: The call that it answers, as the world has it.
            error: What the world says.
        """
        if not self.renames or call.name not in self.tools:
            return error
        if error.code == "invalid_arguments" and not self._takes(shown := self.shown(call)):
            return self._invalid(shown)
        return ToolError(error.code, self.text(error.message), error.pointer)

    def shown_result(self, call: ToolCall, value: JsonObject) -> JsonObject:
        """Return what an agent reads after a call: an error in the names that are offered, or the value."""
        error = value.get("error") if self.renames and len(value) == 1 else None
        if not isinstance(error, dict) or not error.keys() <= {"code", "message", "pointer"}:
            return value
        told: JsonObject = self.shown_error(call, ToolError(**error)).to_json()
        return told

    @staticmethod
    def no_tool(name: str, offered: Collection[str]) -> ToolError:
        """Return what an agent reads that calls something which is not offered."""
        return ToolError("unknown_tool", f"There is no tool {name!r}. Tools: {', '.join(offered)}.")

    def _names_in(self, each: ToolView) -> dict[str, str]:
        """Return name offered -> name in the contract, of a tool's parameters."""
        return {each.parameters.get(n, n): n for n in self.spec.tools[each.tool].parameters if n not in each.omitted}

    def _takes(self, call: ToolCall) -> bool:
        return fits(self._validator(self._meant[call.name].tool)[0], call.arguments)

    def _invalid(self, call: ToolCall) -> ToolError:
        validator, nullable = self._validator(self._meant[call.name].tool)
        return invalid(validator, nullable, call.arguments)

    @functools.cached_property
    def _validator(self) -> Callable[[str], tuple[jsonschema_rs.Draft202012Validator, frozenset[str]]]:
        """What takes arguments as they are offered, by a tool's name in the contract; made once a tool."""
        made: dict[str, tuple[jsonschema_rs.Draft202012Validator, frozenset[str]]] = {}

        def of(tool: str) -> tuple[jsonschema_rs.Draft202012Validator, frozenset[str]]:
            if tool not in made:
                validator = validator_of(self._parameters(tool))
                parameters = self.spec.tools[tool].parameters
                names = self._names_in(self.tools[tool]).items()
                nulls = (o for o, n in names if not parameters[n].required and parameters[n].default is None)
                made[tool] = validator, frozenset(nulls)
            return made[tool]

        return of


_Words: TypeAlias = "tuple[re.Pattern[str], Mapping[str, str]]"
"""What finds words in a text, and what stands in their places."""


def _is_name(word: str) -> bool:
    """Return True if a word in a text cannot be anything but a name; others are names in backticks alone."""
    return "_" in word or "." in word


def _pattern(words: Mapping[str, str]) -> _Words | None:
    """Return what finds some words: where they are names as most are, what finds any name, which need not be built."""
    if not words or all(map(_USUAL.fullmatch, words)):
        return (_ANY_NAME, words) if words else None
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest))})(?!\w)"), words


_USUAL = re.compile(r"(`?)\w+(?:\.\w+)*\1")
_ANY_NAME = re.compile(r"(?<![\w.])(?:`[\w.]+`(?!\w)|\w[\w.]*)")


def _exchanged(text: str, words: _Words) -> str:
    if not any(map(text.__contains__, words[1])):
        return text  # as most are; to look at every name in it costs ten times as much
    return words[0].sub(lambda match: _in_place_of(match[0], words[1]), text)


def _in_place_of(found: str, words: Mapping[str, str]) -> str:
    """Return what stands in place of a word or of any name: its longest beginning that is a word is exchanged."""
    if found in words:
        return words[found]
    if found[0] == "`":  # a name behind a full stop is none
        return found if found[1] == "." else f"`{_in_place_of(found[1:-1], words)}`"
    end = found.rfind(".")
    while end > 0:
        if found[:end] in words:
            return words[found[:end]] + found[end:]
        end = found.rfind(".", 0, end)
    return found


def _parameters_alike(view: View, spec: DomainSpec) -> dict[str, str]:
    """Return the parameters that are renamed, and to the same name in every tool of a view that has them."""
    found: dict[str, set[str]] = {}
    for each in view.tools:
        for name in spec.tools[each.tool].parameters:
            found.setdefault(name, set()).add(each.parameters.get(name, name))
    alike = {name: next(iter(offered)) for name, offered in found.items() if len(offered) == 1}
    return {name: offered for name, offered in alike.items() if offered != name and name not in spec.tools}


_own: dict[int, tuple[DomainSpec, dict[str, JsonObject]]] = {}


def _own_tools(spec: DomainSpec) -> dict[str, JsonObject]:
    """Return a world's tools as OpenAI tools, by name; made once."""
    kept = _own.get(id(spec))
    if kept is None or kept[0] is not spec:
        while len(_own) >= _KEPT:
            _own.pop(next(iter(_own)))
        kept = _own[id(spec)] = spec, {tool["function"]["name"]: tool for tool in openai_tools(spec)}
    return kept[1]


_lenses: dict[tuple[int, str], tuple[DomainSpec, Lens]] = {}
_KEPT = 256  # lenses kept; one takes some 30 kB once its tools are asked for


def lens_of(spec: DomainSpec, view: View) -> Lens:
    """Return the lens of a view that fits a contract; the same one for the same view as long as it is in use."""
    key = id(spec), view.to_json()
    kept = _lenses.pop(key, None)
    if kept is None or kept[0] is not spec:
        kept = spec, Lens(spec, view)
    _lenses[key] = kept
    while len(_lenses) > _KEPT:
        _lenses.pop(next(iter(_lenses)))
    return kept[1]
