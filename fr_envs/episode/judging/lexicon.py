"""The wordings in which assistants say that something was done, failed, was refused, or is asked. Data, no logic."""

from __future__ import annotations

import re

__all__ = [
    "ASKS",
    "CLAIMS_DONE",
    "CLAUSES",
    "COURTESY",
    "DATED",
    "DONE_ALONE",
    "DONE_PASSIVE",
    "EVENT_FAILED",
    "FREE_OF",
    "IF",
    "I_COULD_NOT",
    "I_DID",
    "I_DID_NOT",
    "I_WILL_NOT",
    "LOOKED_FOR",
    "NOTHING_CHANGED",
    "NOTHING_FAILED",
    "NOTHING_FOUND",
    "OFFERS",
    "OVERCOME",
    "RECALLED",
    "SENTENCES",
    "SOMETHING_FAILED",
    "WHOLE",
    "WRITES",
    "WRITE_NAMED",
]


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PAST = """
    accepted activated added adjusted amended appended applied approved archived arranged assigned attached
    blocked booked bought broken built called cancelled canceled changed charged checked-in cleared closed
    completed confirmed converted copied corrected created credited cut debited deactivated declined deleted
    deposited disabled disputed doubled downgraded dropped edited emptied enabled ended entered exchanged executed
    extended extracted filed filled finalised finalized fixed forwarded froze frozen given granted halted halved
    held increased initiated inserted installed instructed issued joined kept lifted linked locked logged lowered
    made mailed marked merged modified moved notified opened ordered organised organized overwritten overwrote
    paid paired paused placed posted prepared processed published purchased put raised rebooked recalled recorded
    redeemed reduced refunded registered released removed renamed renewed repaid replaced replied reported
    requested reserved reset restored resumed returned reversed revoked saved scheduled sent set settled shared
    shortened signed split started stopped stored submitted subscribed suspended swapped switched terminated
    topped transferred truncated turned unblocked undid undone unfroze unfrozen unlocked unsubscribed updated
    upgraded uploaded voided waived wired withdrawn withdrew written wrote zipped borrowed reviewed deferred
    postponed rescheduled redirected rolled scrapped erased wiped compressed packed unpacked duplicated dispatched
    delivered carried taken took got gone
"""
_LOOSE = frozenset(
    word
    for words in (
        ("called", "checked-in", "given", "got", "gone", "kept", "made", "put", "set", "taken", "took", "turned"),
        ("carried", "rolled", "broken", "cut", "held"),
    )
    for word in words
)
_WRITE_WORDS = sorted(_PAST.split(), key=len, reverse=True)
WRITES = "|".join(_WRITE_WORDS)
"""Past forms of verbs that change something."""

_PLAIN = "|".join(word for word in _WRITE_WORDS if word not in _LOOSE)
_ADVERB = (
    r"(?:(?:now|just|also|already|successfully|duly|then|all|both|each|immediately|safely|correctly|finally|promptly|"
    r"gladly|therefore|hereby|instead|first|only|even|fully|completely|again|since|next|further|personally)\s+)*"
)
_EVENT = (
    r"(?:transfers?|payments?|requests?|bookings?|operations?|orders?|changes?|updates?|calls?|attempts?|steps?|"
    r"actions?|"
    r"commands?|cancellations?|exchanges?|deletions?|moves?|copy|copies|copying|uploads?|downloads?|log-?ins?|"
    r"sign-?ins?|"
    r"check-?ins?|purchases?|refunds?|registrations?|activations?|process|tasks?|procedures?|renaming|removal|"
    r"upgrades?|"
    r"reservations?|conversions?|writes?|edits?|creation|confirmation|submission|tools?|query|search(?:es)?|lookups?|"
    r"verification|recall|instructions?|deletion|repayments?|disputes?|jobs?|transactions?|cards?|withdrawals?|"
    r"deposits?|whole thing|rest|thing|part)"
)
_THIS = (
    rf"(?:it|this|that|everything|all(?: of (?:it|this|that|them))?|(?:the|your|my|our|this|that|each|every|either|"
    rf"both|any|all)(?: \w+){{0,2}}? {_EVENT}(?: (?:to|of|for|from|with) (?:[\w'\".-]+ ?){{1,5}})?)"
)

