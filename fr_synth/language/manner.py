"""How users and assistants put things, in numbers."""

from __future__ import annotations

import msgspec

from fr_synth.trace.ranges import Count, Share, check_ranges

__all__ = ["PLAIN", "Manner"]


class Manner(msgspec.Struct, frozen=True):
    """How things are put into words.

    Attributes:
        request_first: Share of messages that begin with the request; the others begin with what is said besides.
        string_together: Share of further orders that go on in the sentence of the one before.
        told_items: Most items of a list that an assistant tells one by one; 1 or more.
        occasion: Share of dialogues that begin with why somebody asks for one thing after another.
    """

    request_first: Share = 0.75
    string_together: Share = 0.7
    told_items: Count = 6
    occasion: Share = 0.0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            UsageError: A number is out of its range.
        """
        check_ranges(self)


PLAIN = Manner()
"""The manner of every run that says nothing else."""
