"""Requests: a message wants nothing that its turn is not about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.claims.wording.lexicon import ACTS, READS, acts_of, tool_acts
from fr_synth.verify.situated.turns import turns_of, wished_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["overreaching"]

_CUT = re.compile(
    r"[.!?;](?:\s+|$)|\n+|\s+(?=(?:Then|Also|And|Please) [a-z])"
    r"|,? (?:and|then|but|plus)(?: also| then)? |, (?=also\b|then\b|please\b)"
)
_ASKS = re.compile(
    r"^\W*(?:(?:and|also|then|next|please|afterwards|hey|hi|hello|okay|ok|good|right|so|now|"
    r"finally|besides|lastly|after that|before that|one more thing|quick one"
    r"|another thing|could you|can you|would you|will you|i(?:[\u2019']d| would) like (?:you "
    r")?to|i (?:need|want) (?:you )?to|you (?:can|could|should|may)|kindly|just|maybe|perhaps|"
    r"if you can|while you[\u2019']re at it|at the same time|on top of that|in addition)[,:]? "
    r"?)*"
    r"(?P<verb>[a-z]+(?:-[a-z]+)?)(?: (?:me|us|them|him|her|it))?(?: (?P<more>off|back|out|up|"
    r"down|away|over|in|on))?\b",
    re.IGNORECASE,
)
_VAGUE = word_set(
    "put take make let get have give set go do keep leave turn bring want call see tell show need use add "
    "change move look check find list read start stop help try know say ask write open update work follow "
    "be come hold note drop pick cut apply combine"
)
_ALSO = word_set(
    "email e-mail mail text phone ring notify inform alert warn remind forward fax scan encrypt translate "
    "subscribe unsubscribe reboot restart install uninstall upgrade download upload share post tweet "
    "publish invite guarantee double-check backup"
)
_SAFE = word_set(
    "thank thanks cheers sorry hello hi hey please is are was were it that this the a an there here what "
    "which who when where how why my our your i we you of in on at to for from with by if should as no "
    "not yes"
)


_LINKS = frozenset({"Then", "Also", "And", "Please"})  # written large, they are no names


class _Turn(NamedTuple):
    """What a turn is about.

    Attributes:
        tools: The tools that are asked for, or that would be called if the turn were to be acted on.
        wording: The words in which the situation has people ask, and what else the goal wants to be spoken of; folded.
        known: The situation's words are known.
        parts: The message, request by request.
    """

    tools: tuple[ToolSpec, ...]
    wording: str
    known: bool
    parts: tuple[tuple[str, bool], ...] = ()


def overreaching(moment: Moment) -> Iterator[str]:
    """Iterate over the requests of a message that its turn is not about: nothing that it does or leaves undone."""
    turn = _turn(moment)
    if not turn.tools and not turn.known:
        return
    text = moment.text
    for claim in moment.claims:
        if (claim.span.kind == "quote" or not claim.plain) and claim.span.text not in _LINKS:
            name, _, last = claim.span.text.rpartition(" ")  # a signature runs on into "Then freeze …"
            end = claim.span.start + len(name) if name and last in _LINKS else claim.span.end
            text = f"{text[: claim.span.start]}{'_' * (end - claim.span.start)}{text[end:]}"
    turn = turn._replace(parts=tuple(_parts(text)))
    for part, asking in turn.parts:
        yield from _wish(moment, turn, part, asking=asking)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Iterate over (part, it ends in a question mark) of a message."""
    at = 0
    for cut in [*_CUT.finditer(text), None]:
        part = text[at : cut.start() if cut else len(text)]
        if part.strip():
            yield part, cut is not None and "?" in cut[0]
        at = cut.end() if cut else len(text)


def _turn(moment: Moment) -> _Turn:
    record = moment.evidence.dialogue.turns[moment.turn]
    asked = [k for k in moment.ahead if moment.who == "easy" or moment.call(k).user_requested] or moment.ahead
    names = [moment.call(k).name for k in asked]
    names += [record.awaited.tool] if record.awaited is not None and record.awaited.tool in moment.spec.tools else []
    played = turns_of(moment.evidence, moment.turn)
    about = () if record.awaited is None else record.awaited.about
    wording = norm(" ".join([wished_in(played), *record.goal.mentions, *about]))
    return _Turn(tuple(moment.spec.tools[name] for name in names), wording, bool(played))


