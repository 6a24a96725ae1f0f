"""What a situation is: who comes, why, which of the world's things it is about, and what is asked turn by turn."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from fr_envs.json_values import Json, JsonObject

__all__ = [
    "TONES",
    "Arrival",
    "Awaits",
    "Candidates",
    "Dropping",
    "Lookup",
    "Persona",
    "Pick",
    "ReplyWordings",
    "Request",
    "Role",
    "Situation",
    "SituationTurn",
    "Thought",
    "Wordings",
    "arrival_of",
    "dropping_of",
]

TONES = ("plain", "terse", "chatty", "formal")
"""Manners of speaking that a situation can have wordings for; ``plain`` stands in for what it lacks."""

TurnKind = Literal["act", "ask", "choose", "missing_tool", "no_call", "out_of_scope", "refuse", "confirm"]
"""What the right move in a turn is; ``fr_envs.episode.turn_kind`` says what each means."""

Wordings: TypeAlias = dict[str, tuple[str, ...]]
"""Wordings by tone."""


class Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A manner that a person keeps through a dialogue.

    Attributes:
        name: Short name.
        tones: Tones in order of preference.
        openers: What may stand before the first message; empty texts for nothing.
        closers: What may stand behind a message.
        lower: Writes without capitals.
        loose: Leaves out the full stop at the end.
        typos: Share of messages with a slip of the keyboard, from 0 to 1.
    """

    name: str
    tones: tuple[str, ...]
    openers: tuple[str, ...] = ("",)
    closers: tuple[str, ...] = ("",)
    lower: bool = False
    loose: bool = False
    typos: float = 0.0


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the world's things that a situation is about.

    Attributes:
        kind: Kind of the thing, where the world tells what there is of it.
        same: Path to the identifier that it has ("rent.account_id"); empty for any.
        call: Read tool in whose result it is looked for instead; empty where ``kind`` is given.
        arguments: Arguments of that call, as a request has them.
        rows: Name of the list in the result; empty for the result itself.
        where: Conditions on its members; operands may name paths.
        least: Member of which it has the smallest value of all that fit; empty for any.
        most: Member of which it has the largest.
        unique: Nothing else fits, so that the conditions alone say which is meant.
    """

    kind: str = ""
    same: str = ""
    call: str = ""
    arguments: JsonObject = msgspec.field(default_factory=dict, name="with")
    rows: str = ""
    where: JsonObject = {}
    least: str = ""
    most: str = ""
    unique: bool = False


class Lookup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call by which an expert would find out what a request needs. It is made only where something is not known yet.

    Attributes:
        call: The tool.
        arguments: Its arguments, as a request has them.
        thought: What an expert thinks right before it; nothing where the plan has said it already.
    """

    call: str
    arguments: JsonObject = msgspec.field(default_factory=dict, name="with")
    thought: tuple[str, ...] = ()


class Pick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a result that later parts speak of.

    Attributes:
        rows: Path to the list ("found.flights").
        where: Conditions on the row.
        least: Member of which it has the smallest value of those that fit.
        most: Member of which it has the largest.
        optional: Whether the turn goes on where no row fits; the pick is then missing.
    """

    rows: str
    where: JsonObject = {}
    least: str = ""
    most: str = ""
    optional: bool = False


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that the person wants done or told, as a call; the way to it is found in the world.

    Attributes:
        call: The tool.
        arguments: For each argument a path in the scope, a plain value, ``{text: ...}`` for a wording, or a list.
        name: Name under which the result is spoken of; "result" where nothing is said.
        lookups: Calls by which an expert would find out what is needed, tried before any other.
        when: Conditions by path under which it is made at all.
        asked: The person asks for it; otherwise the expert does it unasked (giving up rights, checking).
        picks: Rows of the result that later parts speak of.
        values: Values worked out from the result.
        fails: Codes of declared errors with which it may end; the error is then its result ("result.error.code"), which
            conditions and replies can look at, and nothing later in the turn may do it all the same.
        thought: What an expert thinks right before it, where several things are done in a turn.
    """

    call: str
    arguments: JsonObject = msgspec.field(default_factory=dict, name="with")
    name: str = msgspec.field(default="result", name="as")
    lookups: tuple[Lookup, ...] = ()
    when: JsonObject = {}
    asked: bool = True
    thought: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    picks: dict[str, Pick] = {}
    values: dict[str, JsonObject] = {}


