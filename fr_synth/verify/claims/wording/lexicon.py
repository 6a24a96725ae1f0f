"""Words for what is done, failed or refused, in classes; and which class a tool's own words put it in."""

from __future__ import annotations

import functools
import re

from fr_synth.verify.claims.parsing.wordsets import word_set

__all__ = [
    "ACTS",
    "CUES",
    "READS",
    "STATES",
    "STATUSES",
    "acts_of",
    "asked_acts",
    "is_light",
    "lemma",
    "told_acts",
    "tool_acts",
]

ACTS: dict[str, str] = {
    "cancel": "cancel scrap void annul withdraw revoke retract drop terminate end abort rescind undo "
    "reverse recall "
    "quit lapse call-off take-back take-out call-back take forget return",
    "delete": "delete remove erase wipe purge drop discard unlink trash clear take-away go forget",
    "book": "book reserve hire rent turn",
    "buy": "buy purchase take-out insure cover add order",
    "hold": "hold keep secure reserve",
    "release": "release free give-back return give let-go",
    "freeze": "freeze lock stop ice block",
    "block": "block report lock refuse stop",
    "unfreeze": "unfreeze unlock unblock thaw let",
    "pause": "pause halt suspend hold stop",
    "resume": "resume restart continue reactivate let",
    "activate": "activate enable take",
    "copy": "copy duplicate back-up keep save",
    "move": "move shift transfer relocate postpone reschedule bring push put let",
    "rename": "rename call name move label give",
    "create": "create open make start set-up write add begin collect set save",
    "close": "close end ask request",
    "transfer": "transfer move send shift pay-in top-up put",
    "pay": "pay send transfer remit settle charge debit wire go-out spend take book bill deduct",
    "refund": "refund return reimburse give-back come-back get-back credit recall take reverse call back",
    "exchange": "exchange convert swap change",
    "change": "change update set replace alter adjust raise lower increase decrease edit modify switch "
    "put correct swap "
    "rewrite cut lift reduce extend correct limit note",
    "save": "save store add note record register put file keep",
    "confirm": "confirm approve accept verify complete finish grant",
    "request": "request ask apply submit order send",
    "message": "send issue text mail email",
    "schedule": "schedule plan set-up arrange set",
    "dispute": "dispute contest challenge claim open",
    "claim": "claim file submit open make",
    "alert": "alert notify warn tell inform remind",
    "sign": "sign log",
    "check-in": "check-in",
    "seat": "choose assign pick seat give take select sit change",
    "upgrade": "upgrade lift move",
    "extend": "extend prolong lengthen keep",
    "pack": "pack archive compress bundle tar create",
    "unpack": "unpack extract untar",
    "sort": "sort file order categorise categorize classify label mark",
    "file": "categorize file put move sort count mark",
    "append": "append add attach write put",
    "insert": "insert add put write",
    "replace": "replace swap substitute change",
    "truncate": "truncate cut shorten trim",
    "split": "split divide cut write",
    "link": "link point create make",
    "own": "own give transfer change chown assign",
    "repay": "repay pay settle",
    "borrow": "borrow take grant lend pay-out pay",
    "limit": "limit cap set restrict",
    "wait": "wait pass let",
    "join": "join put add queue line-up",
    "leave": "leave take remove withdraw",
    "rebook": "rebook book move change put switch",
    "run": "run execute go",
    "touch": "touch create date update set make",
    "merge": "merge combine join concatenate",
}
"""Class of acts -> verbs that may tell it, in their base form; a verb may tell acts of several classes."""

_ALIASES: dict[str, tuple[str, ...]] = {
    "rm": ("delete",), "rmdir": ("delete",), "mkdir": ("create",), "cp": ("copy",), "mv": ("move", "rename"),
    "ln": ("link", "create"), "symlink": ("link", "create"), "chmod": ("change", "own"), "chown": ("change", "own"),
    "chgrp": ("change", "own"), "tar": ("pack", "unpack"), "su": ("own", "sign"), "exit": ("leave",),
    "forget": ("delete",), "drop": ("delete", "cancel"), "void": ("cancel",), "stop": ("freeze", "pause", "block"),
    "hire": ("book", "pay"), "insure": ("buy", "pay"),
}  # fmt: skip

READS = word_set(
    "look check find see read list search count compare fetch get retrieve pull open show review view "
    "examine inspect scan calculate compute work add sum measure learn note confirm quote price simulate "
    "preview go gather include sort total filter match tell give explain describe summarise summarize "
    "print display draw"
)
"""Verbs that a look-up licenses."""