def _wish(moment: Moment, turn: _Turn, part: str, *, asking: bool) -> Iterator[str]:
    match = _ASKS.match(part)
    verb = match["verb"].lower() if match and not _RECALLS.search(part) else ""
    verb = "" if verb in _STOPS and (_BREAK.match(part[match.end("verb") :]) if match else None) else verb
    rest = part[match.end("verb") :] if match else part
    if verb and verb not in _VAGUE and verb not in _SAFE and (acts_of(verb) or verb in _ALSO):
        whole = _whole(match, verb) if match else verb
        served = _served(moment, turn, verb, whole)
        if not served and (verb in _ALSO or verb in _DISTINCT or _is_foreign(moment, turn, verb, rest)):
            yield f"it asks to {verb}, and nothing in the turn does"
            return
        if _REST.search(rest) and not _is_rest_served(moment, turn, part) and not _REST.search(turn.wording):
            yield f"it asks to {verb} what else there is, and nothing in the turn does"
            return
    if asking or (match and (verb in _VAGUE or acts_of(verb))):
        yield from _topic(moment, turn, part)
    if turn.known and _ADDS.match(part) and (asking or verb in _VAGUE or verb in _ERRANDS):
        yield from _errand(moment, turn, part, rest)


def _served(moment: Moment, turn: _Turn, verb: str, whole: str) -> int:
    """Return how many of a turn's tools, or of its situation's words, can be for what a verb asks."""
    served = len(_serving(moment, turn, verb, whole))
    whole = rf"{verb.removesuffix('e')}(?:e|es|ed|ing)?\b" if verb in _ALSO else _stem(verb)
    return served or int(re.search(rf"\b{whole}", turn.wording) is not None)


def _serving(moment: Moment, turn: _Turn, verb: str, whole: str) -> list[ToolSpec]:
    """Return the tools of a turn, call by call, that can be for what a verb asks."""
    easy = moment.who == "easy"  # a step that nobody has words for is asked for in the contract's
    return [
        tool
        for tool in turn.tools
        if _serves(tool, verb, whole)
        or (easy and any(re.search(rf"\b{verb}\b", norm(text)) for text in tool.request_templates))
    ]


def _is_rest_served(moment: Moment, turn: _Turn, part: str) -> bool:
    """Return True if a call for the rest of something is left when every other request has had one of its own."""
    match = _ASKS.match(part)
    verb = match["verb"].lower() if match else ""
    serving = _serving(moment, turn, verb, _whole(match, verb)) if match else []
    if len(serving) < _SEVERAL:
        return False
    for other, _ in turn.parts:
        used = _asked_in(serving, other) if other != part else None
        if used is not None:
            serving.remove(used)
    return bool(serving)


def _asked_in(tools: Sequence[ToolSpec], part: str) -> ToolSpec | None:
    """Return which of some tools a part of a message asks for: first of all one whose thing it names."""
    match = _ASKS.match(part)
    verb = match["verb"].lower() if match else ""
    if not match or verb in _SAFE or verb in READS:
        return None
    named = (t for t in tools if any(len(word) >= _NOUN and word in norm(part) for word in tokens(t.name)[1:]))
    plain = (t for t in tools if verb not in _VAGUE and _serves(t, verb, _whole(match, verb)))
    return next(named, None) or next(plain, None)


def _whole(match: re.Match[str], verb: str) -> str:
    """Return a verb with its particle ("call-off")."""
    return f"{verb}-{match['more']}" if match["more"] else verb


def _errand(moment: Moment, turn: _Turn, part: str, rest: str) -> Iterator[str]:
    """Yield what is asked for besides, where nothing of it has to do with the turn ("And get me a coffee")."""
    nouns = [word for word in _OBJECT.findall(rest) if word not in _LITTLE]
    if nouns and _are_foreign(nouns, _about(moment, turn)):
        yield f"it asks {part.strip()[:60]!r} besides, and nothing in the turn is about that"


_ADDS = re.compile(r"\W*(?:oh,? )?(?:and|also|then|please|plus|besides|by the way)\b", re.IGNORECASE)
_OBJECT = re.compile(r"\b(?:an?|the|my|our|some|his|her|their|any)(?: [a-z]+)? ([a-z]{4,})\b")
_ERRANDS = word_set(
    "play sing paint cook deliver recommend suggest explain calculate draw drive fetch wake water feed clean google "
    "search buy order tell teach choose plan prepare print record review solve spell summarise summarize"
)
_REST = re.compile(r"\b(?:every|any)(?:thing|one|body) else\b|\b(?:all|the) (?:the )?(?:rest|others)\b")
_SEVERAL = 2  # calls that can be for one thing and the rest
_NOUN = 4  # letters of a word that tells which thing a tool is for
_RECALLS = re.compile(r"\b[Rr]emind (?:me|us) (?:again )?(?:wh\w+|how|of)\b")  # asks to be told, not to be woken
_STOPS = word_set("wait stop hold forget")  # with a pause behind it: said to break in ("Wait, 3.3 was last week's.")
_BREAK = re.compile(r"(?: on| it| that)?\s*(?:[,.!;:–-]|$)")
_DISTINCT = word_set("freeze unfreeze hire rename copy contest dispute activate pause resume delete close")
_LITTLE = word_set(
    "with from that this then also into over them they what which when will would could same first last "
    "before after please thank thanks some more most"
)


