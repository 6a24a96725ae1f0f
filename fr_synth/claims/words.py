"""Claims without values: that something was done, failed, was refused, or is so; and what a text must not speak of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.claims.lexicon import READS, STATES, acts_of, lemma, tool_acts
from fr_synth.claims.sources import norm, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.spec import ToolSpec
    from fr_synth.claims.moment import Moment

__all__ = ["licensed", "words"]

_ADVERBS = r"(?:(?:now|already|also|just|then|both|all|only|since|duly|successfully|finally|still|therefore|fully|safely|again|even|currently|automatically|immediately|always) )*"
_I = re.compile(
    rf"\b(?:I|[Ww]e)(?P<have>[\u2019']ve| have| had)?(?P<not>n[\u2019']t| not| never)? {_ADVERBS}(?P<verb>[a-z]+(?:-[a-z]+)?)"
    r"(?: (?P<more>off|back|out|up|down|away|over|in|on))?"
)
_I_NOT = re.compile(r"\b(?:I|[Ww]e) (?:did(?:n[\u2019']t| not)|haven[\u2019']t|have not) (?:yet )?(?P<verb>[a-z]+)")
_PASSIVE = re.compile(
    rf"\b(?P<be>ha(?:s|ve|d)(?:n[\u2019']t| not| never| yet to)? {_ADVERBS}been|is|are|was|were|got|gets|[\u2019']s|[\u2019']re)(?P<not>n[\u2019']t| not| no longer| never)? {_ADVERBS}"
    r"(?P<verb>[a-z]+(?:-[a-z]+)?)(?: (?P<more>off|back|out|up|down|away|over|in))?\b"
)
_FIRST = re.compile(
    rf"^\W*(?:Also |And |Then |Both |All |Now |Successfully |OK, |Okay, )?{_ADVERBS}(?P<verb>[A-Za-z][a-z]+(?:-[a-z]+)?)(?: (?P<more>off|back|out|up|down))?\b(?! (?:is|are|was|were)\b)"
)
_TRAILING = re.compile(r"_ [A-Z]{3} (?P<verb>[a-z]{3,}ed)(?P<more>)(?=[,.;]|$| to | from | and )")
_FAILED = re.compile(
    r"\b(?:failed|couldn[\u2019']t|could not|unable to|did(?:n[\u2019']t| not) (?:go through|work|succeed|happen|take)|refused|declined"
    r"|rejected|denied|impossible|not possible|unsuccessful(?:ly)?|went wrong|fell through|bounced|no luck|not able to"
    r"|an error|was an? (?:problem|error)|errored|turned down|not allowed|not permitted|forbidden|in vain|(?:was|is)n[\u2019']t (?:able|possible|allowed|permitted))\b",
    re.IGNORECASE,
)
_WONT = re.compile(
    r"\b(?:I|[Ww]e) (?:can(?:not|[\u2019']t| not)|won[\u2019']t|will not|must not|may not|refuse|decline|am not (?:able|allowed|permitted|going))\b|\bI[\u2019']m (?:not (?:able|allowed|permitted|going)|unable|afraid)\b"
)
_SEEK = re.compile(r"\b(?:find|see|tell|say|know|look|spot|promise|think|reach)\b")
_WORKED = re.compile(
    r"\b(?:done|all set|it worked|went through|gone through|successful(?:ly)?|taken care of|sorted out|completed|finished"
    r"|in place now|as you (?:asked|wanted|wished)|as requested)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:I|[Ww]e)(?:[\u2019']ll| will|[\u2019']m going to| am going to|[\u2019']re going to|[\u2019']d be) (?:(?:also|then|now|just|always|gladly|personally) )*(?P<verb>[a-z]+(?:-[a-z]+)?)(?P<rest>(?: [a-z\u2019']+){0,5})"
)
_OFFER = re.compile(
    r"\b(?:if|once|unless|when|should you|as soon as|after you|let me know|until you)\b|\?", re.IGNORECASE
)
_THINGS = re.compile(
    r"\b(confirmation e-?mail|confirmation|e-?mail|text message|sms|phone call|receipt|notification|voucher|gift|discount|bonus|"
    r"cashback|reminder|alert|newsletter|apology|courier|helpdesk|help desk|support team|supervisor|manager|colleague|"
    r"lawyer|police|embassy|insurer|backup copy|back-up|backup|screenshot|attachment|ticket number|case number|reference number|hotline|call cent(?:re|er)|"
    r"taxi|wheelchair|special meal|lounge|visa|penalty|surcharge|tax|interest|deposit|warranty|guarantee|log file|audit log|password|certificate|summary report|spreadsheet|pdf|calendar|contract|premium)s?\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:no (?:fee|charge|cost|extra cost)s?|free of charge|at no (?:cost|charge|extra cost)|without (?:a |any )?(?:fee|charge|cost)|for free|nothing to pay|costs? (?:you )?nothing)\b",
    re.IGNORECASE,
)
_FEE = re.compile(
    r"\b(?:a|an|the usual|the) (?:small |extra |additional )?(?:fee|charge) (?:was|has been|is|will be|applies|applied)\b(?! (?:\d|nothing|zero|nil|_))",
    re.IGNORECASE,
)
_GIVEAWAY = re.compile(
    r"\b(?:the|this|my|given|a|that|provided|secret|system|hidden|another)[ \u2019']?s? hints?\b|\bhints? (?:says?|tells?|suggests?|was|is|points?|mentions?)\b"
    r"|\bhidden (?:notes?|instructions?|plan|prompt|steps?|context|information|message|data|field|comment|key)s?\b|\banswer (?:key|sheet)\b|\bcheat ?sheet\b"
    r"|\b(?:the|my|these|private|internal|secret|teacher|author|given|provided|developer|system|own) (?:hidden |private |internal )?notes? (?:i (?:was|got)|says?|tells?|mentions?|gives?|lists?|states?|shows?|reveals?|for)\b"
    r"|\b(?:from|in|by|per|to|see) (?:my|the) (?:hidden |private |internal |secret |given |system |own )?notes?\b"
    r"|\bnotes? (?:i was given|given to me|for the (?:assistant|model|writer))\b|\bground[- ]truth\b|\bgold(?:en)? (?:answer|label|call|standard|solution|reference|trajectory|path)s?\b"
    r"|\bexpected (?:calls?|answers?|outputs?|results?|tools?|arguments?|actions?|solution|trajectory|values? (?:is|are) given)\b"
    r"|\breference (?:calls?|solutions?|answers?|trajectory|implementation|path)\b|\b(?:solution|answer|test|target|intended|correct|right|next) (?:key|call|tool|path|trajectory|sequence)s? (?:is|are|was|were) (?:given|known|listed|provided|told|already|supposed)\b"
    r"|\b(?:the )?(?:critic|grader|evaluator|annotator|teacher|simulator|rubric|benchmark|test case|unit test|scorer|reviewer|checker|dataset|data set|training data|training set|the judge|ground rules of the task)\b"
    r"|\b(?:system|developer|hidden|teacher|original) (?:note|prompt|message|instruction)s?\b|\bas (?:instructed|told|noted|written|stated|given) (?:by|in) (?:the|my) (?:prompt|system|instructions?|plan|guide|script|task description)\b"
    r"|\bthe (?:guide|plan|script|scenario|blueprint|specification|template|outline|answer|task description|meta ?data|annotation|label) (?:says?|wants?|tells?|gives?|demands?|expects?|states?|lists?|requires?|asks?|has it)\b"
    r"|\badvanced tool\b|\b(?:was|been|were|am) (?:told|given|shown|informed|briefed) (?:in advance|beforehand|ahead of time|the answer|the solution|secretly)\b"
    r"|\bsupposed to (?:call|answer|end up|arrive at|find|output|produce)\b|\bspoilers?\b|\bprivileged (?:information|knowledge|context)\b|\bpeek(?:ed|ing)? at\b|\bleaked\b",
    re.IGNORECASE,
)
_GUESS = re.compile(
    r"(?P<no>\b(?:no need to|without|not|never|rather than|instead of|don[\u2019']t|won[\u2019']t|than|no|nor|avoid|can[\u2019']t|cannot|not going to|shouldn[\u2019']t|must not|isn[\u2019']t a|needn[\u2019']t|stop|nothing to|not to) (?:a |any |just |be |have to |to |simply )?)?"
    r"\b(?:guess(?:ed|es|ing|work)?|at random|shot in the dark|coin (?:toss|flip)|hunch|gut feeling|make (?:one|it|something) up|made up|invent(?:ed|ing)?|I assume|I[\u2019']ll assume|assuming|I suppose|I imagine|I[\u2019']d wager|I bet|on a whim|probably fine|hope for the best|I believe it might)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_MARKUP = re.compile(
    r"<\|[^|<>\n]{0,40}\|?>|<[\uff5c|]|</?(?:think|thinking|tool_call|tool_calls|tool_response|tool_result|function|function_call|function_calls|parameter|invoke|im_start|im_end|s|bos|eos|pad|unk|system|user|assistant|human|bot|start_of_turn|end_of_turn|reasoning|answer|scratchpad)(?:[ =:][^<>\n]{0,60})?/?>"
    r"|\[/?(?:INST|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|SYS)\]|<</?SYS>>|^(?:#+ ?)?(?:Human|Assistant|User|System|Instruction|Response):|^### ?(?:Instruction|Response|Input|Human|Assistant)",
    re.IGNORECASE | re.MULTILINE,
)


def words(moment: Moment) -> Iterator[str]:
    """Iterate over what a text says without a value, and must not, or is not so."""
    yield from _unclean(moment)
    claims = moment.claims
    bare = moment.text
    for claim in claims:
        if not claim.plain:
            bare = f"{bare[: claim.span.start]}{'_' * (claim.span.end - claim.span.start)}{bare[claim.span.end :]}"
    if moment.who == "reasoning":
        yield from _giveaways(moment, bare)
    for start, end in moment.clauses:
        part = bare[start:end]
        question = moment.text[start:end].rstrip('"” )').endswith("?")
        if moment.who == "reply":
            yield from _acts(moment, part, question)
            if not question:
                yield from _outcomes(moment, part)
                yield from _things(moment, part)
        elif not question and moment.who == "reasoning":
            yield from _outcomes(moment, part)


def _unclean(moment: Moment) -> Iterator[str]:
    control = _CONTROL.search(moment.text)
    if control:
        yield f"there is a control character, U+{ord(control[0]):04X}"
    markup = _MARKUP.search(moment.text)
    if markup and not moment.sources.holds(norm(markup[0])):
        yield f"there is markup, {markup[0]!r}"


def _giveaways(moment: Moment, bare: str) -> Iterator[str]:
    found = _GIVEAWAY.search(bare)
    if found and not _is_known(moment, found[0]):
        yield f"it speaks of {found[0]!r}"
    for guess in _GUESS.finditer(bare):
        if guess["no"] is None and not _is_known(moment, guess[0]):
            yield f"it speaks of a guess, {guess[0]!r}"


def _is_known(moment: Moment, phrase: str) -> bool:
    return any(norm(phrase) in heard for heard in moment.sources.heard)


# ------------------------------------------------------------------------------------------------ what was done


def _acts(moment: Moment, part: str, question: bool) -> Iterator[str]:
    for pattern in (_I, _PASSIVE, _FIRST, _TRAILING) if not question else (_I,):
        for match in pattern.finditer(part):
            yield from _act(moment, part, match, own=pattern is _I)
    for match in _I_NOT.finditer(part):
        if licensed(moment, match["verb"], moment.wrote()):
            yield f"it denies {match['verb']!r}, which was done"
    if not question:
        yield from _promises(moment, part)


def _act(moment: Moment, part: str, match: re.Match[str], *, own: bool) -> Iterator[str]:
    word = match["verb"]
    base = lemma(word)
    if (base == word.lower() and word.lower() not in _SAME_FORM) or word.lower() in _NO_PARTICIPLE:
        return
    if own and base == word.lower() and not match["have"] and word.lower() not in ("put", "set", "cut"):
        return
    if (own and base in _MINDS) or base in _FAILURES:
        return
    more = match["more"]
    whole = f"{base}-{more}" if more and (acts_of(f"{base}-{more}") or f"{base}-{more}" == "check-in") else base
    negated = ("not" in match.groupdict() and match["not"] is not None) or (
        not own and "n't" in (match.groupdict().get("be") or "").replace("\u2019", "'")
    )
    negated = negated or bool(re.search(r"\b(?:not|never|n[\u2019']t)\b", match.groupdict().get("be") or ""))
    if _WOULD.search(part[: match.start()] + match[0]):
        return
    if negated:
        if (
            not own
            and "no longer" not in match[0]
            and " any more" not in part
            and licensed(moment, whole, moment.wrote())
            and not moment.failed()
            and acts_of(whole)
        ):
            yield f"it denies {match['verb']!r}, which was done"
        return
    if not own and re.match(r" on\b", part[match.end() :]) and _reads(moment) and not _WOULD.search(part):
        return
    if not _is_true(moment, whole, own=own):
        yield f"it says {match[0].strip()!r}, and nothing did that"


_SAME_FORM = frozenset(["put", "set", "cut", "read", "run", "let", "split", "shut", "come", "reset"])
_NO_PARTICIPLE = frozenset(
    [
        "need",
        "indeed",
        "speed",
        "feed",
        "seed",
        "red",
        "bed",
        "hundred",
        "left",
        "read",
        "run",
        "set",
        "come",
        "let",
        "cut",
        "put",
        "split",
        "had",
        "met",
        "been",
        "embed",
        "exceed",
        "proceed",
        "succeed",
        "agreed",
        "based",
        "unlimited",
        "limited",
        "required",
        "gone",
        "open",
        "needed",
        "supposed",
        "interested",
        "united",
        "related",
        "said",
        "concerned",
        "attached",
        "enclosed",
        "tired",
        "scared",
        "detailed",
        "advanced",
        "supervised",
        "unused",
        "involved",
        "located",
        "named",
        "called",
    ]
)
_FAILURES = frozenset(["refuse", "decline", "reject", "deny", "fail"])
_MINDS = frozenset(
    [
        "see",
        "know",
        "find",
        "think",
        "understand",
        "mean",
        "notice",
        "realise",
        "realize",
        "want",
        "need",
        "have",
        "be",
        "like",
        "hope",
        "wonder",
        "say",
        "decide",
        "forget",
    ]
)
_WOULD = re.compile(
    r"\b(?:would|could|should|might|may|can|cannot|can[\u2019']t|must|to be|to have been|if|unless|once|until|before|when|whether|will|won[\u2019']t|[\u2019']ll|nobody|nothing|no one|as long as|so long as)\b[^,;]*$"
)


def _is_true(moment: Moment, verb: str, *, own: bool) -> bool:
    """Say whether a thing that is said to be done was done, or is told by a result."""
    base = verb.partition("-")[0]
    if base == "note" and moment.wrote():
        return True
    if base in _CHECKS:
        return _checked_after(moment) or licensed(moment, verb, moment.worked())
    if base in READS and verb == base and moment.worked() and (own or not (acts_of(verb) - _LOOKS)):
        return True
    if licensed(moment, verb, moment.wrote() if acts_of(verb) else moment.worked()):
        return True
    if any(_stem(tokens(moment.call(k).name)[0]) == _stem(base) for k in moment.worked()):
        return True
    if not own and base in STATES:
        return True
    return _is_told(moment, verb, own=own)


_LOOKS = frozenset({"check-in", "sort", "create", "refund", "confirm"})
_CHECKS = frozenset({"double-check", "verify", "test", "validate", "re-check"})


def _checked_after(moment: Moment) -> bool:
    """Say whether something was looked up after the last change."""
    wrote, worked = moment.wrote(), moment.worked()
    return bool(worked) and (not wrote or worked[-1] > wrote[-1])


def licensed(moment: Moment, verb: str, calls: Iterable[int]) -> bool:
    """Say whether one of some calls does what a verb tells."""
    acts = acts_of(verb) or acts_of(verb.partition("-")[0])
    for number in calls:
        call = moment.call(number)
        tool = moment.spec.tools[call.name]
        if acts & _tool_acts(tool):
            return True
        if not acts and _stem(verb) in {_stem(lemma(word)) for word in _verbs(tool)}:
            return True
    return False


def _tool_acts(tool: ToolSpec) -> frozenset[str]:
    kept = _TOOL_ACTS.get(id(tool))
    if kept is None or kept[0] is not tool:
        if len(_TOOL_ACTS) > 4096:
            _TOOL_ACTS.clear()
        kept = _TOOL_ACTS[id(tool)] = (tool, tool_acts(tool.name, tool.description, tuple(tool.returns)))
    return kept[1]


_TOOL_ACTS: dict[int, tuple[ToolSpec, frozenset[str]]] = {}


def _verbs(tool: ToolSpec) -> list[str]:
    return [*tokens(tool.name)[:1], *re.findall(r"[a-z]+", tool.description.lower())[:40]]


def _stem(word: str) -> str:
    return word[:5].rstrip("e")


def _is_told(moment: Moment, verb: str, *, own: bool) -> bool:
    """Say whether a result's values, or names of members that are true, tell a participle; or the user's words do."""
    if own:
        return False
    stem = _stem(verb.partition("-")[0])
    sources = moment.sources
    for number in sources.of_calls(moment.worked()):
        for name, value in sources.rows[number].fields.items():
            if (
                isinstance(value, str)
                and len(value.split()) < 3
                and any(_stem(lemma(w)) == stem for w in re.findall(r"[a-z]+", value.lower()))
            ):
                return True
            if value not in (False, None) and any(_stem(lemma(w)) == stem for w in tokens(name)):
                return True
    told = " ".join(f"{moment.call(k).name} {_described(moment, k)}" for k in _reads(moment))
    known = re.findall(r"[a-z]+", told.lower())
    return any(_stem(lemma(word)) == stem or (len(stem) > 3 and word.startswith(stem)) for word in known) and not (
        moment.wrote() and acts_of(verb)
    )


_LATER = frozenset({"alert", "schedule"})


def _done(moment: Moment) -> frozenset[str]:
    """Return the classes of acts of the turn's changes."""
    return frozenset().union(*(_tool_acts(moment.spec.tools[moment.call(k).name]) for k in moment.wrote()))


