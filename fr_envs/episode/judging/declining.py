"""How a reply says no: it cannot be done, rules forbid it, a tool is missing; and what it offers instead.

Three kinds of turn are answered by a no, and each by another: who blames a rule where none forbids it misleads as much
as who blames a missing tool where a rule forbids it. What a reply only repeats of the message says nothing of its own.
"""

from __future__ import annotations

import re

__all__ = ["blames_rules", "blames_tools", "declines", "lacks", "offers", "own_words", "refuses"]

_DECLINE = re.compile(
    r"\b(?:can|could|may|must|shall|should|will|would|do|does|is|are|am|was|has|have|need)(?:n[o']?t| not|not)\b|"
    r"\b(?:can't|won't|isn't|aren't|doesn't|don't|mustn't|cannot)\b|\bunable\b|\bimpossible\b|\brefus\w+|\bforb\w+|"
    r"\bdeclin\w+|\bnot (?:able|possible|allowed|permitted|something|available|offered|among|one of|part|open|for|up|"
    r"mine|within)\b|\b(?:no|without an?y?|lack(?:s|ing)? an?y?) (?:way|tool|means|function|access|right|rights)\b|"
    r"\b(?:nothing|none) (?:here|that|of|i|in)\b|\bbeyond\b|\bout of (?:my|reach|bounds|scope)\b|\boutside\b|"
    r"\bonly (?:if|once|when|after)\b|\bnot until\b|(?<![.\w])no\b|\bnever\b|"
    r"\b(?:afraid|unfortunately|sorry|sadly),? not\b|\black\b|\bmissing\b",
    re.IGNORECASE,
)
_RULES = r"(?:polic(?:y|ies)|rules?|regulations?|guidelines?|terms|restrictions?)"
_BLAMES_RULES = re.compile(
    rf"\b(?:against|under|by|per|due to|because of|owing to|given|following|breach(?:es)?|violat\w+|contrary to|"
    rf"breaks?|prevented by|bound by|in line with|reasons? of)(?: \w+){{0,3}}? {_RULES}\b|"
    rf"\b{_RULES}\b[^.!?]{{0,40}}?\b(?:forbids?|prohibits?|bans?|prevents?|bars?|stops?|(?:do|does|would|will)"
    rf"(?:n't| not) (?:allow|permit|let))|\b{_RULES} (?:is|are) (?:\w+ )?(?:rules|clear|strict|against)\b|"
    rf"\b(?:outside|beyond)(?: \w+){{0,2}} {_RULES}\b|"
    r"(?:n't|\bnot|\bnever|\bnor) (?:\w+ )?(?:allowed|permitted|authori[sz]ed)\b|\bdisallowed\b|\bunauthori[sz]ed\b|"
    r"\b(?:policy|legal|security|compliance) (?:reasons?|grounds)\b|\bforbidden\b|\bprohibited\b|"
    r"\b(?:i|we) (?:may not|must not|mustn't|refuse|have to refuse|must refuse)\b",
    re.IGNORECASE,
)
_ABILITY = r"(?:tools?|functions?|functionality|features?|command|capabilit(?:y|ies)|service|means|way|option|access)"
_LACKS = re.compile(
    rf"\b(?:no|not an?y?|without an?y?|n't (?:have|got|see|find)(?: \w+){{0,2}}?|not have(?: \w+){{0,2}}?|lack\w*"
    rf"(?: \w+){{0,2}}?|none of (?:the|my)|neither of (?:the|my)) (?:\w+ ){{0,2}}?{_ABILITY}\b|"
    rf"\b{_ABILITY}\b[^.!?]{{0,60}}?\b(?:missing|lacking|"
    r"\w*(?:not|n't) (?:there|here|offered|available|among|one|part|given|open))|"
    rf"\b(?:none|nothing)\b[^.!?]{{0,24}}\b{_ABILITY}\b|\bmissing\b|\black\b|"
    r"(?:n't|\b(?:not|never|no|nothing|nowhere|unable|impossible|none|neither))\b[^.!?;]{0,60}?\b"
    r"(?:from |in |at |right )?here\b|"
    r"(?:n't|\bnot) (?:\w+ )?(?:available|offered|provided|supported|set up|equipped|open to me|given|within my reach|"
    r"among (?:my|the|what)|part of (?:my|what)|in my (?:power|reach|hands|toolbox|toolkit)|"
    r"something (?:i|we)(?:'m| am)? (?:able|have|can|could))|"
    r"\b(?:beyond|outside(?: of)?|out of) (?:my|reach|what i|the)\b|\bhave no (?:\w+ )?(?:way|means|access|tool)\b|"
    r"\bno tool of mine\b|\bno (?:\w+ ){1,4}?(?:available|offered|here)\b|\bunavailable\b|"
    r"(?:n't|\bnot) (?:\w+ )?(?:by|for) (?:myself|me)\b|"
    r"\bi(?:'m| am) not able to\b"
    r"[^.!?]{0,60}\bmyself\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are| do| would| have to| must)? (?:\w+ ){0,2}?(?:can't|cannot|can not|won't|will not|"
    r"unable|refuse|decline|not (?:able|allowed|permitted|going to|in a position))\b|^\W*(?:sorry\W+)?(?:unable to|not "
    r"(?:possible|allowed|permitted|available))\b|"
    r"\b(?:that|this|it)(?:'s| is| can| could| may| will)? ?(?:\w+ )?(?:n't|\bnot|\bimpossible)\b ?"
    r"(?:\w+ )?(?:possible|allowed|permitted|available|offered|something (?:i|we)\b)|"
    r"\b(?:that|this|it)(?:'s| is) (?:\w+ )?"
    r"(?:impossible|forbidden|prohibited|out of (?:my )?(?:reach|scope))",
    re.IGNORECASE | re.MULTILINE,
)
_BLAMES_TOOLS = re.compile(
    r"\b(?:no|not an?y?|without an?y?|n't (?:have|got|see|find)(?: \w+){0,2}?|not have(?: \w+){0,2}?|lack\w*"
    r"(?: \w+){0,2}?|none of (?:the|my)) (?:\w+ ){0,2}?(?:tools?|functions?|functionality|features?|capabilit\w+)\b|"
    r"\b(?:tools?|functions?|functionality|features?|capabilit\w+)\b[^.!?]{0,60}?\b(?:missing|lacking|\w*(?:not|n't) "
    r"(?:there|here|offered|available|among|one|part|given|open))|"
    r"(?:n't|\bnot) (?:\w+ )?(?:available (?:here|to me)|offered|supported|set up)\b|"
    r"\bout of (?:my )?(?:reach|scope)\b",
    re.IGNORECASE,
)
_OFFERING = re.compile(
    r"\b(?:can|could)\b|\b(?:i|we)(?:'d| would)? (?:may|might|will|would)(?! not|n't)\b|"
    r"\b(?:i|we)'(?:ll|d)\b|"
    r"\b(?:shall|should|may) (?:i|we)\b|\b(?:do|would) you (?:like|want|prefer)\b|\bwant me to\b|"
    r"\bwhat (?:i|we) (?:have|see|know)\b|\bhappy to\b|\bglad to\b|\ball i\b|\bonly\b|\bif you\b|"
    r"\b(?:works?|helps?|would do|will do|known?s?|has|have|shows?|takes?|gives?|tells?|does|do|sends?)\b|"
    r"\byou(?:'d| would|'ll| will)? (?:can|could|may|might|have to|need to|should|must|find|get)\b|\byou(?:'d|'ll)\b|"
    r"\b(?:ask|use|try|tell|call|phone|contact|write|see|look|check|type|run|open|go|leave|send|enter|turn|take|give|"
    r"copy|paste|come|visit|talk|speak|press|click|set|put|do|best|instead|rather|easier|easiest|better|nearest|"
    r"closest|yourself|myself)\b|\b(?:has|have|needs?|ought) to\b|\b(?:somebody|someone|whoever|anybody)\b|"
    r"\b(?:is|are|'s) (?:\w+ )?(?:up to|for the|one for|best|possible|quickly|done)\b|"
    r"\bworth\b|\bthat(?:'s| is) (?:for|up to|with)\b|"
    r"\bthrough\b|\bdirectly\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    re.findall(
        r"\w+",
        "able about above absolutely accept access accordance according account action actions activities activity "
        "additional administrator advice afraid again against agent agreement aim alas aligned all allowed already "
        "also always another answer any anybody anyone anything apologies apologise apologize appreciate "
        "appropriate are arrange ask asked asking assist assistance assistant attempt available back bank because "
        "been before behind being best better beyond both bound but call can cannot capabilities capability care "
        "case certain certainly channel channels check choose circumstances clarify come company compliance comply "
        "concern concerned concerns conditions confidential consequences contact cooperation could course current "
        "currently customer decision decline declined denied deny department describe desk despite detail details "
        "did different directly does doing don done down due each either else elsewhere employee enough even every "
        "everything exactly expert find fine first for forward from fulfil fulfill further get give given glad "
        "gladly going good grant granted guidance guideline guidelines had handle happily happy has have having "
        "hear help helpful helping helpline here hereby hesitate hotline how however human impossible inconvenience "
        "inform information instead instructed instruction instructions internal into issue issues its itself just "
        "kind kindly know later law laws least leave left legal let like limit limitation limitations limited "
        "limits line little look made make many matter matters may maybe mean meanwhile might moment more most much "
        "must myself name need needed needs never new next not nothing now offer official once one ones only "
        "operation operations options organisation organization other others otherwise our out over own part "
        "patience people perhaps permission permissions permit permits permitted person personally phone please "
        "point policies policy possible prefer prevent principle problem procedure procedures processed "
        "professional programmed prohibit prohibited prohibits protect protection provide question questions rather "
        "reach real really reason reasons refuse refused regard regret regrettably regulation regulations related "
        "relevant remain rephrase representative representatives request requested requests require requirements "
        "resources responsible restricted restriction restrictions right rule rules sadly safe safety same say "
        "scope security see sense service services shall should similar simple since situation some somebody "
        "somehow someone something somewhere sorry specialist specific staff standards still strict strictly strive "
        "such suggest suit support sure system take task tasks team tell than thank thanks that the their them then "
        "there these they thing things think this those though through time today together told too tool tools "
        "topic try trying unable unavailable understand understanding unfortunately unluckily until use used useful "
        "usual very via violate violates violation visit wait want was way ways welcome well were what whatever "
        "when where whether which while who whoever why will wish with within without word work works would write "
        "you your yours yourself",
    )
)
"""Words that fit under any request: what is offered in these alone is offered to nobody."""
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+|[,:]\s|\bbut\b|\s[–—-]\s", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:\.\w+)+|[^\W\d_]{3,}(?:['’][^\W\d_]+)?")
_FIGURE = re.compile(r"\d|\w\.\w|/\w")
_TELLING = 2  # words of its own from which on a statement tells something, whatever its form
_STEM = 5  # letters by which two forms of a word are one
_RUN = 6  # words in a row that nobody has from the message by chance
_TOKEN = re.compile(r"[\w'’]+")