class Candidates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of a result that a reference fits alike.

    Attributes:
        rows: Path to the list ("found.payees").
        where: Conditions that the reference stands for.
        by: Members that tell the candidates apart; the reply names them of each.
        key: Member that the awaited call takes.
    """

    rows: str
    by: tuple[str, ...]
    key: str
    where: JsonObject = {}


class Awaits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The call that would do what is wanted, and that is not made in a turn whose kind is another than ``act``.

    Attributes:
        call: The tool.
        arguments: Its arguments as far as they are known, as a request has them.
        lacks: Parameters that the person has left out (ask), or left open (choose).
        rule: Why it may not be made (refuse): the code of the error that it meets, or words of the policy.
        withheld: The tool is not among those offered (missing_tool), with every other one that would do instead.
        candidates: What a reference could mean (choose).
    """

    call: str
    arguments: JsonObject = msgspec.field(default_factory=dict, name="with")
    lacks: tuple[str, ...] = ()
    rule: str = ""
    withheld: tuple[str, ...] = ()
    candidates: Candidates | None = None


class Thought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an expert thinks in a turn. Each part has several wordings; a part without any is made from the trace.

    Attributes:
        plan: Before the first look-up.
        found: Before the last requested call, where look-ups went before it.
        direct: Before the first call where it is the requested one.
        close: Before the reply.
    """

    plan: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    close: tuple[str, ...] = ()


class ReplyWordings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Replies for one way in which things can have turned out.

    Attributes:
        say: Wordings.
        when: Conditions by path under which they fit.
        answers: Paths to values that the reply tells besides those in its places.
        offers: Tools that do what the reply offers to do ("I can order a new one"), so that the offer is no empty one.
    """

    say: tuple[str, ...]
    when: JsonObject = {}
    answers: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


class Arrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it goes on where a tool that was missing comes after all: a turn whose one request is the awaited call.

    Attributes:
        say: What the person says, by tone: that it can be done now, and how they come to know.
        reply: What the assistant says, the first that fits.
        thought: What an expert thinks.
        name: Name under which the result of the call is spoken of.
        lookups: Calls by which an expert would find out what the call needs, tried before any other.
        picks: Rows of the result that the reply speaks of.
        values: Values worked out from the result.
    """

    say: Wordings
    reply: tuple[ReplyWordings, ...]
    thought: Thought = Thought()
    name: str = msgspec.field(default="result", name="as")
    lookups: tuple[Lookup, ...] = ()
    picks: dict[str, Pick] = {}
    values: dict[str, JsonObject] = {}


# words of which one says that things are left as they are; each form counts by itself ("the card stays frozen")
_AS_IT_IS = (
    "leave", "leaves", "left", "nothing", "stay", "stays", "keep", "keeps", "kept", "remain", "remains", "hold",
    "holds", "wait", "waits",
)  # fmt: skip


class Dropping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it goes on where a person who was asked for a yes lets the whole thing be, for a reason of the story's.

    Attributes:
        say: What the person says, by tone: that they let it be, and why.
        reply: What the assistant says, the first that fits: how things stand then, and what stays open.
        thought: What an expert thinks; why nothing is done.
        names: Words of which the reply has one.
    """

    say: Wordings
    reply: tuple[ReplyWordings, ...]
    thought: Thought
    names: tuple[str, ...] = _AS_IT_IS


