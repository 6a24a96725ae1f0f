"""What a situation keeps to besides its schema: tools, parameters, kinds and paths exist, and wordings parse."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

import env_specs
from fr_envs.contract.loading import load_spec
from fr_envs.json_values import escape
from fr_envs.situation.declining import declines
from fr_envs.situation.spec import arrival_of, dropping_of, operand_paths
from fr_envs.situation.templates import FILTERS, Mark, TemplateError, parse, parts_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Awaits, Request, Situation, SituationTurn, TurnKind, Wordings
    from fr_envs.situation.templates import Fill

__all__ = ["Fault", "faults"]


class Fault(NamedTuple):
    """A rule that a situation breaks: JSON pointer into it, what is wrong, what to do."""

    place: str
    problem: str
    fix: str


def faults(situation: Situation) -> Iterator[Fault]:
    """Iterate over the rules that a situation breaks.

    Tools and kinds are looked up where every world is a shipped one; anybody's own worlds are checked when played.
    """
    specs = [load_spec(world) for world in situation.worlds if world in env_specs.names()]
    checker = _Checker(situation, specs if len(specs) == len(situation.worlds) else None)
    if not situation.worlds and not situation.aside:
        yield Fault("/worlds", "no world is named", "name one; only what is said besides can do without")
    yield from checker.cast()
    for number, turn in enumerate(situation.turns):
        yield from checker.turn(turn, f"/turns/{number}")


class _Checker:
    """Checks one situation from its beginning, knowing which names there are by then."""

    def __init__(self, situation: Situation, specs: list[DomainSpec] | None) -> None:
        self.situation = situation  # an aside can speak of what was told before it, as "told"
        self.specs = specs
        self.tools: dict[str, ToolSpec] = {name: t for spec in specs or () for name, t in spec.tools.items()}
        self.names = {"today", "currency", *(("told",) if situation.aside else ())}
        self.results: dict[str, ToolSpec] = {}
        self.errors: set[str] = set()

    def cast(self) -> Iterator[Fault]:
        for name, role in self.situation.cast.items():
            at = f"/cast/{escape(name)}"
            if role.kind and self.specs is not None and not any(role.kind in spec.kinds for spec in self.specs):
                yield Fault(f"{at}/kind", f"there is no kind {role.kind!r}", "take a kind of the contract")
            if role.call:
                yield from self.call(role.call, role.arguments, at)
            yield from self.known([*operand_paths(role.where), *([role.same] if role.same else [])], at)
            self.names.add(name)
        yield from self.values(self.situation.values, "/values")
        paths = [*self.situation.require, *operand_paths(self.situation.require)]
        yield from self.known(paths, "/require")

    def turn(self, turn: SituationTurn, at: str) -> Iterator[Fault]:
        yield from self.known([*turn.when, *operand_paths(turn.when)], f"{at}/when")
        yield from self.values(turn.values, f"{at}/values")
        ahead = {name for request in turn.requests for name in request.picks}
        for tone, wordings in turn.say.items():
            yield from self.wordings(wordings, f"{at}/say/{tone}", ahead)
        yield from self.wordings(turn.thought.plan, f"{at}/thought/plan")
        yield from self.wordings(turn.thought.direct, f"{at}/thought/direct")
        for number, request in enumerate(turn.requests):
            yield from self.request(request, f"{at}/requests/{number}")
        yield from self.wordings(turn.thought.found, f"{at}/thought/found")
        yield from self.wordings(turn.thought.close, f"{at}/thought/close")
        yield from self.kind(turn, at)
        yield from _beside_the_point(turn, at)
        for number, reply in enumerate(turn.reply):
            place = f"{at}/reply/{number}"
            yield from self.known([*reply.when, *operand_paths(reply.when), *reply.answers], place)
            yield from self.wordings(reply.say, f"{place}/say")
            yield from self.there(reply.offers, f"{place}/offers")
        for number, follower in enumerate(turn.then):
            yield from self.turn(follower, f"{at}/then/{number}")
        yield from self.arrival(turn, f"{at}/arrives")
        yield from self.dropping(turn, f"{at}/drops")

    def dropping(self, turn: SituationTurn, at: str) -> Iterator[Fault]:
        """Iterate over the faults of how it goes on where a person lets be what they were asked about."""
        let_be, drops = dropping_of(turn), turn.drops
        if drops is None:
            return
        if turn.kind != "confirm":
            yield Fault(at, f"a turn of kind {turn.kind} asks for no yes", "leave it out")
        yield from _without_words(turn, drops.say, at)
        for tone, wordings in drops.say.items():
            for number, wording in enumerate(wordings):
                if not declines(wording):
                    place = f"{at}/say/{tone}/{number}"
                    yield Fault(place, "these words let nothing be", "say no, leave, wait or rather")
        if let_be is not None:  # its call is that of the turn, which is looked at there
            yield from self.turn(msgspec.structs.replace(let_be, awaits=None), at)

    def arrival(self, turn: SituationTurn, at: str) -> Iterator[Fault]:
        """Iterate over the faults of how it goes on where a missing tool comes: those of a turn, and of its place."""
        coming = arrival_of(turn)
        if turn.arrives is None:
            return
        if turn.kind != "missing_tool":
            yield Fault(at, f"a turn of kind {turn.kind} lacks no tool that could come", "leave it out")
        elif turn.then:
            yield Fault(at, "what comes behind the turn goes without the tool", "leave out 'arrives' or 'then'")
        yield from _without_words(turn, turn.arrives.say, at)
        if coming is not None:
            known, results = set(self.names), dict(self.results)
            yield from (fault._replace(place=fault.place.replace("/requests/0", "")) for fault in self.turn(coming, at))
            self.names, self.results = known, results  # what it brings is there only where the tool comes

    def kind(self, turn: SituationTurn, at: str) -> Iterator[Fault]:
        """Iterate over what a turn lacks of what its kind needs, and what it has that is of no use to it."""
        needs, takes = _OF_KIND[turn.kind]
        have = {name for name in ("awaits", "names", "about") if getattr(turn, name)}
        if turn.awaits is not None:
            have |= {name for name in ("lacks", "rule", "withheld", "candidates") if getattr(turn.awaits, name)}
        if turn.kind != "act" and not turn.thought.close:
            yield Fault(at, f"a turn of kind {turn.kind} needs 'thought' with 'close'", "say why nothing is done here")
        for name in sorted(needs - have):
            yield Fault(at, f"a turn of kind {turn.kind} needs {name!r}", "see docs/kinds.md for what each kind needs")
        for name in sorted(have - needs - takes):
            yield Fault(at, f"a turn of kind {turn.kind} has no use for {name!r}", "leave it out")
        if turn.awaits is not None:
            yield from self.awaits(turn.awaits, f"{at}/awaits")

    def awaits(self, awaits: Awaits, at: str) -> Iterator[Fault]:
        """Iterate over the faults of a call that is not made; what it lacks need not be given."""
        if awaits.call in self.tools:
            for name in (*awaits.arguments, *awaits.lacks):
                if name not in self.tools[awaits.call].parameters:
                    yield Fault(at, f"{awaits.call} has no parameter {name!r}", "take one of the contract")
        yield from self.there((awaits.call, *awaits.withheld), at)
        yield from self.known(_paths_of(list(awaits.arguments.values())), f"{at}/with")
        if awaits.candidates is not None:
            where = awaits.candidates.where
            yield from self.known([awaits.candidates.rows, *operand_paths(where)], f"{at}/candidates")

    def there(self, tools: Iterable[str], at: str) -> Iterator[Fault]:
        """Iterate over tools that the worlds don't have."""
        for tool in tools:
            if self.specs is not None and tool not in self.tools:
                yield Fault(at, f"there is no tool {tool!r}", "take a tool of the contract")

    def request(self, request: Request, at: str) -> Iterator[Fault]:
        yield from self.known([*request.when, *operand_paths(request.when)], f"{at}/when")
        for number, lookup in enumerate(request.lookups):
            yield from self.call(lookup.call, lookup.arguments, f"{at}/lookups/{number}")
            yield from self.wordings(lookup.thought, f"{at}/lookups/{number}/thought")
        yield from self.call(request.call, request.arguments, at)
        yield from self.wordings(request.thought, f"{at}/thought")
        yield from self.failing(request, at)
        self.names.add(request.name)
        self.results.pop(request.name, None)
        if request.call in self.tools:
            self.results[request.name] = self.tools[request.call]
        for name, pick in request.picks.items():
            yield from self.known([pick.rows, *operand_paths(pick.where)], f"{at}/picks/{name}")
            self.names.add(name)
        yield from self.values(request.values, f"{at}/values")

    def failing(self, request: Request, at: str) -> Iterator[Fault]:
        """Iterate over the errors with which a request may end, and its tool does not declare."""
        tool = self.tools.get(request.call)
        for code in request.fails if tool else ():
            if tool and code not in tool.errors:
                known = ", ".join(tool.errors)
                yield Fault(f"{at}/fails", f"{tool.name} declares no error {code!r}", f"it has {known}")
        if request.fails:
            self.errors.add(request.name)
        else:
            self.errors.discard(request.name)

    def call(self, tool: str, arguments: JsonObject, at: str) -> Iterator[Fault]:
        if self.specs is not None and tool not in self.tools:
            yield Fault(f"{at}/call", f"there is no tool {tool!r}", "take a tool of the contract")
            return
        known = self.tools[tool].parameters if tool in self.tools else dict.fromkeys(arguments)
        for name in arguments:
            if name not in known:
                yield Fault(f"{at}/with", f"{tool} has no parameter {name!r}", f"it has {', '.join(known) or 'none'}")
        if tool in self.tools:
            for name, parameter in self.tools[tool].parameters.items():
                if parameter.required and name not in arguments:
                    yield Fault(f"{at}/with", f"{tool} needs {name!r}", "give it a path or a value")
        yield from self.known(_paths_of(list(arguments.values())), f"{at}/with")  # a parameter may be called "text" too

    def values(self, values: Mapping[str, JsonObject], at: str) -> Iterator[Fault]:
        for name, rule in values.items():
            yield from self.known(_rule_paths(rule), f"{at}/{escape(name)}")
            self.names.add(name)

    def known(self, paths: Iterable[str], at: str) -> Iterator[Fault]:
        for path in paths:
            root, _, member = path.partition(".")
            if member.partition(".")[0] == "error" and root in self.errors:
                continue
            if root in self.results and member and member.partition(".")[0] not in self.results[root].returns:
                members = ", ".join(self.results[root].returns)
                yield Fault(
                    at, f"{path!r}: the result of {self.results[root].name} has no such member", f"it has {members}"
                )
            elif root not in self.names:
                yield Fault(
                    at, f"{path!r} names nothing that is known by then", f"known: {', '.join(sorted(self.names))}"
                )

    def wordings(self, wordings: Iterable[str], at: str, ahead: Collection[str] = ()) -> Iterator[Fault]:
        """Iterate over the faults of wordings; marks may name picks that are yet to come ("the cheapest one")."""
        for number, text in enumerate(wordings):
            try:
                parts = list(parts_in(parse(text)))
            except TemplateError as error:
                yield Fault(f"{at}/{number}", str(error), "see docs/situations.md for how wordings are written")
                continue
            paths = [part.path for part in parts if not (isinstance(part, Mark) and part.path in ahead)]
            yield from self.known(paths, f"{at}/{number}")
            for part in parts:
                yield from _misread(part, f"{at}/{number}")


