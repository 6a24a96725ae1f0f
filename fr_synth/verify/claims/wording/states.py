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

__all__ = ["strange_states"]

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


def _told(moment: Moment) -> str:
    """Return all that results and the user have told so far, and what the turn's tools give, in small letters."""
    sources = moment.sources
    values = (value for row in sources.rows for value in row.fields.values() if isinstance(value, str | list))
    names = (name.replace("_", " ") for row in sources.rows for name, value in row.fields.items() if value)
    return "\n".join((*sources.heard[1:], *(str(value).lower().replace("_", " ") for value in values), *names))