def _reads(moment: Moment) -> list[int]:
    """Return the turn's look-ups whose results are told."""
    return [k for k in moment.told() if moment.spec.tools[moment.call(k).name].effect == "read"]


def _promises(moment: Moment, part: str) -> Iterator[str]:
    """Iterate over what the assistant says it will do, and has no means for."""
    for match in _FUTURE.finditer(part):
        if _OFFER.search(part) or (match["verb"] in ("be", "need", "have") and not match["rest"]):
            continue
        verbs = [match["verb"], *match["rest"].split()]
        if not any(acts_of(verb) & _LATER & _done(moment) for verb in verbs):
            yield f"it promises {match[0]!r}"


# ---------------------------------------------------------------------------------------- success, failure, refusal


def _outcomes(moment: Moment, part: str) -> Iterator[str]:
    failed = _FAILED.search(part)
    kind = moment.evidence.dialogue.turns[moment.turn].kind if moment.turn >= 0 else "act"
    if (
        failed
        and re.search(r"\b(?:be|gets?|are|is) $", part[: failed.start()])
        and failed[0] in ("refused", "declined", "rejected", "denied")
    ):
        failed = None
    if failed and not moment.failed() and kind == "act" and not _failure_told(moment, failed[0]):
        yield f"it says {failed[0]!r}, and nothing failed"
    wont = _WONT.search(part)
    if moment.who == "reply":
        if wont and not moment.failed() and kind == "act" and not _SEEK.search(part, wont.end(), wont.end() + 12):
            yield f"it says {wont[0]!r}, and nothing was in the way"
        worked = _WORKED.search(part)
        if worked and not _negated(part, worked.start()) and not _went_well(moment):
            yield f"it says {worked[0]!r}, and nothing was done"


