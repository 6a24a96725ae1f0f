"""Words for how something stands, or of what sort it is: a model may say only those that somebody has told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.claims.wording.statuses import ENUMERATED_LITTLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.wording.spoken import Spoken

__all__ = ["outdated", "strange_sorts", "strange_states"]

_STATES = word_set(
    "active inactive frozen unfrozen blocked unblocked pending settled unsettled unpaid overdue occupied vacant full "
    "empty expired unexpired lapsed valid invalid refundable included excluded scheduled delayed landed ticketed "
    "confirmed unconfirmed approved unapproved readable unreadable public private hidden locked unlocked paused "
    "enabled disabled activated deactivated online offline reserved unavailable complete incomplete temporary "
    "permanent daily weekly monthly quarterly yearly reversible irreversible mandatory optional"
)
_WORD = re.compile(r"(?<![\w'\u2019-])[a-z]{4,}(?![\w'\u2019-])")


def strange_states(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over words for states and sorts that neither the situation nor the user nor any result has."""
    words = enumerated(moment.spec)
    told: str | None = None
    for word in dict.fromkeys(_WORD.findall(moment.bare)):
        known = word in _STATES or (word in words and word not in ENUMERATED_LITTLE)
        if not known or word in spoken.words or f"non-{word}" in moment.bare:
            continue
        told = _told(moment) if told is None else told
        if not re.search(rf"(?<![a-z]){word}(?![a-z])", told):
            yield f"it says {word!r}, which nothing tells"


_SORT = re.compile(r"\bthe (?P<sort>[a-z]{4,}) one\b")
_WHICH = word_set("first second third last next other same right wrong only latest newest oldest former latter")


def strange_sorts(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over a sort that nothing tells among others that results tell: "the gold one or the silver one"."""
    sorts = [match["sort"] for match in _SORT.finditer(moment.worded) if match["sort"] not in _WHICH]
    if len(sorts) < _AMONG:
        return
    told = _told(moment)
    known = [word for word in sorts if re.search(rf"(?<![a-z]){word}(?![a-z])", told)]
    for word in sorts if known else ():
        if word not in known and word not in spoken.words:
            yield f"it says 'the {word} one', which nothing tells"


_AMONG = 2  # sorts that are told one after the other
_IS = re.compile(r"\b(?:is|are|remains?|stays?)(?: (?:still|now|also|all|both))* (?P<word>[a-z]{4,})\b")
_STANDING = ("status", "state")


def outdated(moment: Moment) -> Iterator[str]:
    """Iterate over how something is said to stand that stood so before a change of the turn, and does no longer."""
    rows = moment.sources.rows
    changed = [k for k in moment.sources.of_calls(moment.wrote()) if not rows[k].given and not rows[k].list]
    for match in _IS.finditer(moment.bare) if changed else ():
        for number in changed:
            now = {name: value for name, value in rows[number].fields.items() if name.endswith(_STANDING)}
            before = [rows[k].fields for k in moment.sources.scope(number) if k not in changed]
            word = match["word"]
            if word not in now.values() and any(each.get(name) == word for name in now for each in before):
                yield f"it says {word!r}, and {' or '.join(map(str, now.values()))!r} is so by now"


def _told(moment: Moment) -> str:
    """Return all that results and the user have told so far, and what the turn's tools give, in small letters."""
    sources = moment.sources
    values = (value for row in sources.rows for value in row.fields.values() if isinstance(value, str | list))
    names = (name.replace("_", " ") for row in sources.rows for name, value in row.fields.items() if value)
    return "\n".join((*sources.heard[1:], *(str(value).lower().replace("_", " ") for value in values), *names))