class SituationTurn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn.

    Attributes:
        say: What the person says, by tone.
        requests: What is wanted, in the order in which it is done.
        reply: What the assistant says, the first that fits.
        when: Conditions by path under which the turn comes up.
        chance: Share of dialogues in which it comes up where it can, from 0 to 1.
        thought: What an expert thinks.
        values: Values worked out when the turn begins.
        traits: What the person does besides: ``correction`` or ``change_of_mind``.
        instead: Name of a group of turns; of those of a group at most one comes up, the first that can.
        kind: What the right move is.
        awaits: The call that is not made, where the kind is about one.
        names: What the reply has to name in such a turn: paths to values (confirm), else words of which one will do.
        about: What no tool of the world deals with (out_of_scope): words of which each message has one.
        then: Turns that come up only behind this one.
        last: It takes leave; nothing is said behind it.
        arrives: How it goes on where the tool comes after all (missing_tool); None where it never does.
        drops: How it goes on where the person lets it be (confirm); None where they never do.
    """

    say: Wordings
    reply: tuple[ReplyWordings, ...]
    requests: tuple[Request, ...] = ()
    when: JsonObject = {}
    chance: float = 1.0
    thought: Thought = Thought()
    values: dict[str, JsonObject] = {}
    traits: tuple[Literal["correction", "change_of_mind"], ...] = ()
    instead: str = ""
    kind: TurnKind = "act"
    awaits: Awaits | None = None
    names: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    then: tuple[SituationTurn, ...] = ()
    last: bool = False
    arrives: Arrival | None = None
    drops: Dropping | None = None


class Situation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason to come.

    Attributes:
        name: Unique name.
        worlds: Short names of the worlds that it needs.
        summary: One sentence: who this is and why they came.
        turns: What is said and wanted, in order; the first has to come up.
        personas: Names of the personas that it goes with; "any" for all.
        cast: The world's things that it is about, in an order in which each rests on earlier ones alone.
        values: Values worked out when it begins, by one rule each.
        require: Conditions by path that the cast and the values have to meet.
        knows: Facts that this person can name and the world does not hold.
        aside: It is nothing to come for by itself: its turns go behind those of another situation.
        source: File that it stands in.
    """

    name: str
    worlds: tuple[str, ...]
    summary: str
    turns: tuple[SituationTurn, ...]
    personas: tuple[str, ...] = ("any",)
    cast: dict[str, Role] = {}
    values: dict[str, JsonObject] = {}
    require: JsonObject = {}
    knows: tuple[str, ...] = ()
    aside: bool = False
    source: str = ""


def operand_paths(value: Json) -> list[str]:
    """Return the paths that the operands of conditions name."""
    if isinstance(value, str):
        return [value[1:]] if value.startswith("$") else []
    if isinstance(value, dict):
        return [path for each in value.values() for path in operand_paths(each)]
    return [path for each in value for path in operand_paths(each)] if isinstance(value, list) else []


def arrival_of(turn: SituationTurn) -> SituationTurn | None:
    """Return the turn that may come behind one whose tool is missing; None where the tool never comes."""
    coming, awaits = turn.arrives, turn.awaits
    if coming is None or awaits is None:
        return None
    request = Request(
        awaits.call, awaits.arguments, coming.name, coming.lookups, picks=coming.picks, values=coming.values
    )
    return SituationTurn(coming.say, coming.reply, (request,), thought=coming.thought)


def dropping_of(turn: SituationTurn) -> SituationTurn | None:
    """Return the turn that may come behind one in which a yes is asked for, and lets it be; None where none does."""
    drops, awaits = turn.drops, turn.awaits
    if drops is None or awaits is None:
        return None
    return SituationTurn(
        drops.say, drops.reply, thought=drops.thought, kind="no_call", names=drops.names,
        awaits=Awaits(awaits.call, awaits.arguments), traits=("change_of_mind",),
    )  # fmt: skip
