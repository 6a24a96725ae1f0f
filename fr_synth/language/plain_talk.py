"""What people say in worlds without stories: one request in one manner, and a word that ties it to what came before.

Nothing is known there of who speaks and why, so little is made of it: no greetings strung together, no thanks in
advance. A dialogue keeps to one way of asking; a change of mind comes with a reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import msgspec

from fr_envs.adapters.words.grammar.phrases import noun
from fr_envs.adapters.words.naming import names_it
from fr_envs.adapters.words.questions import asked_in
from fr_envs.json_values import scalars
from fr_envs.streams import pick
from fr_synth.language.amends import otherwise, put_right
from fr_synth.language.queries import Query, must_say, spelt_out
from fr_synth.language.questions import asks_of_one, question_for
from fr_synth.language.requests import Request, request_for, sentence
from fr_synth.language.standing import is_somebody
from fr_synth.language.told.figures.units import asked_for, units_known, with_units
from fr_synth.language.told.plainer import levelled, plainer
from fr_synth.language.told.things import called, own_identifier
from fr_synth.language.tying import NO_TIE, Tie, can_lead, ended, frames_for, with_reason
from fr_synth.language.verbalise import fill, singular
from fr_synth.trace.dataflow.executed import Focus, focus_after
from fr_synth.trace.dataflow.provenance import harvest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["WAYS", "Moment", "Way", "say_plainly", "with_pronouns"]

Way: TypeAlias = Literal["direct", "polite", "asking", "brisk"]
"""A manner of asking that somebody keeps to."""

WAYS: tuple[Way, ...] = ("direct", "direct", "polite", "asking", "brisk")
"""Every manner, as often as it is drawn."""

_FIRST: dict[Way, tuple[str, ...]] = {
    "direct": ("{}", "I'd like to {}", "I need to {}", "I want to {}"),
    "polite": (
        "please {}",
        "could you {}?",
        "could you please {}?",
        "hi, could you {}?",
        "hello, please {}",
        "hello, I'd like to {}, please",
    ),
    "asking": ("can you {}?", "hi, can you {}?", "can you {} for me?", "hi, can I {}?"),
    "brisk": ("{}", "{}, please"),
}
_OWN = re.compile(r"\b(?:I'd like|I need|I want|can I)\b")  # with which people speak of what they do themselves
_OWN_DEEDS = frozenset({
    "add", "book", "borrow", "buy", "cancel", "change", "exchange", "extend", "hire", "join", "move", "order",
    "postpone", "prolong", "register", "renew", "rent", "report", "reschedule", "reserve", "return", "schedule",
    "shift", "swap", "switch",
})  # fmt: skip
_LATER: dict[Way, tuple[str, ...]] = {
    "direct": ("{}",),
    "polite": ("please {}", "could you {}?", "{}, please"),
    "asking": ("can you {}?", "and can you {}?"),
    "brisk": ("{}", "{}, please"),
}
_AFTER_LOOK: dict[Way, tuple[str, ...]] = {
    "direct": ("OK, {}", "{}"),
    "polite": ("thanks. Please {}", "thank you. Could you {}?", "could you {}?"),
    "asking": ("OK, can you {}?", "can you {}?"),
    "brisk": ("OK, {}", "{}"),
}
_ASKED_FIRST: dict[Way, tuple[str, ...]] = {
    "direct": ("{}",), "polite": ("hi, {}", "hello, {}", "{}"), "asking": ("hi, {}", "{}"), "brisk": ("{}",),
}  # fmt: skip
_ASKED_LATER = ("{}", "{}", "and {}")
_SHORT = 14  # characters up to which words that tie a request to what came before can come up again


class Moment(NamedTuple):
    """Where in a dialogue something is said.

    Attributes:
        before: The calls of the turns before.
        way: The manner of the dialogue.
        said: What the person has said so far.
        off: What is asked for takes back, is done with, or changes what the dialogue has made.
        tie: How it follows from what came before.
    """

    before: Sequence[ExecutedCall]
    way: Way
    said: str = ""
    off: Literal["", "undo", "finish", "change"] = ""
    tie: Tie = NO_TIE


def say_plainly(
    domain: Domain[Any], steps: Sequence[ExecutedCall], moment: Moment, rng: np.random.Generator
) -> Query | None:
    """Write the message of a turn with one request; None if it cannot be put into words.

    Args:
        domain: The world.
        steps: The turn's calls.
        moment: Where in the dialogue it is said.
        rng: Chooses among the phrases.
    """
    asked = [step for step in steps if step.user_requested]
    if len(asked) != 1:
        return None
    request = _request(domain, asked[0], moment, rng)
    if request is None:
        return None
    if _STUMBLES.search(request.text):
        return None
    units = units_known([*moment.before, *steps])  # people know in what their things come
    text = asked_for(with_units(_with_articles(asked[0], request.text), asked[0], units), asked[0], units)
    request = request._replace(text=plainer(levelled(text)))
    plain = request.text.replace(" are there that are ", " are ")
    request = request._replace(text=_OF_IT.sub(r"its \1", plain))
    request, more = _apart(request)
    request, complaint = _complained(request)
    if moment.tie.reason and not request.text.endswith("?"):
        return _reasoned(domain, steps, (request, more or complaint), moment, rng)
    frames = _frames(domain, asked[0], request, moment)
    said = moment.said.lower()
    fresh = [each for each in frames if len(each) < _SHORT or each[:_SHORT].lower() not in said]
    text = ended(fill(pick(rng, fresh or frames), {"": request.text}))
    if text.endswith("for me?") and re.search(r"\b(?:for|me)\b", request.text):
        text = text.removesuffix(" for me?") + "?"
    hard = " ".join(filter(None, (_whole(text), more, complaint)))
    return Query(spelt_out(domain, steps, "", rng), singular(hard, [w for w in must_say(steps) if w in hard]))


def _with_articles(step: ExecutedCall, text: str) -> str:
    """Return a request with the article before what goes by a common noun: "order the walnut torte"."""
    for mention in step.mentions.values():
        name, by = mention.text, next(iter(mention.by), "")
        if mention.way == "fields" and _is_named(mention) and called(name, by) != name:
            text = re.sub(rf"(?<!\d )(?<!\bthe )\b{re.escape(name)}(?!\w)", called(name, by), text)
    return text


def _reasoned(
    domain: Domain[Any],
    steps: Sequence[ExecutedCall],
    told: tuple[Request, str],
    moment: Moment,
    rng: np.random.Generator,
) -> Query:
    """Return a request with what speaks for it, before or behind it."""
    request, more = told
    before = request.order and can_lead(moment.tie, request.text) and rng.random() < _REASON_FIRST
    if before:
        text = with_reason(moment.tie, request.text, before=True)
        if moment.way != "direct":
            text = text.replace(", so ", ", so please ", 1)
    else:
        frames = frames_for(moment.tie, moment.way, order=request.order, text=request.text) or ("{}",)
        text = fill(pick(rng, frames), {"": with_reason(moment.tie, request.text, before=False)})
    hard = " ".join(filter(None, (_whole(text), more)))
    return Query(spelt_out(domain, steps, "", rng), singular(hard, [w for w in must_say(steps) if w in hard]))


_REASON_FIRST = 0.5  # share of reasons that are said first, where they can be
_OF_IT = re.compile(r"\bthe ((?:[a-z]+ ){0,2}[a-z]+) of it(?=$|\?| (?:at|for|from|on|to)\b)")
_STUMBLES = re.compile(r"\b(?:on|from) \d{1,2} [A-Z][a-z]+ \d{4} (?:on|from) \d")  # "Ada's stay on the 5th on the 6th"


def _request(domain: Domain[Any], step: ExecutedCall, moment: Moment, rng: np.random.Generator) -> Request | None:
    if asks_of_one(domain.spec, step) and not asked_in(domain.spec.tools[step.call.name].description):
        found = question_for(domain, step, moment.before, rng)
        if found is not None:
            return found
    return request_for(domain.spec.tools[step.call.name], step, rng)


def _frames(domain: Domain[Any], step: ExecutedCall, request: Request, moment: Moment) -> Sequence[str]:
    """Return the ways to begin and end a message, with a place for the request."""
    if moment.tie.purpose == "put right":
        fixed = put_right(step, request.text, moment.before) if request.order else ()
        if fixed:
            return fixed
    if moment.tie.purpose:
        tied = frames_for(moment.tie, moment.way, order=request.order, text=request.text)
        return tied or ("{}",)
    changed = otherwise(step, request.text, moment.before) if moment.off == "change" else ()
    return changed or _by_way(domain, request, moment)


def _by_way(domain: Domain[Any], request: Request, moment: Moment) -> Sequence[str]:
    """Return the ways in which a manner begins and ends a request."""
    first, way = not moment.before, moment.way
    if not request.order:
        if not first and not request.text.endswith("?"):
            return ("{}",)
        return _ASKED_FIRST[way] if first else _ASKED_LATER
    if first:
        own = request.text.split()[0] in _OWN_DEEDS
        return tuple(frame for frame in _FIRST[way] if own or not _OWN.search(frame))
    last = next(each for each in reversed(moment.before) if each.user_requested)
    looked = domain.spec.tools[last.call.name].effect == "read"
    return _AFTER_LOOK[way] if looked else _LATER[way]


def _whole(text: str) -> str:
    """Return a message as one or two sentences; a question mark does not come behind a text in quotes with its own."""
    text = re.sub(r'([.?!]")([.?])$', r"\1", text)
    text = re.sub(r"(: \"[^\"]*\"), please$", r"\1", text)
    return sentence(text)


_COMPLAINT = re.compile(r': "((?:it|its|one of|some of|the|there) [^"?]*)"$')


_CLAUSE = re.compile(r"; ((?:the|it) [^;]*)$")


def _apart(request: Request) -> tuple[Request, str]:
    """Return a request without its last clause, and that clause as a sentence of its own.

    Example:
        >>> _apart(Request("issue a permit for the ground bay; the plate is B 90 XT", order=True))
        (Request(text='issue a permit for the ground bay', order=True), 'The plate is B 90 XT.')
    """
    match = _CLAUSE.search(request.text)
    if match is None:
        return request, ""
    return Request(request.text[: match.start()], request.order), sentence(match[1])


def _complained(request: Request) -> tuple[Request, str]:
    """Return an order, and in a sentence of its own what is wrong, if that is what the order is about.

    Example:
        >>> _complained(Request('report a problem with the big dryer: "it rattles badly"', order=True))
        (Request(text='report a problem with the big dryer', order=True), 'It rattles badly.')
    """
    match = _COMPLAINT.search(request.text)
    if match is None or not request.order:
        return request, ""
    return Request(request.text[: match.start()], request.order), sentence(match[1])


_PRONOUNS = 0.85  # share of things spoken of last that are "it" where there is room for it
_OBJECT = r"(?:^(?:[a-z]+|record that|mark) \{%s\}|\b(?:about|of|on|to|with) \{%s\}(?=$|[:,?]))"


def with_pronouns(
    domain: Domain[Any], steps: Sequence[ExecutedCall], before: Sequence[ExecutedCall], rng: np.random.Generator
) -> tuple[ExecutedCall, ...]:
    """Return a turn's calls in which what was spoken of last is "it", or "that booking", where that is clear.

    What has a name keeps it elsewhere: nobody calls somebody just named "the volunteer".

    Args:
        domain: The world.
        steps: The turn's calls.
        before: The calls of earlier turns.
        rng: Decides.
    """
    return tuple(_with_pronoun(domain, step, before, rng) if step.user_requested else step for step in steps)


def _with_pronoun(
    domain: Domain[Any], step: ExecutedCall, before: Sequence[ExecutedCall], rng: np.random.Generator
) -> ExecutedCall:
    focus: Focus = {}
    for each in before:
        if each.user_requested:
            focus = focus_after(focus, domain, each.call, each.result)
    last, made = _spoken_of(domain, before), list(_made_in(domain, before))
    changed = dict(step.mentions)
    for pointer, mention in _without_owners(domain, step, before):
        changed[pointer] = mention
    for pointer, mention in step.mentions.items():
        clear = focus.get(mention.kind) == (mention.value,) and mention.owner is None
        if not clear or mention.way not in ("anaphora", "fields"):
            continue
        spoken_last = (mention.kind, mention.value) == last
        if not spoken_last and (_is_named(mention) or mention.value not in made):
            continue
        text = _called(domain, step, (pointer, mention), rng, last=spoken_last)
        if text:
            changed[pointer] = msgspec.structs.replace(mention, text=text, way="anaphora", by={}, group=None)
    return step._replace(mentions=changed)


def _without_owners(
    domain: Domain[Any], step: ExecutedCall, before: Sequence[ExecutedCall]
) -> Iterator[tuple[str, Mention]]:
    """Iterate over what is pointed at without saying again whose it is: "the pickup on 2 April", of hers just shown."""
    last = next((each for each in reversed(before) if each.user_requested), None)
    told = scalars(last.call.arguments) if last is not None else []
    for pointer, mention in step.mentions.items():
        whose = next((name for name, value in mention.by.items() if value in told), "")
        left = {name: value for name, value in mention.by.items() if name != whose}
        start = f"{mention.by.get(whose)}'s "
        ways = [set(each.by) for each in domain.spec.kinds[mention.kind].references]
        if (
            mention.way == "fields"
            and whose
            and len(left) == 1
            and set(left) in ways
            and mention.text.startswith(start)
        ):
            text = f"the {mention.text.removeprefix(start)}"
            yield pointer, msgspec.structs.replace(mention, text=text, by=left)


def _called(
    domain: Domain[Any], step: ExecutedCall, pointed: tuple[str, Mention], rng: np.random.Generator, *, last: bool
) -> str:
    """Return how the thing spoken of last is called; empty where its name is better."""
    pointer, mention = pointed
    kind, tool = domain.spec.kinds[mention.kind], domain.spec.tools[step.call.name]
    about = noun(mention.kind).split()[-1]
    if is_somebody(about, mention.text) or about in _LIVING:
        return ""
    name = re.escape(pointer.removeprefix("/"))
    fits = all(re.search(_OBJECT % (name, name), text) for text in tool.request_templates)
    fits = fits and sum(each.kind == mention.kind for each in step.mentions.values()) == 1
    if last and "it" in kind.anaphora and (fits or asks_of_one(domain.spec, step)) and rng.random() < _PRONOUNS:
        return "it"
    named = _is_named(mention)
    says_that = any(f" that {{{pointer.removeprefix('/')}}}" in text for text in tool.request_templates)
    words = [text for text in kind.anaphora if text != "it" and not (says_that and text.startswith("that "))]
    return "" if named or not words else pick(rng, words)


def _is_named(mention: Mention) -> bool:
    by = list(mention.by)
    return mention.way == "fields" and len(by) == 1 and names_it(by[0], noun(mention.kind))


def _made_in(domain: Domain[Any], before: Sequence[ExecutedCall]) -> Iterator[Json]:
    """Iterate over the identifiers of what requests have made: what no call before them took or showed."""
    seen: set[Json] = set()
    for each in before:
        tool = domain.spec.tools[each.call.name]
        value = each.result.get(own_identifier(domain.spec, tool.returns))
        known = value in seen or value in each.call.arguments.values()
        if each.user_requested and tool.effect == "write" and value is not None and not known:
            yield value
        seen |= {told for told in scalars(each.result) if isinstance(told, str | int)}


_LIVING = frozenset({"animal", "bird", "cat", "cow", "dog", "goat", "hen", "horse", "pet", "pony", "puppy", "sheep"})


def _spoken_of(domain: Domain[Any], before: Sequence[ExecutedCall]) -> tuple[str, Json]:
    """Return the kind and the identifier of the thing spoken of last: what was made, else what was dealt with."""
    last = next((each for each in reversed(before) if each.user_requested), None)
    if last is None:
        return "", None
    tool = domain.spec.tools[last.call.name]
    fields = {name: parameter.field for name, parameter in tool.parameters.items()}
    taken = [(each.kind, each.value) for each in harvest(fields, last.call.arguments) if _is_thing(domain, each.kind)]
    given = [(each.kind, each.value) for each in harvest(tool.returns, last.result) if _is_thing(domain, each.kind)]
    fresh = [each for each in given if each not in taken]
    own = own_identifier(domain.spec, tool.returns)
    made = [each for each in fresh if own and each == (tool.returns[own].kind, last.result.get(own))]
    several = taken[:1] or _sole(domain, tool, last)
    found = made[:1] if tool.effect == "write" and made else several
    kind, value = next(iter(found), ("", None))
    return kind, value


def _sole(domain: Domain[Any], tool: ToolSpec, look: ExecutedCall) -> list[tuple[str, Json]]:
    """Return the one thing that a list holds; nothing where it holds several."""
    for name, field in tool.returns.items():
        rows = look.result.get(name)
        fields = field.array.object if field.array is not None else None
        if fields is None or not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
            continue
        own = own_identifier(domain.spec, fields)
        return [(fields[own].kind or own, rows[0].get(own))] if own else []
    return []


def _is_thing(domain: Domain[Any], kind: str) -> bool:
    return domain.spec.kinds[kind].origin == "issued"