STATES = word_set(
    "base call name list need know give expect show leave due do date require attach spread locate like "
    "include concern affect involve mean want ask say tell mention contain store own sort select suppose "
    "allow permit be have happen become remain stay hold use see finish limit price cost come get intend "
    "interest please connect relate link associate mark document describe group arrange  total lie "
    "position indent repeat leave-out run set total work lose owe serve"
)
"""Verbs whose participle tells how things are rather than what was done."""

STATUSES = word_set("pending waiting active inactive open overdue due late missing valid invalid free unpaid unknown")
"""Words that tell how something stands and are no participles."""

_PHRASES = frozenset(
    {"at your disposal", "in total", "at most", "at the bank", "will be paid out", "a month", "came in", "went out"}
)
CUES: dict[str, frozenset[str]] = {
    word: frozenset(fields.split())
    for words, fields in (
        ("fee fees", "fee"),
        (
            "balance holds hold held left leaving leaves remaining remains remain",
            "balance available left remaining after remain assets points",
        ),
        ("refund refunded", "refund refunded returned back price_difference"),
        ("limit cap ceiling", "limit cap"),
        ("price priced", "price"),
        ("seat seats", "seat seats"),
        ("arriving arrives arrive arrival", "arrival arrives"),
        ("departing departs depart departure", "departure departs departs"),
        ("expires expiring", "expires expires expiry until end"),
        ("size", "size"),
        ("mode", "mode permissions"),
        ("owner", "owner"),
        ("spent", "spent used"),
        ("instalment", "instalment"),
        ("interest", "interest"),
        ("total", "total count"),
        ("iban", "iban"),
        ("bic", "bic"),
        ("phone", "phone"),
        ("available", "available left"),
        ("at your disposal", "available"),
        ("in total|in all", "total cost price amount sum assets balance bags count items paid"),
        ("at most", "cap limit max most until"),
        ("before", "previous old before"),
        ("officially", "reference"),
        ("at the bank", "bank"),
        ("will be paid out", "paid out"),
        ("owe owes owed", "debts owe owed outstanding"),
        ("lost lose", "fee lost"),
        ("a month", "instalment amount monthly limit budget cap threshold"),
        ("came in", "credits in"),
        ("went out", "debits out amount"),
        ("opens opening", "opening"),
        ("closes closing closed", "closing"),
    )
    for word in (words.split("|") if " " in words and words.split("|")[0] in _PHRASES else words.split())
}
"""Word right before a value -> words in the names of the members that it may be."""

_IRREGULAR = {
    "sent": "send", "paid": "pay", "put": "put", "made": "make", "got": "get", "gone": "go", "went": "go",
    "taken": "take", "took": "take", "given": "give", "gave": "give", "set": "set", "wrote": "write",
    "written": "write", "read": "read", "held": "hold", "lost": "lose", "found": "find", "kept": "keep",
    "left": "leave", "cut": "cut", "run": "run", "ran": "run", "begun": "begin", "began": "begin", "built": "build",
    "bought": "buy", "sold": "sell", "statement_templates": "tell", "shown": "show", "known": "know", "chosen":
    "choose", "chose": "choose", "frozen": "freeze", "froze": "freeze", "unfrozen": "unfreeze", "unfroze": "unfreeze",
    "withdrawn": "withdraw", "withdrew": "withdraw", "drawn": "draw", "undone": "undo", "undid": "undo", "hidden":
    "hide", "split": "split", "done": "do", "did": "do", "brought": "bring", "lent": "lend", "met": "meet", "spent":
    "spend", "rung": "ring", "rang": "ring", "spoken": "speak", "spoke": "speak", "said": "say", "seen": "see", "saw":
    "see", "let": "let", "come": "come", "came": "come", "become": "become", "been": "be", "had": "have", "overwritten":
    "overwrite", "rewritten": "rewrite", "forgotten": "forget", "driven": "drive", "flown": "fly", "flew": "fly",
    "thrown": "throw", "understood": "understand", "meant": "mean", "lain": "lie", "shut": "shut", "sped": "speed",
    "dealt": "deal", "repaid": "repay", "reset": "reset", "won": "win",
}  # fmt: skip


def lemma(word: str) -> str:
    """Return the base form of a past form, as far as its spelling tells; other words as they are.

    Example:
        >>> lemma("cancelled"), lemma("moved"), lemma("copied"), lemma("frozen")
        ('cancel', 'move', 'copy', 'freeze')
    """
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.endswith("ed") or len(word) < 4:
        return word
    if word.endswith("ied"):
        return f"{word[:-3]}y"
    stem = word[:-2]
    if f"{stem}e" in _BASES:
        return f"{stem}e"
    if stem in _BASES:
        return stem
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    if stem.endswith("ll") and stem[:-1] in _BASES:
        return stem[:-1]
    return stem if stem[-1:] in "kwxhldtsrny" and not stem.endswith(("at", "as", "iv", "us", "id")) else f"{stem}e"


