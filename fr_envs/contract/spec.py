"""What a contract says, as frozen values: DomainSpec, ToolSpec, Kind, Fact.

``fr_envs.contract.loading`` reads these from files; ``fr_envs.contract.schemas`` writes them out as OpenAI tools, MCP
tools and JSON Schema. A *kind* is what a value means (an account's identifier, an amount); a *fact* is what can hold
in a state (a customer is signed in). The API graph is derived from kinds and facts alone.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from fr_envs.contract.aliases import Aliases
from fr_envs.json_values import Json, JsonObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "PLACEHOLDER",
    "Clause",
    "DomainSpec",
    "Fact",
    "Field",
    "Flow",
    "Kind",
    "Leaf",
    "Origin",
    "Parameter",
    "Reference",
    "ToolSpec",
    "field_at",
    "leaves",
]

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A place in a phrase that a value fills: ``{amount}``, ``{account.balance}``, or ``{}`` for the only value."""

Origin = Literal["issued", "named", "open"]
"""issued: only a tool's output tells it; named: the user can say it; open: any value of the schema."""

Format = Literal["plain", "amount", "date", "datetime", "quoted", "label"]
"""How a value is spoken: 1,240.00 (amount), 12 March 2027 (date), "a text" (quoted), standing order (label)."""

Clause = str | dict[str, str]
"""How a user says an optional argument: a phrase with ``{}``, or a phrase for each value (JSON text of it as key)."""


class Reference(msgspec.Struct, frozen=True):
    """One way to point at an entity without its identifier.

    Attributes:
        text: Phrase with a placeholder for each field in ``by``.
        by: Fields that stand beside the identifier in an output and together pick one entity.
        least: Field whose smallest value picks one entity, None if not used.
        most: Field whose largest value picks one entity, None if not used.
    """

    text: str
    by: tuple[str, ...] = ()
    least: str | None = None
    most: str | None = None


class Kind(msgspec.Struct, frozen=True):
    """What a value means.

    Attributes:
        name: Identifier of the kind.
        schema: JSON Schema of the value.
        origin: Who can know it first; see ``Origin``.
        description: What it is, in one line.
        unit: Unit or range in words; empty where there is none.
        format: How it is spoken.
        examples: Values that a sampler may use where the world suggests none.
        scope: Kinds of the entities for which a value is listed (the seats of a leg, the plans for a booking): it means
            nothing for another one.
        canonical: Reads with which an expert looks a value up, the best first; empty where the contract does not say.
        told: Sentences in which a user states a value, with ``{}``.
        again: Words that point at the entity dealt with last ("that account").
        refer: Ways to point at an entity of this kind.
    """

    name: str
    schema: JsonObject
    origin: Origin
    description: str
    unit: str = ""
    format: Format = "plain"
    examples: tuple[Json, ...] = ()
    scope: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()
    statement_templates: tuple[str, ...] = ()
    anaphora: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


class Fact(msgspec.Struct, frozen=True):
    """What can hold in a state.

    Attributes:
        name: Identifier of the fact.
        description: What it means that it holds, in one line.
        violation: Error code that an agent sees when a tool needs it and it does not hold; empty where none does.
        about: Kind of the entity of which it holds; None for a fact about the whole state.
        implies: Facts about the same kind that hold wherever this one does.
        excludes: Facts about the same kind that hold nowhere where this one does.
    """

    name: str
    description: str
    violation: str = ""
    about: str | None = None
    implies: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class Field(msgspec.Struct, frozen=True):
    """The shape of a value: exactly one of kind, schema, array, object is given.

    Attributes:
        kind: Name of the kind that the value has.
        schema: JSON Schema of a value without a kind.
        array: Shape of each item of a list.
        object: Shape of each member of an object.
        description: What it is; empty for the kind's own text.
        nullable: The value may be null.
        optional: The member may be absent (results only).
        min_items: Fewest items of an array.
        max_items: Most items of an array, None for no bound.
        holds: Facts about the kind. Of a parameter: those that must hold of the value, or the tool refuses with their
            violation. Of a result: those that hold of the value as it is given.
        lacks: Facts about the kind that do not hold of the value as it is given (results only).
        role: What the value is for ("stay start"), see ``fr_envs.contract.roles``; empty where that is not said.
    """

    kind: str | None = None
    schema: JsonObject | None = None
    array: Field | None = None
    object: dict[str, Field] | None = None
    description: str = ""
    nullable: bool = False
    optional: bool = False
    min_items: int = 0
    max_items: int | None = None
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    role: str = ""


