"""A persona's way of writing, looked through: what stands before and behind a message, small letters, a slip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.situation.spec import TONES
from fr_synth.verify.situated.forms import own_words, read_as

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.situation.spec import Persona, SituationTurn
    from fr_synth.verify.situated.forms import Reading

__all__ = ["heard_as"]


def heard_as(persona: Persona, turn: SituationTurn, message: str, *, first: bool) -> Reading | None:
    """Read a message as what a persona says in a turn of a situation; None where it is nothing of that.

    Args:
        persona: The manner.
        turn: The situation's turn.
        message: The message.
        first: It is the dialogue's first, which may begin with a greeting.
    """
    tone = next((tone for tone in persona.tones if tone in turn.say and tone in TONES), "plain")
    wordings = turn.say.get(tone, ())
    bare = list(_bare(persona, message, first=first))
    vague: Reading | None = None  # a wording that is hardly more than a place reads anything
    for text in bare:
        for wording in wordings:
            reading = read_as(wording, text, lower=persona.lower)
            if reading is not None and own_words(reading) >= _TELLING:
                return reading
            vague = vague or reading
    return vague or (_with_a_slip(persona, wordings, bare) if persona.typos else None)


_TELLING = 4  # letters of a wording's own from which on it is no place alone


def _bare(persona: Persona, message: str, *, first: bool) -> Iterator[str]:
    """Iterate over what a message may be without greeting and thanks, and with the full stop that was left out."""
    for text in dict.fromkeys(_without_thanks(persona, message)):
        for opener in sorted(persona.openers, key=len, reverse=True) if first else ("",):
            if not text.startswith(opener):
                continue
            rest = text[len(opener) :]
            yield rest
            if opener:  # what follows it has a small letter or a capital, whatever it has by itself
                yield from {rest[:1].upper() + rest[1:], rest[:1].lower() + rest[1:]} - {rest}


def _without_thanks(persona: Persona, message: str) -> Iterator[str]:
    for closer in sorted(persona.closers, key=len, reverse=True):
        if message.endswith(closer):
            text = message[: len(message) - len(closer)]
            yield text
            if persona.loose and not text.endswith("."):
                yield f"{text}."


def _with_a_slip(persona: Persona, wordings: tuple[str, ...], bare: list[str]) -> Reading | None:
    """Read a message in which two letters of one word are exchanged."""
    for text in bare:
        for match in re.finditer(r"(?<![\w'-])[a-z]{5,}(?![\w'-])", text):
            for at in (match.start() + 1, match.start() + 2):
                mended = f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"
                for wording in wordings:
                    reading = read_as(wording, mended, lower=persona.lower)
                    if reading is not None:
                        return reading
    return None