SENTENCES = re.compile(r"(?<=[.!?;…])[\"')\]]*\s+|\s+[—–]\s+|\n+|(?<=\w):\s+(?=[A-Z])")
CLAUSES = _re(
    r",?\s+(?=(?:but|and then|and (?:i|we|it|the|your|you|that|this|there|nothing|no|everything|all|one|both)\b|"
    r"so (?:i|we|it|the|that|nothing|you)|however|although|though|"
    r"while|whereas|yet|except that|because|since (?:it|the|you|there)|until|unless|which|after which|before)\b)|"
    r",\s+(?=(?:so|then|yet|as|i|we|nothing|no|none|which|the)\b)"
)
"""Where a sentence is cut, so that a "not" bears on its own half alone."""

IF = _re(
    r"^(?:and |but |or |so )?(?:if|in case|should (?:it|that|this|you|the|anything|something)|unless|whether|once|"
    r"when(?:ever)?|as soon as|before|until|in the event|provided|"
    r"suppose|assuming|had (?:it|i|the))\b|\b(?:if|in case|unless|whether|as soon as|in the event that)\b|"
    r"\b(?:would|could|might|may|should) (?:have|fail|be|go)\b(?! not)|"
    r"\bto (?:be|have been) (?:\w+ )?(?:"
    + WRITES
    + r")\b|\b(?:(?:will|shall|may|must|should|would|might)(?: not)?|can|could)(?! not) (?:\w+ )?be (?:\w+ )?(?:"
    + WRITES
    + r")\b"
)
"""What such a clause says is not said to have happened."""

ASKS = _re(
    r"\?[\"')\]]*\s*$|\b(?:please (?:tell|let|give|confirm|specify|provide|clarify|choose|say|send|name|state|"
    r"share|indicate|enter)\b|"
    r"(?:could|can|would|will) you (?:please |kindly )?(?:tell|let|give|confirm|specify|provide|clarify|choose|"
    r"say|send|name|share)|let me know (?:which|what|who|whether|when|where|how|the)|"
    r"i(?:'d| would)? (?:just )?(?:need|want|like) (?:to know|you to (?:tell|confirm|choose|specify)|"
    r"your confirmation|more (?:details|information))|"
    r"i need (?:the|your|a|an|to ask) \w+|which (?:one|of)|tell me (?:which|what|who|when|where|how|the)|"
    r"what is missing is)"
)
OFFERS = _re(
    r"\b(?:would you like|do you want|shall i|should i|shall we|want me to|may i|let me know if|feel free|"
    r"if you(?:'d| would)? (?:like|want|wish|prefer|need)|"
    r"happy to|glad to|i(?:'d| would) be (?:happy|glad)|i can (?:also |gladly |instead )?(?!not|only confirm|"
    r"confirm|see|tell)|i could (?:also |instead |gladly )?(?!not|only|see)|i(?:'ll| will| am going to|"
    r"'m going to| shall)\b(?! not)|"
    r"we can (?:also |instead )?(?!not)|we could (?:also |instead )?(?!not)|alternatively|anything else|next,? i)"
)
"""Asked or held out, in either case not done."""

COURTESY = _re(
    r"\b(?:couldn'?t|could not|can'?t|cannot) (?:be happier|agree more|thank you enough|be easier|complain|"
    r"wait to|recommend|stress|emphasi[sz]e)|"
    r"\b(?:do not|don'?t) (?:hesitate|worry|mind)|\bno (?:problem|worries|trouble|doubt)\b"
)