def _negated(part: str, at: int) -> bool:
    return re.search(r"\b(?:not|n[\u2019']t|never|nothing|none|isn|wasn|be|to)\W+(?:\w+ )?$", part[:at]) is not None


def _went_well(moment: Moment) -> bool:
    """Say whether the turn's last call went through."""
    return bool(moment.ran) and moment.call(moment.ran[-1]).error is None


def _failure_told(moment: Moment, phrase: str) -> bool:
    """Say whether a failure is what a result tells, or was asked for (a payment called back did not go through)."""
    if moment.who == "reasoning":
        if any(call.error for call in moment.evidence.dialogue.calls[: (moment.ran or moment.ahead or (0,))[0] + 1]):
            return True
        if re.search(r"\b(?:if|would|could|might|may|can|unless|before|otherwise|in case|should)\b", moment.text):
            return True
    if "go through" in phrase and any(tokens(moment.call(k).name)[0] in _UNDOING for k in moment.wrote()):
        return True
    stem = _stem(lemma(phrase.split()[-1].lower()))
    sources = moment.sources
    if not phrase.isalpha() or phrase.lower() == "impossible":
        return False
    return any(
        isinstance(value, str) and any(_stem(lemma(w)) == stem for w in re.findall(r"[a-z]+", value.lower()[:200]))
        for number in sources.of_calls(moment.worked())
        for value in sources.rows[number].fields.values()
    ) or any(re.search(rf"\b{stem}", heard) for heard in sources.heard[1:])


