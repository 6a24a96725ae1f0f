"""The words of claims without values, as patterns: acts, failure, refusal, success, promises, hints, markup."""

from __future__ import annotations

import re

from fr_synth.verify.claims.parsing.wordsets import word_set

__all__ = [
    "CONTROL",
    "FAILED",
    "FEE",
    "FIRST",
    "FREE",
    "FUTURE",
    "GIVEAWAY",
    "GUESS",
    "HINTS",
    "I_NOT",
    "MADE",
    "MARKUP",
    "OFFER",
    "OWN",
    "PASSIVE",
    "SEEK",
    "THINGS",
    "TRAILING",
    "WONT",
    "WORKED",
]

_ADVERBS = (
    r"(?:(?:now|already|also|just|then|both|all|only|since|duly|successfully|finally|still|"
    r"therefore|fully|safely|again|even|currently|automatically|immediately|always) )*"
)

OWN = re.compile(
    rf"\b(?:I|[Ww]e)(?P<have>[\u2019']ve| have| had)?(?P<not>n[\u2019']t| not| never)? "
    rf"{_ADVERBS}(?P<verb>[a-z]+(?:-[a-z]+)?)"
    r"(?: (?P<more>off|back|out|up|down|away|over|in|on))?"
)
I_NOT = re.compile(r"\b(?:I|[Ww]e) (?:did(?:n[\u2019']t| not)|haven[\u2019']t|have not) (?:yet )?(?P<verb>[a-z]+)")
PASSIVE = re.compile(
    rf"\b(?P<be>ha(?:s|ve|d)(?:n[\u2019']t| not| never| yet to)? {_ADVERBS}been|is|are|was|"
    rf"were|got|gets|[\u2019']s|[\u2019']re)(?P<not>n[\u2019']t| not| no longer| never)? "
    rf"{_ADVERBS}"
    r"(?P<verb>[a-z]+(?:-[a-z]+)?)(?: (?P<more>off|back|out|up|down|away|over|in))?\b"
)
FIRST = re.compile(
    rf"^\W*(?:Also |And |Then |Both |All |Now |Successfully |OK, |Okay, "
    rf")?{_ADVERBS}(?P<verb>[A-Za-z][a-z]+(?:-[a-z]+)?)(?: (?P<more>off|back|out|up|"
    rf"down))?\b(?! (?:is|are|was|were)\b)"
)
TRAILING = re.compile(r"_ [A-Z]{3} (?P<verb>[a-z]{3,}ed)(?P<more>)(?=[,.;]|$| to | from | and )")
FAILED = re.compile(
    r"\b(?:failed|couldn[\u2019']t|could not|unable to|did(?:n[\u2019']t| not) (?:go through|"
    r"work|succeed|happen|take)|refused|declined"
    r"|rejected|denied|impossible|not possible|unsuccessful(?:ly)?|went wrong|fell through|"
    r"bounced|no luck|not able to"
    r"|an error|was an? (?:problem|error)|errored|turned down|not allowed|not permitted|"
    r"forbidden|in vain|(?:was|is)n[\u2019']t (?:able|possible|allowed|permitted))\b",
    re.IGNORECASE,
)
WONT = re.compile(
    r"\b(?:I|[Ww]e) (?:can(?:not|[\u2019']t| not)|won[\u2019']t|will not|must not|may not|"
    r"refuse|decline|am not (?:able|allowed|permitted|going))\b|\bI[\u2019']m (?:not (?:able|"
    r"allowed|permitted|going)|unable|afraid)\b"
)
SEEK = re.compile(r"\b(?:find|see|tell|say|know|look|spot|promise|think|reach)\b")
WORKED = re.compile(
    r"\b(?:done|all set|it worked|went through|gone through|successful(?:ly)?|taken care of|"
    r"sorted out|completed|finished"
    r"|in place now|as you (?:asked|wanted|wished)|as requested)\b",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"\b(?:I|[Ww]e)(?:[\u2019']ll| will|[\u2019']m going to| am going to|[\u2019']re going to|"
    r"[\u2019']d be) (?:(?:also|then|now|just|always|gladly|personally) "
    r")*(?P<verb>[a-z]+(?:-[a-z]+)?)(?P<rest>(?: [a-z\u2019']+){0,5})"
)
OFFER = re.compile(
    r"\b(?:if|once|unless|when|should you|as soon as|after you|let me know|until you)\b|\?", re.IGNORECASE
)
THINGS = re.compile(
    r"\b(confirmation e-?mail|confirmation|e-?mail|text message|sms|phone call|receipt|"
    r"notification|voucher|gift|discount|bonus|"
    r"cashback|reminder|alert|newsletter|apology|courier|helpdesk|help desk|support team|"
    r"supervisor|manager|colleague|"
    r"lawyer|police|embassy|insurer|backup copy|back-up|backup|screenshot|attachment|ticket "
    r"number|case number|reference number|hotline|call cent(?:re|er)|"
    r"taxi|wheelchair|special meal|lounge|visa|penalty|surcharge|tax|interest|deposit|"
    r"warranty|guarantee|log file|audit log|password|certificate|summary report|spreadsheet|"
    r"pdf|calendar|contract|premium)s?\b",
    re.IGNORECASE,
)
MADE = re.compile(
    r"\b[Aa]n? (?:(?:new|second|further|fresh|separate|extra) )?(?P<thing>copy|account|card|folder|archive|file|"
    r"booking|payment|order|alert|link|payee|loan|dispute|case|claim|ticket|entry|note) "
    r"(?:has been|was|is|got) (?:made|opened|created|added|set up|issued|ordered|started|taken|filed|written)\b"
)
FREE = re.compile(
    r"\b(?:no (?:fee|charge|cost|extra cost)s?|free of charge|at no (?:cost|charge|extra "
    r"cost)|without (?:a |any )?(?:fee|charge|cost)|for free|nothing to pay|costs? (?:you "
    r")?nothing)\b",
    re.IGNORECASE,
)
FEE = re.compile(
    r"\b(?:a|an|the usual|the) (?:small |extra |additional )?(?:fee|charge) (?:was|has been|"
    r"is|will be|applies|applied)\b(?! (?:\d|nothing|zero|nil|_))",
    re.IGNORECASE,
)
GIVEAWAY = re.compile(
    r"\b(?:the|this|my|given|a|that|provided|secret|system|hidden|another)[ \u2019']?s? "
    r"hints?\b|\bhints? (?:says?|tells?|suggests?|was|is|points?|mentions?)\b"
    r"|\bhidden (?:notes?|instructions?|plan|prompt|steps?|context|information|message|data|"
    r"field|comment|key)s?\b|\banswer (?:key|sheet)\b|\bcheat ?sheet\b"
    r"|\b(?:the|my|these|private|internal|secret|teacher|author|given|provided|developer|"
    r"system|own) (?:hidden |private |internal )?notes? (?:i (?:was|got)|says?|tells?|"
    r"mentions?|gives?|lists?|states?|shows?|reveals?|for)\b"
    r"|\b(?:from|in|by|per|to|see) (?:my|the) (?:hidden |private |internal |secret |given |system |own )?notes?\b"
    r"|\bnotes? (?:i was given|given to me|for the (?:assistant|model|writer))\b|\bground[- ]truth\b|"
    r"\bgold(?:en)? (?:answer|label|call|standard|solution|reference|trajectory|path)s?\b"
    r"|\bexpected (?:calls?|answers?|outputs?|results?|tools?|arguments?|actions?|solution|"
    r"trajectory|values? (?:is|are) given)\b"
    r"|\breference (?:calls?|solutions?|answers?|trajectory|implementation|path)\b|"
    r"\b(?:solution|answer|test|target|intended|correct|right|next) (?:key|call|tool|path|"
    r"trajectory|sequence)s? (?:is|are|was|were) (?:given|known|listed|provided|told|already|"
    r"supposed)\b"
    r"|\b(?:the )?(?:critic|grader|evaluator|annotator|teacher|simulator|rubric|benchmark|"
    r"test case|unit test|scorer|reviewer|checker|dataset|data set|training data|training set|"
    r"the judge|ground rules of the task)\b"
    r"|\b(?:system|developer|hidden|teacher|original) (?:note|prompt|message|instruction)s?\b|"
    r"\bas (?:instructed|told|noted|written|stated|given) (?:by|in) (?:the|my) (?:prompt|"
    r"system|instructions?|plan|guide|script|task description)\b"
    r"|\bthe (?:guide|plan|script|scenario|blueprint|specification|template|outline|answer|"
    r"task description|meta ?data|annotation|label) (?:says?|wants?|tells?|gives?|demands?|"
    r"expects?|states?|lists?|requires?|asks?|has it)\b"
    r"|\badvanced tool\b|\b(?:was|been|were|am) (?:told|given|shown|informed|briefed) (?:in "
    r"advance|beforehand|ahead of time|the answer|the solution|secretly)\b"
    r"|\bsupposed to (?:call|answer|end up|arrive at|find|output|produce)\b|\bspoilers?\b|"
    r"\bprivileged (?:information|knowledge|context)\b|\bpeek(?:ed|ing)? at\b|\bleaked\b",
    re.IGNORECASE,
)
GUESS = re.compile(
    r"(?P<no>\b(?:no need to|without|not|never|rather than|instead of|don[\u2019']t|"
    r"won[\u2019']t|than|no|nor|avoid|can[\u2019']t|cannot|not going to|shouldn[\u2019']t|"
    r"must not|isn[\u2019']t a|needn[\u2019']t|stop|nothing to|not to) (?:a |any |just |be |"
    r"have to |to |simply )?)?"
    r"\b(?:guess(?:ed|es|ing|work)?|at random|shot in the dark|coin (?:toss|flip)|hunch|gut "
    r"feeling|make (?:one|it|something) up|made up|invent(?:ed|ing)?|I assume|I[\u2019']ll "
    r"assume|assuming|I suppose|I imagine|I[\u2019']d wager|I bet|on a whim|probably fine|"
    r"hope for the best|I believe it might)\b",
    re.IGNORECASE,
)
HINTS = word_set(
    "hint hints hidden answer answers cheat cheatsheet note notes truth gold golden expected reference critic grader "
    "evaluator annotator teacher simulator rubric benchmark test scorer reviewer checker dataset data training judge "
    "ground prompt message instruction instructions prompts messages instructed told noted written stated given known "
    "listed provided already supposed shown informed briefed guide plan script scenario blueprint specification "
    "template outline description meta metadata annotation label advanced spoiler spoilers privileged peek peeked "
    "peeking leaked guess guessed guesses guessing guesswork random dark coin hunch gut up invent invented inventing "
    "assume assuming suppose imagine wager bet whim probably hope believe"
)
"""Words of which each match of ``GIVEAWAY`` and ``GUESS`` has one, so that most texts need not be searched."""
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
MARKUP = re.compile(
    r"<\|[^|<>\n]{0,40}\|?>|<[\uff5c|]|</?(?:think|thinking|tool_call|tool_calls|"
    r"tool_response|tool_result|function|function_call|function_calls|parameter|invoke|"
    r"im_start|im_end|s|bos|eos|pad|unk|system|user|assistant|human|bot|start_of_turn|"
    r"end_of_turn|reasoning|answer|scratchpad)(?:[ =:][^<>\n]{0,60})?/?>"
    r"|\[/?(?:INST|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|SYS)\]|<</?SYS>>|^(?:#+ "
    r"?)?(?:Human|Assistant|User|System|Instruction|Response):|^### ?(?:Instruction|Response|"
    r"Input|Human|Assistant)",
    re.IGNORECASE | re.MULTILINE,
)