_FAIL_HEDGE = r"(?:unfortunately|sadly|regrettably|sorry|afraid|apologi[sz]e)"
I_COULD_NOT = _re(
    r"\b(?:i|we) (?:\w+ ){0,2}?(?:couldn'?t|could not|could n't|was(?:n'?t| not) able to|were(?:n'?t| not) able to|"
    r"(?:was|were|have been|'ve been|had been) unable to|(?:have|had)(?:n'?t| not) been able to|"
    r"(?:have |'ve |had )?failed (?:to|at|in)|"
    r"did(?:n'?t| not) (?:manage|succeed|get (?:it|that|this|anywhere|round|through)|complete|finish|achieve)|"
    r"had (?:no (?:success|luck)|trouble|problems|to (?:give up|abort|abandon|stop))|"
    r"gave up|(?:ran|have run|'ve run) into (?:an?|some|several) (?:\w+ )?(?:error|problem|issue|fault|"
    r"difficult)\w*|(?:got|received|hit|encountered|met) (?:an?|only|several|nothing but) (?:\w+ )?(?:error|"
    r"failure|refusal|fault)s?|"
    r"(?:was|were) (?:(?:not |n't )(?:allowed|permitted)|refused|denied|blocked|prevented|stopped|turned away)|"
    r"(?:was|were)n'?t (?:allowed|permitted))\b|"
    r"^(?:but |and |yet |though |however,? )?(?:\W*(?:i'm |i am )?"
    + _FAIL_HEDGE
    + r"(?: that)?[,:]? )?(?:unable to|failed to|could not|couldn'?t|not able to)\b|"
    r"\b(?:i|we)'ve (?:not |never )been (?:able|allowed|permitted) to\b|"
    r"\bit (?:was|has been|proved|is) (?:impossible|not possible) (?:for me )?to\b"
)
I_DID_NOT = _re(
    rf"\b(?:i|we) (?:\w+ )?(?:(?:have|had)(?:n'?t| not)|'ve not|did(?:n'?t| not)|never) (?:yet |actually |"
    rf"been )?(?:{WRITES}|make|transfer|pay|book|cancel|change|move|send|create|delete|remove|update|rename|do|add|"
    rf"set|order|block|close|open|exchange|complete|carry)\b(?! (?:a|any) (?:fee|charge|mistake))"
)
I_WILL_NOT = _re(
    r"\b(?:i|we)(?:'m| am|'re| are)? (?:\w+ ){0,2}?(?:can'?t|cannot|can not|won'?t|will not|(?:not |un)able to|"
    r"not (?:allowed|permitted|authori[sz]ed|in a position|supposed)|"
    r"must (?:decline|refuse|not)|have to (?:decline|refuse|say no)|(?:decline|refuse) to|mustn'?t|may not|"
    r"have no (?:way|means|tool|permission|access|right|authority|ability)|lack the|don'?t have (?:a |the |any |"
    r"access|permission)|do not have (?:a |the |any |access|permission)|"
    r"(?:am|'m) (?:forbidden|prohibited))\b|\b(?:that|this|it)(?: \w+)?(?:'s| is) (?:simply |just |"
    r"unfortunately )?(?:not (?:possible|allowed|permitted|something (?:i|we)\b)|impossible|against (?:the|our|"
    r"my)|outside (?:of )?(?:my|what)|"
    r"beyond (?:my|what)|out of my)|"
    r"\b(?:the |our )?(?:policy|rules?|bank|guidelines)\b[^.]{0,30}?\b(?:forbids?|prohibits?|(?:does|do)(?:n'?t|"
    r" not) (?:allow|permit)|(?:won'?t|will not) (?:allow|let))|"
    r"\b(?:can'?t|cannot|can not) be (?:done|carried out|helped|made|completed|executed|processed|closed|"
    r"transferred|paid|booked|moved|deleted|removed|created|opened|renamed|blocked)\b(?! again)"
)
LOOKED_FOR = _re(
    r"\b(?:find|found|see|seen|locate|located|detect|spot|discover|identify|make out|get any|matched)\b(?! (?:out|"
    r"the time|a way|time))"
)
EVENT_FAILED = _re(
    rf"\b{_THIS}(?:,? (?:unfortunately|sadly|though|however),?)? (?:{_ADVERB})(?:(?:has |have |had |was |were |is |"
    rf"are |got |been |all |simply |just |sadly |unfortunately )*(?:failed|unsuccessful|in vain|fruitless|declined|"
    rf"refused|rejected|denied|aborted|interrupted|a failure|impossible)|"
    r"(?:fails|errored|errors out|timed out|(?:was|were|got|has been|have been) (?:turned down|held up|cut off|"
    r"called off by)|went wrong|goes wrong|broke down|fell through|came to nothing|"
    r"ended in (?:an )?(?:error|failure)|bounced|crashed)|"
    r"(?:did(?:n'?t| not)|has(?:n'?t| not)|have(?:n'?t| not)|does(?:n'?t| not)) (?:work(?:ed)?|succeed(?:ed)?|"
    r"go(?:ne)? (?:through|well|as planned)|come off|complete[d]?|take(?:n)? effect|happen(?:ed)?|"
    r"take(?:n)? place)|"
    r"(?:could(?:n'?t| not)|can(?:'?t|not)|can not) be (?:\w+ )?(?!found|located|seen|identified|reached)(?:\w+ed|"
    r"done|made|sent|paid|put|set|begun|undone|written|carried|bought)|"
    rf"(?:was|were|has|have|is|are)(?:n'?t| not)(?: been| yet)* (?:\w+ )?(?:{_PLAIN}|done|made|carried out|"
    rf"successful|sent|executed|completed|performed|possible))\b"
    r"|\b(?:transfers?|payments?|requests?|bookings?|attempts?|orders?|calls?|exchange|purchase)(?: \w+){0,3} "
    r"(?:was|were|got|has been|is) (?:\w+ )?blocked\b|\bturned (?:the|my|your|it|this|that)\b.{0,30}\bdown\b|"
    r"\b(?:access|permission) (?:was |is |has been )?denied\b|\b(?:would|will|did|does)(?:n'?t| not) (?:let|allow|"
    r"accept|permit|take)\b|\b(?:remains?|remained|stays?|stayed) (?:untouched|where (?:it|they) (?:was|were|is|are))|"
    r"\bdid(?:n'?t| not) get (?:\w+ed|made|done|sent|paid|through)\b"
    rf"|\b(?:was|were|has|have|had)(?:n'?t| not) (?:been |yet |yet been )?(?:{_PLAIN})\b|\bcould(?:n'?t|"
    rf" not) be (?:\w+ )?(?:{_PLAIN}|done|made|set|sent|put)\b|"
    r"\b(?:it|that|this)'s (?:still |just )?not (?:been )?(?:done|carried out|completed|executed|performed)\b"
)
SOMETHING_FAILED = _re(
    r"\b(?:something|things?|everything|it all|all of it) (?:has |have |had )?(?:gone|went) wrong\b|\b(?:an?|the|"
    r"some|several|only) (?:\w+ )?(?:errors?|failures?|faults?|exceptions?) (?:occurred|came up|happened|"
    r"came back|stopped|was returned|were returned|prevented|appeared)|"
    r"\bthere (?:was|were|has been|is) (?:an?|some|several|only) (?:\w+ ){0,2}?(?:errors?|problems?|failures?|"
    r"faults?|issues?)\b(?! (?:in the file|in line|report))|\b(?:without|no) (?:any )?success\b|"
    r"\bto no avail\b|\bin vain\b|\bnothing came of\b|^\W*not (?:done|possible|completed)\b|^\W*(?:error|failure|"
    r"failed|no luck|unsuccessful|refused|rejected|"
    r"denied)\W*(?:$|[:!,.–—-])|\b(?:came|came back|returned|ended|ends) with (?:an?|only|"
    r"nothing but) (?:\w+ )?errors?\b|\b(?:returned|gave|brought|produced|yielded) (?:(?:an|only|nothing but|"
    r"just) )?(?:\w+ )?errors?\b|\bnot? (?:a single )?(?:one|step|call) (?:of (?:it|them|the \w+) )?(?:worked|"
    r"succeeded|went through)"
)
WHOLE = _re(
    r"\b(?:(?:it|they|that|these|this) all|all (?:of (?:it|them|this|that|the \w+|your \w+|those)|(?:the |my |"
    r"your )?\w+)|everything|every (?:single )?\w+|both|each (?:of them|\w+)|the (?:whole|"
    r"entire)(?: \w+)?) (?:\w+ ){0,2}?"
    r"(?:failed|fails|went wrong|goes wrong|was (?:refused|rejected|denied)|were (?:refused|rejected|denied)|"
    r"(?:did(?:n'?t| not)) (?:work|go through|succeed)|came to nothing|errored)|"
    r"\b(?:none of (?:it|them|this|that|the \w+|your \w+|what \w+ \w+)|nothing|not a single \w+|no (?:part|step|"
    r"call|single \w+)(?: of (?:it|them|this))?|neither(?: of (?:them|the \w+))?) (?:\w+ ){0,2}?(?:worked|"
    r"succeeded|went through|was successful|has worked|could be (?:\w+ )?(?!found)(?:done|completed|carried|"
    r"changed|made|saved|executed|booked|moved|transferred|paid))|"
    r"\b(?:i|we) (?:\w+ )?(?:could(?:n'?t| not)|(?:was|were) (?:unable|not able) to) (?:do|complete|carry out|get|"
    r"achieve|finish|manage) (?:anything|any of (?:it|this|that|them)|either|a single|a thing|your request|"
    r"what you asked)"
)
NOTHING_CHANGED = _re(
    rf"\b(?:nothing|none of (?:it|them|this|that|the \w+))(?: at all)? (?:has |have |had |was |were |is |got |"
    rf"been |actually |yet |really |in the end )*(?:{WRITES}|done|happened|touched|different|"
    rf"performed)\b(?! (?:off|extra|wrong|against|else))|"
    r"\bno (?:changes?|action|actions|modifications?|transfers?|payments?|bookings?|money|funds|orders?|updates?|"
    r"cards?|files?|rows?|entries|data|reservations?|records?)\b(?: \w+){0,2}? (?:were|was|has been|have been|"
    r"had been|got|is|are|took) (?:\w+ )?(?:"
    + WRITES
    + r"|done|performed|touched|taken|place)\b|\b(?:everything|it all|all|things) (?:has |have |had )?(?:is|are|"
    r"was|were|stays?|stayed|remains?|remained|(?:been |was |were |is |are )?left|'s|was left|were left|"
    r"is left)(?: exactly| just)? (?:as (?:it|they|before|"
    r"things)|unchanged|untouched|the way)\b(?! (?:at|of))|\b(?:i|we) (?:\w+ )?(?:changed|did|touched|"
    r"have done|have changed|'ve done|'ve changed|made) (?:nothing|no changes?)\b|\bno changes? (?:made|here|"
    r"yet)\b|\b(?:i|we) (?:did(?:n'?t| not)|have(?:n'?t| not)|'ve not) (?:do|done|change|changed|touch|touched|"
    r"made?) (?:anything|a thing|any changes?)"
)
NOTHING_FOUND = _re(
    r"\b(?:nothing |no ?one |nobody |none |no (?:\w+ ){1,4}?)(?:\w+ ){0,2}?(?:found|matche[sd]|match|fits?|"
    r"turned up|came up|comes up|exists?|listed|available|to be found|on file|on record|registered)\b|"
    r"\bthere(?:'s| is| are| was| were| has been| have been) (?:currently |now )?(?:no(?!t only)|none|nothing|"
    r"not any|n't any)\b|\bthere(?: is|'s| are| were| was)n'?t any\b|(?:\bnot|n't|\bnever) (?:be )?(?:found|find|"
    r"see|seen|locate|located|exist)\b(?! (?:out|the time|a way|time))|"
    r"\b(?:found|see|saw|returned|got|have|shows?|contains?) (?:nothing|no (?!trouble|problem|error|"
    r"objection|reason|doubt|access|permission|way|means|right|tool)\w+|none)\b|\bno (?:matches|results|hits|"
    r"records?|entries|such)\b|\bunable to (?:find|see|locate)\b|\bfailed to (?:find|locate)\b|\bempty (?:result|"
    r"list)|\b(?:is|are|was|were) empty\b|\bdoes(?:n'?t| not) exist\b|\bno such\b"
)
NOTHING_FAILED = _re(
    r"\b(?:nothing|none of (?:it|them)|no(?:ne)?(?: \w+){0,2}) (?:has |have |had )?(?:failed|went wrong|"
    r"gone wrong|was (?:refused|rejected|declined)|were (?:refused|rejected|declined))|\b(?:no|without|free of|"
    r"zero|any) (?:\w+ )?(?:errors?|problems?|failures?|faults?|issues?|trouble|hitch|difficult\w+)\b|"
    r"\b(?:did(?:n'?t| not)|has(?:n'?t| not)|never|not) (?:fail|failed|go wrong)\b|\bno longer fail|\bwithout fail\b"
)
DATED = _re(
    r"\b(?:last (?:week|month|year|night|time|\w+day)|yesterday|in (?:january|february|march|april|june|july|"
    r"august|september|october|november|december|\d{4})|ago|earlier this|on \d|on (?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day|status|according to|marked as|is listed|shows? as|log(?:s|ged)? (?:says?|shows?|reads?))\b"
)
"""Such a clause tells what stands in the data."""

