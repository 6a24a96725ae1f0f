"""Verbs with which descriptions of tools begin."""

from __future__ import annotations

__all__ = ["GETS", "NOUNS_TOO", "THINGS_TOLD", "VERBS", "words_of"]


def words_of(words: str) -> frozenset[str]:
    """Return several words, apart from each other."""
    return frozenset(words.split())


GETS = frozenset({"display", "fetch", "get", "give", "list", "return", "retrieve", "show", "tell", "view"})
"""Verbs that only say that what follows is wanted."""

VERBS = GETS | frozenset({
    "accept", "acknowledge", "activate", "add", "adjust", "append", "apply", "approve", "archive", "arrange", "assign",
    "attach",
    "authenticate", "authorize", "ban", "block", "book", "borrow", "browse", "build", "buy", "calculate", "call",
    "cancel", "change", "charge", "check", "choose", "claim", "clean", "clear", "clone", "close", "collect", "comment",
    "commit", "compare", "complete", "compress", "compute", "concatenate", "configure", "confirm", "connect", "contact",
    "convert", "copy", "count", "create", "decline", "decrease", "delete", "deny", "deploy", "deposit", "describe",
    "detach", "disable", "disconnect", "dismiss", "dispatch", "divide", "download", "draft", "edit", "enable", "end",
    "enroll", "escalate", "estimate", "evaluate", "exchange", "execute", "export", "extend", "extract", "fill",
    "filter", "find", "finish", "follow", "fork", "fund", "generate", "grant", "hand", "handle", "harvest", "hire",
    "hold", "import", "increase", "initialize", "insert", "inspect", "invite", "invoke", "issue", "join", "launch",
    "leave", "lend", "link", "load", "lock", "log", "look", "make", "mark", "mention", "merge", "modify", "monitor",
    "move", "multiply", "notify", "open", "order", "output", "pack", "pause", "pay", "pick", "pin", "place", "plant",
    "play", "post", "postpone", "press", "print", "process", "publish", "purchase", "push", "put", "query", "rate",
    "read", "receive", "record", "refund", "register", "reject", "release", "remove", "rename", "renew", "rent",
    "reopen", "repair", "replace", "reply", "report", "request", "reschedule", "reserve", "reset", "resolve", "restore",
    "resume", "retweet", "review", "revoke", "round", "run", "save", "schedule", "search", "select", "sell", "send",
    "set", "share", "ship", "show", "sign", "sort", "sow", "split", "star", "start", "stop", "store", "submit",
    "subscribe", "subtract", "sum", "switch", "tag", "test", "toggle", "track", "transfer", "translate", "turn",
    "unassign", "undo", "unfollow", "unlock", "unsubscribe", "update", "upload", "use", "validate", "verify", "void",
    "vote", "water", "withdraw", "write",
})  # fmt: skip

VERBS |= words_of(
    "admit advance advertise air alert allocate announce answer award bake ban brew bring bump cast catch chop "
    "circulate coat combine compile consume cook correct credit cut debit declare defer delay deliver dig disable "
    "discard discharge discontinue dispense dispose distribute donate drain drink drop dry eat eject email employ "
    "empty enlist enrol enter erase evict excuse exempt expel feed fetch file fire fit fix flag flush fold forward "
    "free freeze gather give groom halt heat inform inspect install iron keep kick label lay let level lift light "
    "list lower mail maintain measure mend mix mount mow mute nominate note offer oil okay overrule paint park peel "
    "perform photograph plan plough plug polish pour prepare prescribe promote propose prune pull punish rearrange "
    "reassign rebook recall recharge recommend recruit recycle redeem redirect refill reinstate relocate remind repay "
    "repeat report reroute resend respond restart restock retire retrieve return revise ring roast rotate sample scan "
    "seal seat settle sharpen shelve shorten shred shut silence skip slice snooze solve spend spray stack staff stamp "
    "sterilise stir strip style suspend swap sweep take taste teach tell text tidy tighten tip top trade train treat "
    "trigger trim tune unblock unfreeze unmute unpin vacate wake walk warm warn wash weigh wipe wrap"
)

NOUNS_TOO = words_of(
    "balance change charge check claim collection cost count credit debit estimate file forecast issue label level "
    "list note notice number offer order plan price query rate record report request result review round sale sample "
    "schedule score search sort state status stock stop sum supply total trade use weight"
)
"""Verbs that are nouns where "of" or "for" follows."""

THINGS_TOLD = NOUNS_TOO - words_of("check count estimate list query review search sort state sum use")
"""Those that are nouns where something is told: the order status."""
