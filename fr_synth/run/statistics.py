"""What a run holds: tools and edges covered, calls, depth, dependence. Summaries add up, one a record."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.episode.traits import TRAITS
from fr_envs.episode.turn_kind import KINDS
from fr_envs.json_values import member_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.dataflow.provenance import Output, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.provenance import Provenance
    from fr_synth.trace.records import CallRecord, Dialogue

__all__ = ["DomainCoverage", "Summary", "Tally", "Totals", "data_chain", "passed_on", "summarise", "totals"]


class Summary(NamedTuple):
    """Figures of one record.

    Attributes:
        domain: Its world.
        turns: Number of turns.
        calls: Number of calls.
        failed: Calls that fail.
        dependent: Calls that take an earlier output or come out otherwise in the first state of the world.
        depth: Calls in the longest chain in which each takes an output of the one before.
        attempts: How often the reasoner was asked.
        tools: Tools called, each once.
        edges: (producer, consumer, kind) of the values passed on, each once.
        situation: What it is about; empty for a drill.
        renamed: It offers tools or parameters under other names than the contract's.
        kinds: Kind of each turn.
        traits: Traits of its turns, one after the other, each as often as it comes up.
    """

    domain: str
    turns: int
    calls: int
    failed: int
    dependent: int
    depth: int
    attempts: int
    tools: tuple[str, ...]
    edges: tuple[tuple[str, str, str], ...]
    situation: str = ""
    renamed: bool = False
    kinds: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()


def data_chain(sources: Iterable[Mapping[str, Provenance]]) -> int:
    """Return the number of calls in the longest chain in which each takes an output of the one before.

    Args:
        sources: For each call, where its arguments come from.
    """
    deep: list[int] = []
    for own in sources:
        found = (each for source in own.values() for each in inputs_of(source))
        deep.append(1 + max((deep[each.step] for each in found if isinstance(each, Output)), default=0))
    return max(deep, default=0)


def passed_on(domain: Domain[Any], calls: Sequence[tuple[str, Mapping[str, Provenance]]]) -> set[tuple[str, str, str]]:
    """Return (producer, consumer, kind) for each value that one call gave and another took.

    Args:
        domain: The world.
        calls: For each call its tool and where its arguments come from.
    """
    edges: set[tuple[str, str, str]] = set()
    for name, sources in calls:
        for pointer, source in sources.items():
            kind = _kind(domain, name, pointer)
            for each in inputs_of(source):
                if isinstance(each, Output) and kind:
                    edges.add((calls[each.step][0], name, kind))
    return edges


def _kind(domain: Domain[Any], tool: str, pointer: str) -> str:
    field = domain.spec.tools[tool].parameters[member_of(pointer)].field
    return (field.array or field).kind or ""


def summarise(dialogue: Dialogue, domain: Domain[Any], first: State) -> Summary:
    """Return the figures of a record.

    Args:
        dialogue: The record.
        domain: Its world.
        first: Its first state.
    """
    dependent = 0
    for call in dialogue.calls:
        takes = any(isinstance(each, Output) for source in call.sources.values() for each in inputs_of(source))
        dependent += takes or domain.apply(first, ToolCall(call.name, call.arguments)).value != call.result
    return Summary(
        domain=dialogue.domain,
        turns=len(dialogue.turns),
        calls=len(dialogue.calls),
        failed=sum(call.error is not None for call in dialogue.calls),
        dependent=dependent,
        depth=data_chain([_passed(call) for call in dialogue.calls]),
        attempts=sum(turn.attempts for turn in dialogue.turns),
        tools=tuple(dict.fromkeys(call.name for call in dialogue.calls if call.error is None)),
        edges=tuple(sorted(passed_on(domain, [(call.name, _passed(call)) for call in dialogue.calls]))),
        situation=dialogue.situation,
        renamed=dialogue.view is not None and dialogue.view.renames,
        kinds=tuple(turn.kind for turn in dialogue.turns),
        traits=tuple(trait for turn in dialogue.turns for trait in turn.traits),
    )


def _passed(call: CallRecord) -> Mapping[str, Provenance]:
    """Return where a call's arguments come from; one that fails, or that nobody needs, is no part of any chain."""
    return {} if call.error or call.distractor else call.sources


class DomainCoverage(msgspec.Struct, frozen=True):
    """How much of one world a run has touched.

    Attributes:
        records: Records in this world.
        tools: Tools called in them.
        tools_of: Tools of the world.
        edges: Data edges along which a value was passed.
        edges_of: Data edges of the world's graph.
    """

    records: int
    tools: int
    tools_of: int
    edges: int
    edges_of: int