OVERCOME = _re(
    r"\binstead\b|\b(?:the )?(?:second|other|another) (?:try|attempt|choice|time|one|way)\b|"
    r"\bworked (?:then|after|in the end|out)\b|\bit (?:then )?worked\b|\b(?:retried|tried again|once more)\b|"
    r"\b(?:i|we)(?:'ve| have)? (?:then |now |finally |simply |just |therefore )?(?:used|took|went|chose|picked|"
    r"corrected|fixed|"
    r"resolved|put that right|set that right|asked|signed|got|found|tried)\b|\b(?:corrected|fixed|resolved|put right)\b"
)
"""How a way round a failure is told; what was done besides counts as one too."""

RECALLED = _re(
    r"\b(?:at first|initially|originally|to begin with|in the beginning|on the first (?:try|attempt))\b|"
    r"^the first (?:try|attempt|time|call)\b"
)
"""A failure told in such words is one that was overcome."""

I_DID = _re(
    rf"\b(?:i|we)(?: have|'ve| had|'d)? {_ADVERB}(?:{WRITES})\b(?! (?:able|unable|a look|no\b|nothing|none|not|"
    rf"through your|for your confirmation|the (?:answer|details|following)|to see|back to|an error|errors|only))|"
    rf"\b(?:i|we)(?: have|'ve)? (?:taken care of|carried out|seen to|dealt with|gone ahead)\b"
)
DONE_ALONE = _re(
    rf"^\W*(?:{_FAIL_HEDGE})?\W*(?:(?:ok(?:ay)?|alright|all right|great|sure|good news|perfect|yes|right|hi|hello|"
    rf"there|and|thanks|here you go|well|so|certainly|of course|absolutely)\W+)*(?:it(?:'s| is| was)|that(?:'s| is|"
    rf" was)|that has been|it has been|everything(?:'s| is| has been)|all(?: is| of (?:it|that) is)?|both (?:are|"
    rf"things are)|consider it|this is|they are)?\s*(?:now |all |both |already |successfully )*(?:done|all set|"
    rf"all done|completed|complete|finished|success|settled|sorted|taken care of|in place|through|"
    rf"mission accomplished|good to go)(?= (?:with|for|now|as|and|too|at|in|on|by|–)|\W|$)(?!\?)"
)
DONE_PASSIVE = _re(
    rf"\b(?:has|have) (?:{_ADVERB})been {_ADVERB}(?:{WRITES}|done|carried out)\b|\b(?:was|were|is|are|'s|'re|"
    rf"got) {_ADVERB}(?:{_PLAIN}|done|on (?:its|their) way|gone|across|in place|cancelled|on hold)\b|\b(?:went|"
    rf"has gone|have gone|gone) (?:through|out|across|off)\b|\b(?:has |have )?(?:succeeded|was successful|"
    rf"were successful|is successful|worked(?: out)?)\b|"
    rf"^\W*(?:{_ADVERB})(?:{_PLAIN})\b(?! (?:by|in the file))"
)
WRITE_NAMED = _re(
    rf"\b(?:make|transfer|pay|book|cancel|change|move|send|create|delete|remove|update|rename|add|set|order|block|"
    rf"freeze|"
    rf"unfreeze|unblock|close|open|exchange|complete|confirm|save|copy|write|append|sign|register|raise|lower|"
    rf"revoke|pause|"
    rf"resume|schedule|repay|refund|upgrade|check in|rebook|hold|reserve|buy|put|apply|submit|finish|execute|"
    rf"carry out|do|"
    rf"{WRITES}|made|{_EVENT})\b"
)
"""A clause that names an act."""

CLAIMS_DONE = _re(
    r"\b(?:i|we)(?: have|'ve)? (?:\w+ )?(?:transferred|paid|booked|cancelled|canceled|deleted|removed|created|"
    r"renamed|bought|purchased|ordered|scheduled|blocked|froze|frozen|moved|sent|exchanged|repaid|refunded|"
    r"upgraded|rebooked|changed|updated)\b"
)
"""Said by the assistant of itself, of verbs that never mean to look: false where nothing changed."""

FREE_OF = _re(
    r"(?:\b(?:no|zero|not|never|without|nothing)|n't)\b[^,;.]{0,24}\b(?:fees?|charges?|costs?|interest|penalt(?:y|"
    r"ies)|deposits?|tips?|surcharges?|commissions?|extra|tax(?:es)?|points|refunds?|price)\b|\b(?:fees?|charges?|"
    r"costs?|interest|penalt(?:y|ies)|deposits?|surcharges?|commissions?|tax(?:es)?|points) (?:\w+ )?(?:was|were|"
    r"is|are|has|have|will)(?: been)?(?: not|n'?t)|(?:\bnot|n't) (?:been |be )?(?:charged|debited|billed)\b"
)
"""What costs nothing has not failed."""