def own_words(reply: str, heard: str) -> str:
    """Return a reply without what it repeats of the message: whole, or six words and more in a row.

    Example:
        >>> own_words("I can't tell you how many nights I have booked.", "Tell me how many nights I have booked!")
        "I can't tell you  ."
    """
    told = [word.casefold() for word in _TOKEN.findall(heard)]
    runs = {tuple(told[k : k + _RUN]) for k in range(len(told) - _RUN + 1)}
    places = list(_TOKEN.finditer(reply))
    kept, at, until = [], 0, 0
    for k in range(len(places) - _RUN + 1):
        if tuple(place[0].casefold() for place in places[k : k + _RUN]) in runs:
            start, end = places[k].start(), places[k + _RUN - 1].end()
            kept.append(reply[at:start] if start >= until else "")
            at = until = end
    return " ".join([*kept, reply[at:]]) if kept else reply


def declines(reply: str) -> bool:
    """Return True if a reply says that something cannot or may not be done.

    Example:
        >>> declines("I can't do that here."), declines("With pleasure!")
        (True, False)
    """
    return _DECLINE.search(_straight(reply)) is not None


def refuses(reply: str) -> bool:
    """Return True if a reply says of what was said to it that it will not, cannot or may not be done.

    Example:
        >>> refuses("I must decline that."), refuses("No: a light fare can't be changed.")
        (True, False)
    """
    return _REFUSES.search(_straight(reply)) is not None or blames_tools(reply)