def _is_foreign(moment: Moment, turn: _Turn, verb: str, rest: str) -> bool:
    """Return True if nothing that a request names has to do with the turn."""
    nouns = [word for word in re.findall(r"[a-z]{4,}", rest) if word not in _LITTLE]
    about = _about(moment, turn)
    if verb in _OF_ITSELF and any(word in about for word in _OF_ITSELF[verb]):
        return False
    return _are_foreign(nouns, about)


def _are_foreign(nouns: Sequence[str], about: str) -> bool:
    return bool(nouns) and not any(noun[:5] in about for noun in nouns)


_OF_ITSELF = {"borrow": ("loan", "overdraft"), "insure": ("insurance",), "fly": ("flight",)}
"""Verb -> things in which it is spoken of, where its own word is none of theirs."""


def _serves(tool: ToolSpec, verb: str, whole: str) -> bool:
    if verb in _ALSO and not _is_named(tool, verb):
        return False
    acts = tool_acts(tool.name, tool.description, tuple(tool.returns))
    wanted = acts_of(whole) | acts_of(verb)
    if (wanted - _ENDING) & acts or (wanted & _ENDING and _ends(tool)):
        return True
    if wanted & _ENDING and tool.effect == "read":
        return False  # whatever its description speaks of, nothing ends by looking at it
    spoken = norm(" ".join([tool.name.replace("_", " "), tool.description, *tool.errors.values()]))
    return re.search(rf"\b{_stem(verb)}", spoken) is not None


def _stem(verb: str) -> str:
    return verb[: max(5, len(verb) - 2)]


def _is_named(tool: ToolSpec, verb: str) -> bool:
    """Return True if a tool's name tells the class of a verb, or its description the verb itself."""
    named = set(tokens(tool.name))
    classes = acts_of(verb)
    if any(act in named or named.intersection(ACTS[act].split()) for act in classes):
        return True
    return re.search(rf"\b{_stem(verb)}", norm(f"{tool.name.replace('_', ' ')} {tool.description}")) is not None


def _ends(tool: ToolSpec) -> bool:
    """Return True if a tool ends something, by a verb of its own: "take" and "give back" tell too many things."""
    told = [*tokens(tool.name)[:1], *re.findall(r"(?:^|\. |\band |\bor |, )([a-z]+)", norm(tool.description))]
    plain = [verb for verb in told if verb not in _VAGUE and verb != "return"] + [
        tool.name if tool.name in _SHORT else ""
    ]
    return tool.effect == "write" and any((acts_of(verb) or _SHORT.get(verb, frozenset())) & _ENDING for verb in plain)


_SHORT = {"rm": frozenset({"delete"}), "rmdir": frozenset({"delete"})}
_ENDING = frozenset({"cancel", "delete", "close", "block", "release", "leave"})  # users say one for another
_TOPICS = re.compile(
    r"\b(weather|support|hotline|help ?desk|forecast|news|joke|poem|recipe|stock market|share "
    r"price|bitcoin|crypto|horoscope|football|restaurant|taxi|cinema|movie|song|"
    r"e-?mail|newsletter|receipt|invoice|insurance|loan|mortgage|overdraft|standing order|"
    r"direct debit|mandate|dispute|payee|statement|budget|alert|"
    r"exchange rate|fee|pin|password|address|phone number|hotel|seat|passport|visa|licence|voucher|"
    r"points|loyalty|waiting list|boarding pass|check-in|upgrade|meal|lounge|ferry|tarball|checksum|symlink|"
    r"printer|screenshot|database|server|calendar|appointment|lawyer|tax|salary|pension|"
    r"subscription|message|notification|lottery|gift)s?\b",
    re.IGNORECASE,
)


def _topic(moment: Moment, turn: _Turn, part: str) -> Iterator[str]:
    """Yield a thing that is asked about, where nothing in the turn has to do with it."""
    about = None
    for match in _TOPICS.finditer(part):
        about = about or _about(moment, turn)
        stem = re.sub(r"\W", "", match[1].lower())[:6]
        if stem not in about:
            yield f"it asks about {match[0]!r}, and nothing in the turn is about that"


def _about(moment: Moment, turn: _Turn) -> str:
    """Return the words of the turn's tools, arguments and results, and of its situation, run together."""
    found: list[str] = []
    ran = [moment.spec.tools[moment.call(number).name] for number in moment.ahead]
    for tool in {each.name: each for each in (*ran, *turn.tools)}.values():
        found += (tool.name, tool.description, *tool.parameters, *tool.returns, *tool.errors.values())
        found += tool.request_templates
        found += [" ".join(tokens(name)) for name in tool.returns]
    for number in moment.ahead:
        found += (str(moment.call(number).arguments), str(moment.call(number).result))
    found += moment.sources.heard[1:]
    found += [mention.text for mention in moment.evidence.dialogue.turns[moment.turn].mentions]
    return re.sub(r"[-\s_]", "", norm(" ".join((*found, turn.wording))))
