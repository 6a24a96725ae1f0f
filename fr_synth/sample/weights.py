"""The numbers by which the sampler chooses, in one place: how often it does what, and how much it tries.

A share is the part of the cases in which something is done, from 0 (never) to 1 (always); where a share is drawn
against, the draw is made in any case that it decides. A count is a number of tries or things, 1 or more. The defaults
were set by looking at what runs over the shipped worlds cover and how the dialogues read.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from fr_envs.errors import UsageError
from fr_synth.language.manner import PLAIN, Manner
from fr_synth.trace.ranges import Count, Share, check_ranges

__all__ = ["DEFAULT_WEIGHTS", "DRILL_WEIGHTS", "LONE_DRILL_WEIGHTS", "PLAIN_WEIGHTS", "SamplerWeights"]

Weight: TypeAlias = Annotated[float, msgspec.Meta(ge=0)]
"""A factor of a probability, from 0."""


class SamplerWeights(msgspec.Struct, frozen=True, kw_only=True):
    """How the sampler weighs its choices.

    Attributes:
        look_first: Share of first turns that begin by looking up what the user could have named.
        look_later: The same share of later turns, which have earlier ones to go back to.
        write_weight: How readily a write that the user has to ask for serves as a step on the way, where a read or an
            enabling step has 1; from 0.
        reference_weight: What each way to point at the values that a tool shows adds to its weight of 1; from 0.
        cost_discount: Factor of a tool's weight for each further call that it costs over the cheapest; a share.
        make_shown: Share of cases without a plan in which something is made that the target can show.
        make_unseen: The same share where nothing of that sort has come up at all.

        say_optional: Share of optional arguments that a user mentions.
        keep_focus: Share of choices of a value that stay with what the dialogue is about.
        keep_in_use: The same for what a supporting call of the turn was about.
        go_deeper: Share of choices that prefer what took the most calls to get.
        take_output: Share of values that could be said but are taken from an output where one is known.
        take_looked_up: The same where they were looked up in this very turn.
        keep_to_source: Share of choices on the way to an edge's consumer that are about what its producer gave.
        values_tried: Values for which words are looked for before an argument counts as unbound.
        idle_draws: Draws in a row without a new binding after which preferences, then the tool, are given up.
        list_items: Most items of a list argument whose contract names no bound.
        integer_span: How far above its least an integer without an upper bound is drawn; in its own unit.
        anaphora: Share of values just dealt with that are "that one" although there are other words.
        named_only: "That one" is only what a request has named or brought about, not what stood beside it in a result;
            and what a request is about is pointed at with "that" more than with "the same".
        narrowed: Share of requests for all there is of a kind that say which of it they want, where one can say that.

        requested_bindings: Bindings of a requested call that are tried before it counts as impossible now.
        supporting_bindings: The same for a supporting call.
        same_refusals: Refusals in a row with one code after which no further binding is tried.

        requests: Shares of turns with one request, two, three, and so on; they add up to 1. A turn has no more.
        follow_up_feeds: Share of further requests that have to take something from an earlier call of the turn.
        follow_up_tries: Tools tried as further requests.
        deepening_rounds: Requests tried for a turn in a dialogue whose longest chain is too short.
        deepening_tries: Calls tried for each of them.
        made_and_changed: Share of turns in which one request may look up, change or take back what another one has just
            made; there are worlds of which nothing but the words of a tool tells whether anybody wants that.
        lone_calls: Share of turns that stay with one call where more were drawn.
        looks_apart: A first turn in which the user wants to see something has no further request, where that alone
            tells something: what follows from it comes in the next turn.
        one_thread: A dialogue is about one thing: each turn has one request, which follows from those before it.
        leading_turns: Turns that may lead up to a target before it has to be had.

        chain_starts: Places from which a chain is begun.
        chain_tries: Calls tried for one chain.
        chain_requests: Most calls of a chain that the user asks for, its last included.
        chain_end_calls: Most calls for what a chain's last call needs besides the chain, that call included.
        chain_end_misses: Most failed attempts on the way there.

        edge_values: Values of an edge's producer for which words are looked for.
        edge_misses: Most failed attempts at an edge's consumer.
        edge_producer_tries: Ways to an edge's producer that are tried.
        edge_consumer_ways: Ways to its consumer that are tried.
        edge_setters: Tools tried that make true what the consumer demands.

        refused_tries: Bindings looked through for one that the world refuses.
        refused_kept: Refused bindings of each code from which the way is tried.
        enlarged_by: Factors by which a number that the user says is enlarged for it to be refused; above 1.
        enlarged_to: What an enlarged number is a multiple of, in its own unit; a number that people say.
        right_first: Share of recoveries in which setting things right is tried before a second choice.
        right_tools: Writes tried as what sets things right.
        right_tries: Bindings of each of them.
        second_choices: Bindings looked through for a second choice.

        distractor_tries: Reads tried as a turn's distractor.
        spare_targets: Further tools that stand ready where a target cannot be reached; they may be none.
        spare_edges: Further edges that stand ready before them where an edge cannot be walked; they may be none.

        manner: How things are put into words.
    """

    look_first: Share = 0.75
    look_later: Share = 0.3
    write_weight: Weight = 0.15
    reference_weight: Weight = 4.0
    cost_discount: Share = 0.35
    make_shown: Share = 0.3
    make_unseen: Share = 0.7

    say_optional: Share = 0.2
    keep_focus: Share = 0.75
    keep_in_use: Share = 0.95
    go_deeper: Share = 0.5
    take_output: Share = 0.8
    take_looked_up: Share = 0.95
    keep_to_source: Share = 0.85
    values_tried: Count = 4
    idle_draws: Count = 3
    list_items: Count = 3
    integer_span: Count = 20
    anaphora: Share = 0.8
    named_only: bool = False
    narrowed: Share = 0.0

    requested_bindings: Count = 32
    supporting_bindings: Count = 8
    same_refusals: Count = 8

    requests: tuple[Share, ...] = (0.5, 0.4, 0.1)
    follow_up_feeds: Share = 0.9
    follow_up_tries: Count = 8
    deepening_rounds: Count = 2
    deepening_tries: Count = 4
    made_and_changed: Share = 1.0
    lone_calls: Share = 0.0
    looks_apart: bool = False
    one_thread: bool = False
    leading_turns: Count = 2

    chain_starts: Count = 6
    chain_tries: Count = 60
    chain_requests: Count = 3
    chain_end_calls: Count = 5
    chain_end_misses: Count = 2

    edge_values: Count = 8
    edge_misses: Count = 6
    edge_producer_tries: Count = 2
    edge_consumer_ways: Count = 2
    edge_setters: Count = 2

    refused_tries: Count = 16
    refused_kept: Count = 3
    enlarged_by: tuple[Annotated[int, msgspec.Meta(gt=1)], ...] = (2, 3, 5, 8, 12, 20)
    enlarged_to: Count = 50
    right_first: Share = 0.6
    right_tools: Count = 10
    right_tries: Count = 4
    second_choices: Count = 12

    distractor_tries: Count = 6
    spare_targets: Annotated[int, msgspec.Meta(ge=0)] = 6
    spare_edges: Annotated[int, msgspec.Meta(ge=0)] = 1

    manner: Manner = PLAIN

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            UsageError: A number is out of its range.
        """
        check_ranges(self)
        if abs(sum(self.requests) - 1) > _ROUNDING:
            raise UsageError(f"requests {self.requests}: shares add up to 1")


_ROUNDING = 1e-9  # by which a sum of shares may miss 1

DEFAULT_WEIGHTS = SamplerWeights()
"""The weights of every run that says nothing else."""

DRILL_WEIGHTS = SamplerWeights(
    requests=(1.0,),
    lone_calls=1.0,
    say_optional=0.15,
    keep_focus=1.0,
    named_only=True,
    narrowed=1.0,
    looks_apart=True,
    leading_turns=1,
    manner=Manner(occasion=1.0),
)
"""The weights of drills beside stories: one request at a time, about what was spoken of last or has just been shown,
and a reason to ask for one thing after another."""

LONE_DRILL_WEIGHTS = msgspec.structs.replace(DRILL_WEIGHTS, looks_apart=False)
"""The same for drills of a single turn, which have no next one for what follows from a look."""

PLAIN_WEIGHTS = SamplerWeights(
    requests=(1.0,),
    look_later=0.0,
    made_and_changed=0.0,
    lone_calls=1.0,
    say_optional=0.15,
    keep_focus=1.0,
    anaphora=0.0,  # people say the name of what they speak of; "it" comes with the words of the message
    one_thread=True,
    spare_edges=0,
)
"""The weights of worlds without situations: of what people want there at a time, only the words of the tools tell."""