def blames_rules(reply: str, reference: str = "") -> bool:
    """Return True if a reply says that rules forbid it.

    Args:
        reply: The reply.
        reference: A reply that is known to be right; where it does so too, nobody is blamed.

    Example:
        >>> blames_rules("Our policy doesn't allow that."), blames_rules("I have no tool for that.")
        (True, False)
    """
    return _BLAMES_RULES.search(_straight(reply)) is not None and not _BLAMES_RULES.search(_straight(reference))


def blames_tools(reply: str, reference: str = "") -> bool:
    """Return True if a reply says that it lacks the tool.

    Args:
        reply: The reply.
        reference: A reply that is known to be right; where it does so too, nothing is blamed.

    Example:
        >>> blames_tools("I have no tool for that."), blames_tools("That is against the rules.")
        (True, False)
    """
    return _BLAMES_TOOLS.search(_straight(reply)) is not None and not _BLAMES_TOOLS.search(_straight(reference))


def lacks(reply: str) -> bool:
    """Return True if a reply says that what would do it is not there: the tool, the way, the access.

    Example:
        >>> lacks("There's no tool for it here."), lacks("I can't do that.")
        (True, False)
    """
    return _LACKS.search(_straight(reply)) is not None


def offers(reply: str, heard: str) -> bool:
    """Return True if a reply says what can be done instead, by whom or where, in a word of its own.

    Args:
        reply: The reply.
        heard: What the user has just said; whoever repeats a word of it offers nothing by it.

    Example:
        >>> offers("I can't, but the hotel can.", "Flowers!"), offers("I can help with something else.", "Flowers!")
        (True, False)
    """
    said = {word[:_STEM].casefold() for word in _WORD.findall(_straight(heard))}
    for part in _ENDS.split(_straight(reply)):
        if _DECLINE.search(part) or _BLAMES_RULES.search(part):
            continue
        own = {word.casefold() for word in _WORD.findall(part) if _is_own(word, said)}
        if len(own) >= (1 if _OFFERING.search(part) or _FIGURE.search(part) else _TELLING):
            return True
    return False


def _is_own(word: str, said: set[str]) -> bool:
    plain = word.casefold().partition("'")[0]
    return plain not in _GENERIC and plain.removesuffix("s") not in _GENERIC and plain[:_STEM] not in said


def _straight(text: str) -> str:
    return text.replace("’", "'")