class Parameter(msgspec.Struct, frozen=True):
    """One parameter of a tool.

    Attributes:
        name: Name of the argument.
        field: Shape of the value.
        required: The argument must be given.
        default: Value taken when an optional argument is left out; None stands for "not given".
        clause: How a user says it when the argument is optional; None if it is never said.
        further: Other ways in which people say a value that ``clause`` has words for, by the value as JSON has it.
    """

    name: str
    field: Field
    required: bool
    default: Json = None
    clause: Clause | None = None
    further: dict[str, tuple[str, ...]] = {}

    def said_as(self, value: Json) -> tuple[str, ...]:
        """Return the words in which people say a value of an optional argument; none where the contract has none."""
        if not isinstance(self.clause, dict):
            return ()
        keys = [*([value] if isinstance(value, str) else []), json.dumps(value)]
        found = [(self.clause[key], *self.further.get(key, ())) for key in keys if key in self.clause]
        return tuple(words for ways in found for words in ways)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every way in which people say the argument where it is optional, for whatever value."""
        if self.clause is None or isinstance(self.clause, str):
            return (self.clause,) if self.clause else ()
        return (*self.clause.values(), *(words for ways in self.further.values() for words in ways))


class ToolSpec(msgspec.Struct, frozen=True):
    """One tool.

    Attributes:
        name: Name by which it is called.
        description: What it does, for the agent.
        parameters: By name, in the order of the contract.
        returns: Members of the result object, by name.
        needs: Facts that must hold before.
        sets: Facts that hold after.
        clears: Facts that do not hold after.
        effect: Whether it only reads or also writes.
        implicit: An enabling step that no user asks for by itself (sign in, request a code, change directory).
        errors: Codes with which it can refuse, and what each means; violations of ``needs`` included.
        asks: Ways in which a user asks for it, with placeholders for parameters.
        says: Ways in which an assistant tells the result, with placeholders for members of the result.
        nouns: By member of the result, noun phrases ("the number of lines in {path}"), so that a request can name
            a value that another tool gives.
        consent: Conditions by parameter (``fr_envs.situation.conditions``) under which the policy wants the user's yes
            before a call that nobody has ordered; empty for any call, None for none.
        steady: Outcomes that are nearly always the same, each with the reason: a member of the result that is true or
            false, or a list that is empty or not, by its path (``*`` for every item), or ``works`` for the call itself.
    """

    name: str
    description: str
    parameters: dict[str, Parameter]
    returns: dict[str, Field]
    effect: Literal["read", "write"]
    needs: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    implicit: bool = False
    errors: dict[str, str] = {}
    request_templates: tuple[str, ...] = ()
    response_templates: tuple[str, ...] = ()
    nouns: dict[str, tuple[str, ...]] = {}
    consent: JsonObject | None = None
    steady: dict[str, str] = {}

    @property
    def can_be_hidden(self) -> bool:
        """Whether a request may leave it unsaid: it only reads, or is a step that no user asks for by itself."""
        return self.implicit or self.effect == "read"

    def about(self, kind: str) -> str | None:
        """Return the name of the first parameter of ``kind``, None if there is none."""
        return next((name for name, p in self.parameters.items() if p.field.kind == kind), None)

    def input_kinds(self, *, required_only: bool = True) -> tuple[str, ...]:
        """Return the kinds of the parameters' leaves, each once, in order."""
        wanted = {n: p.field for n, p in self.parameters.items() if p.required or not required_only}
        return tuple(dict.fromkeys(leaf.kind for leaf in leaves(wanted) if leaf.kind is not None))

    def output_kinds(self) -> tuple[str, ...]:
        """Return the kinds of the result's leaves, each once, in order."""
        return tuple(dict.fromkeys(leaf.kind for leaf in leaves(self.returns) if leaf.kind is not None))


class Flow(msgspec.Struct, frozen=True):
    """Roles between which values go over although they differ, see ``fr_envs.contract.roles``.

    Attributes:
        given: Roles of results; ``world/role`` for one of another world, which counts where the two are composed.
        taken: Roles of parameters, likewise.
        because: Why an expert carries the value over, in a sentence.
    """

    given: tuple[str, ...]
    taken: tuple[str, ...]
    because: str


class DomainSpec(msgspec.Struct, frozen=True):
    """The contract of one world.

    Attributes:
        name: Short name, ``banking``.
        id: Gymnasium id, ``FunReason/Banking-v0``.
        version: Version of the contract and its handlers.
        summary: What the world is, in one line.
        policy: The rules that an agent is told.
        kinds: By name.
        facts: By name.
        tools: By name.
        source: File that it was read from; empty when made in memory.
        aliases: Other names and words that views may use.
        flows: Roles between which values go over; none but equal roles where there are none.
    """

    name: str
    id: str
    summary: str
    policy: str
    kinds: dict[str, Kind]
    facts: dict[str, Fact]
    tools: dict[str, ToolSpec]
    version: str = "1.0.0"
    source: str = ""
    aliases: Aliases = Aliases()
    flows: tuple[Flow, ...] = ()


class Leaf(NamedTuple):
    """A place in arguments or results where a plain value stands.

    Attributes:
        path: Member names from the root; ``*`` stands for every item of an array.
        kind: Name of the kind, None where only a schema is given.
        field: The shape at that place.
    """

    path: tuple[str, ...]
    kind: str | None
    field: Field


def field_at(field: Field, parts: Iterable[str]) -> Field | None:
    """Return what a contract says of a place inside a value, None where it says nothing of it.

    Args:
        field: What it says of the value.
        parts: Names of the members and numbers of the items on the way in.
    """
    found: Field | None = field
    for part in parts:
        if found is None:
            return None
        found = found.object.get(part) if found.object is not None else found.array
    return found


def leaves(fields: Mapping[str, Field], prefix: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Iterate over the leaves of an object's members, depth first, in the order of the contract."""
    for name, field in fields.items():
        yield from _leaves_of(field, (*prefix, name))


def _leaves_of(field: Field, path: tuple[str, ...]) -> Iterator[Leaf]:
    if field.array is not None:
        yield from _leaves_of(field.array, (*path, "*"))
    elif field.object is not None:
        yield from leaves(field.object, path)
    else:
        yield Leaf(path, field.kind, field)
