"""What an export holds, in numbers: counted a record at a time, added up over shards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fr_synth.export.example import tools_in
from fr_synth.export.overlap import shipped_benchmarks

if TYPE_CHECKING:
    from fr_envs.contract.view import View
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["Figures"]


class Figures:
    """Counts of what was exported.

    Attributes:
        totals: Number of records, turns, messages, calls and so on.
        by: Counts by ``domain``, ``kind`` of turn, ``teacher``, ``tool`` called, ``rows``, ``records`` and ``left_out``
            by split, records that share words with a benchmark (``shared``).
        longest: Members of the row that has most.
        tools: Definitions of the tools offered, by world and name, in the contract's names: of each the one that has
            most parameters, the first of these.
    """

    _NAMES = ("domain", "kind", "teacher", "scale", "tool", "rows", "records", "left_out", "shared")

    def __init__(self) -> None:
        """Start with nothing."""
        self.totals: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = {name: Counter() for name in self._NAMES}
        self.tools: dict[str, dict[str, JsonObject]] = {}
        self.longest = 0
        self._benchmarks = shipped_benchmarks()
        self._offers: set[tuple[str, str]] = set()

    def add(self, example: Example) -> None:
        """Count a whole record."""
        totals = self.totals
        totals["records"] += 1
        totals["proven"] += example.proven
        totals["turns"] += len(example.kinds)
        totals["messages"] += len(example.messages)
        assistant = calls_made = several = failed = thinking = 0
        tools, view = self.by["tool"], example.view
        names = {} if view is None else {each.offered: each.tool for each in view.tools}
        for message in example.messages:
            role = message["role"]
            if role == "assistant":
                assistant += 1
                thinking += len(message.get("reasoning_content") or "")
                calls = message.get("tool_calls") or ()
                calls_made += len(calls)
                several += len(calls) > 1
                for call in calls:
                    name = call["function"]["name"]
                    tools[f"{example.domain}.{names.get(name, name)}"] += 1
            elif role == "tool":
                failed += str(message["content"]).startswith('{"error"')
        totals["assistant_messages"] += assistant
        totals["calls"] += calls_made
        totals["parallel"] += several
        totals["failed_calls"] += failed
        totals["thinking_characters"] += thinking
        for benchmark in self._benchmarks:
            if benchmark.shares_words(example):
                self.by["shared"][benchmark.name] += 1
        self.by["domain"][example.domain] += 1
        self.by["kind"].update(example.kinds)
        self.by["teacher"][example.teacher] += 1
        self.by["scale"][example.scale] += 1
        self.by["records"][example.split] += 1
        self._offer(example, view)

    def _offer(self, example: Example, view: View | None) -> None:
        if (example.domain, example.tools) not in self._offers:
            if len(self._offers) < _MOST_OFFERS:
                self._offers.add((example.domain, example.tools))
            world = self.tools.setdefault(example.domain, {})
            for tool in tools_in(example.tools):
                _keep(world, tool["function"] if view is None else _in_contract(tool["function"], view))

    def row(self, split: str, members: int) -> None:
        """Count a row that was written, with so many members."""
        self.by["rows"][split] += 1
        self.longest = max(self.longest, members)

    def left_out(self, split: str) -> None:
        """Count a row that was too long."""
        self.by["left_out"][split] += 1

    def to_json(self) -> JsonObject:
        """Return the counts as plain data."""
        by = {name: dict(counts) for name, counts in self.by.items()}
        return {"totals": dict(self.totals), "by": by, "longest": self.longest, "tools": self.tools}

    def take(self, plain: JsonObject) -> None:
        """Add counts that ``to_json`` gave."""
        self.totals.update(plain["totals"])
        self.longest = max(self.longest, plain["longest"])
        for name, counts in plain["by"].items():
            self.by[name].update(counts)
        for domain, tools in plain["tools"].items():
            for tool in tools.values():
                _keep(self.tools.setdefault(domain, {}), tool)


def _keep(world: dict[str, JsonObject], function: JsonObject) -> None:
    """Keep a definition, unless there is one already that has as many parameters."""
    known = world.get(function["name"])
    if known is None or _size(known) < _size(function):
        world[function["name"]] = function


def _size(function: JsonObject) -> int:
    return len(function.get("parameters", {}).get("properties", ()))


def _in_contract(function: JsonObject, view: View) -> JsonObject:
    """Return a definition in the contract's names."""
    schema = function["parameters"]
    name, properties = view.contract_call(function["name"], schema["properties"])
    _, required = view.contract_call(function["name"], dict.fromkeys(schema["required"]))
    return {**function, "name": name, "parameters": {**schema, "properties": properties, "required": list(required)}}


_MOST_OFFERS = 1000  # lists of tools that are remembered as counted; more are looked through again