_BASES = frozenset(
    {verb.partition("-")[0] for verbs in ACTS.values() for verb in verbs.split()}
    | {*READS, *STATES}
    | {
        "e-mail",
        "double-check",
        "contact",
        "guarantee",
        "ensure",
        "forward",
        "print",
        "publish",
        "upload",
        "download",
        "waive",
        "apply",
        "complete",
        "ask",
        "tell",
        "escalate",
        "flag",
        "restore",
        "back",
        "lock",
        "test",
        "validate",
        "refuse",
        "decline",
        "reject",
        "deny",
        "fail",
        "notify",
        "report",
        "review",
        "monitor",
        "track",
        "log",
        "archive",
        "encrypt",
        "install",
        "reboot",
        "restart",
        "translate",
        "sync",
        "share",
        "invite",
        "subscribe",
        "unsubscribe",
        "negotiate",
        "discount",
        "deposit",
        "credit",
        "backdate",
        "guess",
        "assume",
    }
)
_ACT_OF: dict[str, frozenset[str]] = {}
for _act, _verbs in ACTS.items():
    for _verb in _verbs.split():
        _ACT_OF[_verb] = _ACT_OF.get(_verb, frozenset()) | {_act}


def acts_of(verb: str) -> frozenset[str]:
    """Return the classes that a verb in its base form may tell; empty for one that tells no act."""
    return _ACT_OF.get(verb, frozenset())


def is_light(verb: str) -> bool:
    """Return True for a verb that may tell so many acts that it tells none by itself.

    Example:
        >>> is_light("take"), is_light("cancel")
        (True, False)
    """
    return len(acts_of(verb)) > _MEANINGS


_MEANINGS = 3


_EFFECT = re.compile(r"\b(?:is|are) ([a-z]+ed)\b")
_CONDITION = re.compile(r"\b(?:if|until|unless|were|only|has to be|must)\b")
_NAMED = word_set("dispute claim")  # "open" and "file" do so only where the tool speaks of it
_MAKING = word_set("create open file take set execute make do add start submit get")


@functools.lru_cache(maxsize=1024)  # every proof asks it of the tools of the same few worlds
def tool_acts(name: str, description: str, members: tuple[str, ...]) -> frozenset[str]:
    """Return the classes of acts that a tool does, by the verbs in its name, description and results.

    Args:
        name: Of the tool; its first word is its verb.
        description: What it does; the first word is a verb, as may be those after "and" and "or".
        members: Names of what it returns; participles there tell what was done.
    """
    parts = re.split(r"[_\W]+", name.lower())
    verbs = [parts[0], "-".join(parts[:2])] + parts[1:2] * (parts[-1] in ("create", "extract"))
    lowered = description.lower()
    verbs += re.findall(r"(?:^|\. |\band |\bor |, )([a-z]+)", lowered)
    found: set[str] = set()
    for verb in verbs:
        found |= {verb} if verb in ACTS else acts_of(verb)
        found -= {act for act in acts_of(verb) & _NAMED if act[:5] not in f"{name} {lowered}".lower()}
        found.update(_ALIASES.get(verb, ()))
    if parts[0] in _MAKING:
        found.update(part for part in parts[1:] if part in ACTS)
    told = [member for member in members if member.endswith("ed")]
    told += [] if _CONDITION.search(lowered) else _EFFECT.findall(lowered)
    for word in told:
        base = lemma(word)
        found |= {base} if base in ACTS else acts_of(base)
    return frozenset(found)


def told_acts(templates: tuple[str, ...]) -> frozenset[str]:
    """Return the classes of acts that a contract's own words for a result tell: "Card {card_id} is closed.".

    A name or a description need hold no verb for what is done; these words do.
    """
    found: set[str] = set()
    for template in templates:
        for word in () if _CONDITION.search(template) else _TOLD.findall(template):
            base = lemma(word)
            found |= frozenset() if base == word else {base} if base in ACTS else acts_of(base)
    return frozenset(found)


def asked_acts(orders: tuple[str, ...], told: tuple[str, ...]) -> frozenset[str]:
    """Return the classes of acts for which a tool is asked; none where the contract has words for its result.

    Where it has none, what is done is what was asked for: "book {room}" of a tool that creates a stay.
    """
    first = (order.split(" ", 1)[0].lower() for order in (() if told else orders))
    return frozenset().union(*(acts_of(word) for word in first if word.isalpha()))


_TOLD = re.compile(r"\b(?:is|are|was|were|been) (?:now |all )?([a-z]+(?:ed|en))\b")