def _misread(part: Fill | Mark, at: str) -> Iterator[Fault]:
    """Iterate over what is wrong with a place or a mark by itself."""
    if isinstance(part, Mark):
        if not part.words:
            yield Fault(at, "'[]' holds no words", "put the words that refer to it between them")
        return
    for each in part.filters:
        name = each.partition(":")[0]
        if name not in FILTERS:
            near = difflib.get_close_matches(name, sorted(FILTERS), 1)
            meant = f"write {near[0]!r}, or another of" if near else "it is one of"
            yield Fault(at, f"there is no filter {name!r}", f"{meant} {', '.join(sorted(FILTERS))}")


def _paths_of(arguments: Json) -> list[str]:
    if isinstance(arguments, str):
        return [arguments]
    if isinstance(arguments, list):
        return [path for each in arguments for path in _paths_of(each)]
    if isinstance(arguments, dict) and "text" in arguments:
        return _template_paths(arguments["text"])
    return [path for each in arguments.values() for path in _paths_of(each)] if isinstance(arguments, dict) else []


def _template_paths(text: str) -> list[str]:
    try:
        return [part.path for part in parts_in(parse(text))]
    except TemplateError:
        return []


_ONE_PATH = ("raise", "lower", "count", "first_of_month_after", "days_after", "part", "list", "table", "total", "head")
_MANY_PATHS = (
    "sum", "difference", "product", "row", "phrase", "lines", "converted", "figure", "inside", "beside", "containing",
    "ending_in",
)  # fmt: skip