_UNDOING = frozenset(["cancel", "recall", "revoke", "withdraw", "undo", "reverse", "stop"])


# ----------------------------------------------------------------------------------------- things nobody spoke of


def _things(moment: Moment, part: str) -> Iterator[str]:
    """Iterate over things that neither the results nor the user nor the tools speak of, and what is free and is not."""
    for match in _THINGS.finditer(part):
        if not _is_spoken_of(moment, match[1].lower()):
            yield f"it speaks of {match[0]!r}, of which nothing is known"
    fees = list(_fees(moment))
    free = _FREE.search(part)
    if free and any(fees) and not any(_FREE.search(_described(moment, k)) for k in moment.told()):
        yield f"it says {free[0]!r}, and there is a fee"
    if free and not fees and not _is_spoken_of(moment, "cost") and not _is_spoken_of(moment, "free"):
        yield f"it says {free[0]!r}, and nothing tells that"
    fee = _FEE.search(part)
    if fee and not any(fees):
        yield f"it says {fee[0]!r}, and there is none"


def _described(moment: Moment, number: int) -> str:
    return moment.spec.tools[moment.call(number).name].description


def _fees(moment: Moment) -> Iterator[float]:
    sources = moment.sources
    for number in sources.of_calls(moment.told()):
        for name, value in sources.rows[number].fields.items():
            if tokens(name)[-1:] == ["fee"] and isinstance(value, int | float):
                yield float(value)


def _is_spoken_of(moment: Moment, thing: str) -> bool:
    stems = [word[:5] for word in re.findall(r"[a-z]+", thing.replace("e-", "")) if word not in ("the",)]
    sources = moment.sources
    told = [
        norm(f"{moment.call(k).name.replace('_', ' ')} {moment.spec.tools[moment.call(k).name].description}")
        for k in moment.ran
    ]
    for number in sources.of_calls(moment.ran):
        for name, value in sources.rows[number].fields.items():
            told.append(name.replace("_", " ").lower())
            told += [
                norm(str(item)) for item in (value if isinstance(value, list) else (value,)) if isinstance(item, str)
            ]
    told += sources.heard[1:]
    return all(any(re.search(rf"\b{stem}", text) for text in told) for stem in stems[:2])
