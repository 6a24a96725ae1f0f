"""What is thought and said when something has gone wrong: data, and one choice among wordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.situation.spec import Thought
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

__all__ = ["AGAIN", "AGAIN_THOUGHT", "mended_thought", "outage_reply", "outage_thought", "undoing_thought"]

AGAIN: Mapping[str, tuple[str, ...]] = {
    "plain": (
        "Could you try that again now?",
        "Please give it another try.",
        "Try it again, please. Maybe it works now.",
        "OK, does it work if you try again now?",
        "Then let's have another go at it.",
    ),
    "terse": ("Try again.", "Again please.", "Once more?", "And now?", "Retry."),
    "chatty": (
        "Ah, that happens. Would you mind giving it another go now?",
        "No worries, not your fault. Can you try it again? I've waited a bit.",
        "Hm, okay. I made myself a coffee in the meantime, so please try it again.",
    ),
    "formal": (
        "I would ask you to attempt it again.",
        "Kindly try once more.",
        "Would you please repeat the attempt now?",
    ),
}
"""How a person asks for what did not work, by tone."""

AGAIN_THOUGHT = Thought(
    direct=(
        "They want another try, and nothing else has changed: the same call as before.",
        "The wish is the same as before, so the same call goes out again with the same values.",
        "Nothing was done the last time, so trying again does no harm.",
        "I have everything from before, so there is nothing to look up; I only repeat the call.",
    ),
    plan=(
        "They want another try. The wish is the same, so I do again what leads up to it.",
        "The same wish once more; what I know still holds, and what has lapsed I do again.",
    ),
)
"""What an agent thinks when it is asked to try again."""

_MENDED: Mapping[str, tuple[str, ...]] = {
    "service_unavailable": (
        "The service was not there for a moment, which has nothing to do with the request; I send the same call again.",
        "That is an outage and not a refusal: nothing was done, so repeating the call cannot do it twice.",
        "The service could not be reached. The call itself is right, so I try it again as it is.",
    ),
    "timeout": (
        "It took too long and was dropped. Nothing was done, so the same call can go out again.",
        "A timeout, so no fault of the call; I repeat it as it is.",
        "The answer came too late for the service. I try the same once more.",
    ),
    "rate_limited": (
        "Too many requests at that moment; that passes, so I repeat the call.",
        "The service turned it away because it was busy, not because it was wrong. The same call again.",
        "That is a limit on how fast calls may come, so I wait a moment and send the same one.",
    ),
    "temporarily_locked": (
        "Something else holds a lock for the moment. Locks like that are let go soon, so I try again.",
        "Locked for the moment, and not by us; the same call again.",
        "It was held by another process. Nothing was changed, so I repeat the call.",
    ),
    "format": (
        "I wrote the day in the wrong form; the tool takes it as year, month, day. The same call in that form.",
        "The day is the right one, but not written as the tool wants it: the year comes first. Again, in that form.",
        "My mistake: the date has to be in ISO form. I write it that way and call again.",
    ),
    "time": (
        "The clock time has to be written with twenty-four hours. My mistake, so once more in that form.",
        "I wrote the time in the wrong form; the tool takes hours and minutes alone. Again like that.",
    ),
    "id": (
        "I put in an identifier from the wrong list. I take the right one from the result above.",
        "That identifier belongs to something else; I mixed up the lists. Now the right one.",
        "My mistake: the identifier was of another sort than the tool wants. Corrected.",
    ),
    "path": (
        "I misspelt the path. The name has to be just as it stands, so I write it again.",
        "A typo of mine in the path; corrected, the rest stays the same.",
        "There is no such path because I swapped letters in it. The same call with the name as it is.",
    ),
    "missing": (
        "I left out something that the tool requires. It is known, so I add it and call again.",
        "The call lacked a required argument; my mistake. Now it is complete.",
        "One argument was missing. I have its value, so I fill it in.",
    ),
    "month": (
        "I asked for the wrong month, as the result shows. The same call for the right days.",
        "These are the wrong dates: I slipped into the month before. Again, for the time that was meant.",
        "The result is of another time than was asked for; my mistake. Now the right dates.",
    ),
    "": (
        "The result is about another {noun} than the one that is meant: I mixed them up. Now the right one.",
        "That was the wrong {noun}; I took its neighbour from the list. Again, with the one that is meant.",
        "I see from the result that this is not the {noun} in question. My mistake; the same for the right one.",
    ),
}

_UNDOING = (
    "That was the wrong {noun}: I mixed them up. Before anything else I take that back.",
    "I see from the result that I changed another {noun} than the one that was meant. I undo it first.",
    "Wrong {noun}, my mistake. It has to be as it was before, so I reverse that at once.",
)

_REDOING = (
    "That is undone. Now the same for the {noun} that was meant.",
    "The mistake is taken back, so I can do it for the right {noun}.",
    "As it was before. Now the right {noun}.",
)

_OUTAGE_THOUGHTS = (
    "It fails again, so this is no hiccup. I do nothing else in its place and say plainly that it is not done.",
    "The same error as before. Trying on would not help, and nobody asked for anything else; I say how it stands.",
    "It does not pass for now. I must not claim that it worked, so I say what is not done and leave the rest to them.",
)

_OUTAGE_REPLIES: Mapping[str, tuple[str, ...]] = {
    "service_unavailable": (
        "I'm sorry, I couldn't do that: the service can't be reached at the moment, and trying again didn't help. "
        "Nothing was changed. Tell me when I should try again.",
        "That didn't work. The service is down right now, so nothing has been done. Shall I try again in a while?",
        "I could not get that done: the service isn't available, even after another attempt. Nothing was changed so "
        "far, so we can simply try again later.",
    ),
    "timeout": (
        "I'm sorry, I couldn't do that: the service takes too long to answer and drops the request. Nothing was "
        "changed. Tell me when I should try again.",
        "That didn't go through. The service timed out, also when I tried again, so nothing has been done. Shall I "
        "try again in a while?",
    ),
    "rate_limited": (
        "I'm sorry, I couldn't do that: the service is taking no more requests at the moment. Nothing was changed. "
        "Tell me when I should try again.",
        "That didn't go through: there are too many requests right now, and another attempt was turned away as well. "
        "Nothing has been done. Shall I try again in a while?",
    ),
    "temporarily_locked": (
        "I'm sorry, I couldn't do that: it is locked by another process at the moment. Nothing was changed. Tell me "
        "when I should try again.",
        "That didn't work, because something else holds a lock on it right now, and it was still there when I tried "
        "again. Nothing has been done. Shall I try again in a while?",
    ),
}


def mended_thought(why: str, rng: np.random.Generator, *, undone: bool = False) -> str:
    """Return what is thought before the call that sets something right.

    Args:
        why: What was wrong: a code of a fault, a kind of slip, or what was mixed up in words.
        rng: Chooses among wordings.
        undone: What was done wrongly has just been undone.
    """
    wordings = _REDOING if undone else _MENDED.get(why, _MENDED[""])
    return pick(rng, wordings).replace("{noun}", why)


def undoing_thought(why: str, rng: np.random.Generator) -> str:
    """Return what is thought before what was done wrongly is undone; arguments as of ``mended_thought``."""
    return pick(rng, _UNDOING).replace("{noun}", why)


def outage_thought(rng: np.random.Generator) -> str:
    """Return what is thought before a reply that says that something could not be done."""
    return pick(rng, _OUTAGE_THOUGHTS)


def outage_reply(code: str, rng: np.random.Generator) -> str:
    """Return a reply that says that something could not be done.

    Args:
        code: Code of the fault that lasts.
        rng: Chooses among wordings.
    """
    return pick(rng, _OUTAGE_REPLIES[code])