def _rule_paths(rule: JsonObject) -> list[str]:
    found: list[str] = []
    for name in _ONE_PATH:
        found += [rule[name]] if name in rule else []
    for name in _MANY_PATHS:
        found += [each for each in rule.get(name, ()) if isinstance(each, str)]
    return [*found, *_template_paths(rule.get("text", "")), *operand_paths(rule.get("where", {}))]


_OF_KIND: Mapping[TurnKind, tuple[frozenset[str], frozenset[str]]] = {
    "act": (frozenset(), frozenset()),
    "ask": (frozenset({"awaits", "lacks", "names"}), frozenset()),
    "choose": (frozenset({"awaits", "lacks", "candidates"}), frozenset({"names"})),
    "missing_tool": (frozenset({"awaits", "names"}), frozenset({"withheld"})),
    "no_call": (frozenset(), frozenset({"names"})),
    "out_of_scope": (frozenset({"about"}), frozenset({"names"})),
    "refuse": (frozenset({"awaits", "rule", "names"}), frozenset()),
    "confirm": (frozenset({"awaits", "names"}), frozenset()),
}
"""What a turn of each kind needs besides words, and what it can have."""


def _beside_the_point(turn: SituationTurn, at: str) -> Iterator[Fault]:
    """Iterate over the wordings that don't speak of what no tool deals with, or say what the reply is to."""
    for tone, wordings in turn.say.items():
        for number, wording in enumerate(wordings):
            place, fixed = f"{at}/say/{tone}/{number}", _PLACE.sub("_", wording).lower()
            if turn.about and not any(word.lower() in wording.lower() for word in turn.about):
                yield Fault(place, "these words have none of 'about'", "say one of them, or add a word of these to it")
            given = [word for word in turn.names if turn.kind in _UNHINTED and _is_in(word, fixed)]
            if given:
                yield Fault(place, f"these words name {given[0]!r}, which the reply has to", "say it otherwise")


def _is_in(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text) is not None


_PLACE = re.compile(r"\{[^}]*\}")  # of a wording; what comes there is known in a world alone
_UNHINTED: frozenset[TurnKind] = frozenset({"ask", "refuse"})  # whoever repeats the message names nothing there


def _without_words(turn: SituationTurn, say: Wordings, at: str) -> Iterator[Fault]:
    """Iterate over the tones of a turn that what may come behind it has no words for."""
    for tone in turn.say:
        if tone not in say:
            yield Fault(f"{at}/say", f"who asks in the tone {tone!r} has no words here", f"add {tone!r}")