class Totals(msgspec.Struct, frozen=True):
    """Figures of a run.

    Attributes:
        records: Records written.
        turns: Their turns.
        calls: Their calls.
        calls_per_turn: Mean.
        error_share: Calls that fail by the number of turns, from 0.
        dependent_share: Share of calls that take an earlier output or depend on earlier state, from 0 to 1.
        mean_depth: Mean number of calls in the longest data chain of a record.
        attempts: How often the reasoner was asked.
        drills: Records that are about no situation.
        situations: Different situations that the others are about.
        renamed: Records that offer tools or parameters under other names than the contract's.
        kinds: Number of turns of each kind that came up.
        traits: Share of turns with each trait that comes up, from 0 to 1.
        coverage: By world.
        dropped: Number of attempts that fell, by stage or proof.
    """

    records: int
    turns: int
    calls: int
    calls_per_turn: float
    error_share: float
    dependent_share: float
    mean_depth: float
    attempts: int
    drills: int
    situations: int
    renamed: int
    kinds: dict[str, int]
    traits: dict[str, float]
    coverage: dict[str, DomainCoverage]
    dropped: dict[str, int]

    def to_json(self) -> JsonObject:
        """Return the figures as plain data."""
        plain: JsonObject = msgspec.to_builtins(self)
        return plain


class Tally:
    """The figures of a run so far: summaries are added up as they come, and none is kept."""

    def __init__(self) -> None:
        """Begin without a record."""
        self._numbers: collections.Counter[str] = collections.Counter()
        self._records: collections.Counter[str] = collections.Counter()
        self._situations: set[str] = set()
        self._kinds: collections.Counter[str] = collections.Counter()
        self._traits: collections.Counter[str] = collections.Counter()
        self._tools: dict[str, set[str]] = collections.defaultdict(set)
        self._edges: dict[str, set[tuple[str, str, str]]] = collections.defaultdict(set)

    @property
    def records(self) -> int:
        """Records that have been added."""
        return self._records.total()

    def add(self, summary: Summary) -> None:
        """Add a record's figures."""
        self._records[summary.domain] += 1
        self._numbers.update({name: getattr(summary, name) for name in _SUMMED})
        self._numbers["drills"] += not summary.situation
        self._situations.update({summary.situation} - {""})
        self._kinds.update(summary.kinds)
        self._traits.update(summary.traits)
        self._tools[summary.domain].update(summary.tools)
        self._edges[summary.domain].update(summary.edges)

    def totals(self, graphs: Mapping[str, ApiGraph], dropped: Mapping[str, int]) -> Totals:
        """Return the figures.

        Args:
            graphs: The API graph of each world of the run.
            dropped: Number of attempts that fell, by stage or proof.
        """
        sums = self._numbers
        turns, calls, records = sums["turns"], sums["calls"], self.records
        traits = ((trait, self._traits[trait]) for trait in TRAITS)
        return Totals(
            records=records,
            turns=turns,
            calls=calls,
            calls_per_turn=round(calls / turns, 3) if turns else 0.0,
            error_share=round(sums["failed"] / turns, 4) if turns else 0.0,
            dependent_share=round(sums["dependent"] / calls, 4) if calls else 0.0,
            mean_depth=round(sums["depth"] / records, 3) if records else 0.0,
            attempts=sums["attempts"],
            drills=sums["drills"],
            situations=len(self._situations),
            renamed=sums["renamed"],
            kinds={kind: self._kinds[kind] for kind in KINDS if self._kinds[kind]},
            traits={trait: round(number / turns, 4) for trait, number in traits if number},
            coverage={name: self._coverage(name, graph) for name, graph in graphs.items()},
            dropped=dict(sorted(dropped.items())),
        )

    def _coverage(self, name: str, graph: ApiGraph) -> DomainCoverage:
        there = {(edge.source, edge.target, edge.via) for edge in graph.edges() if edge.relation == "data"}
        return DomainCoverage(
            records=self._records[name],
            tools=len(self._tools.get(name, ())),
            tools_of=len(graph.spec.tools),
            edges=len(self._edges.get(name, set()) & there),  # a tool that takes its own output is no edge of the graph
            edges_of=len(there),
        )


_SUMMED = ("turns", "calls", "failed", "dependent", "depth", "attempts", "renamed")


def totals(summaries: Iterable[Summary], graphs: Mapping[str, ApiGraph], dropped: Mapping[str, int]) -> Totals:
    """Add up.

    Args:
        summaries: One a record.
        graphs: The API graph of each world of the run.
        dropped: Number of attempts that fell, by stage or proof.
    """
    tally = Tally()
    for summary in summaries:
        tally.add(summary)
    return tally.totals(graphs, dropped)
