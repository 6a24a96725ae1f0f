"""Thoughts of drills: one where something is decided, none where nothing is."""

from __future__ import annotations

import numpy as np
import pytest

from fr_envs.adapters.words.grammar.phrases import phrase_of
from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.episode.task import Goal
from fr_synth.build.thought.deciding.phrases import PHRASES
from fr_synth.build.thought.deciding.turn import decided, decided_last
from fr_synth.build.thought.deciding.words import doing_it, verb_of
from fr_synth.build.thought.wording import expand
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.trace.target import ToolTarget
from fr_synth.trace.turn_trace import Reply, TurnTrace
from fr_synth.verify.faithful import needs_thought
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, take


def turn() -> TurnTrace:
    """A book is looked up by its title, and lent."""
    walk = new_walk()
    listed = take(walk, "list_books")
    lent = take(walk, "get_book", {"book_id": "BOOK004"}, user_requested=True)
    books = listed.result["books"]
    at = next(k for k, book in enumerate(books) if book["book_id"] == "BOOK004")
    mention = Mention(0, "book_id", "BOOK004", "Old Harbours", "fields", {"title": "Old Harbours"}, 0, "/books")
    lent = lent._replace(sources={"/book_id": Output(0, f"/books/{at}/book_id")}, mentions={"/book_id": mention})
    steps = (listed, lent)
    return TurnTrace(ToolTarget("get_book"), steps, 0, listed.before, lent.after, Goal(), Reply("It is old.", ()))


def test_before_a_look_up_it_is_said_what_is_missing_and_where_it_stands() -> None:
    texts = {decided(LIBRARY, turn(), [], [0], np.random.default_rng(seed)) for seed in range(60)}
    assert len(texts) > 6
    assert all("the list of books" in text.lower() for text in texts), texts
    assert all("BOOK004" not in text for text in texts), "nobody has told it yet"


def test_after_it_which_one_it_is() -> None:
    texts = {decided(LIBRARY, turn(), [], [1], np.random.default_rng(seed)) for seed in range(60)}
    assert len(texts) > 4
    assert all("BOOK004" in text and "Old Harbours" in text for text in texts), texts


def test_nothing_is_thought_where_a_result_is_told_as_it_is() -> None:
    assert decided_last(LIBRARY, turn(), [], np.random.default_rng(0)) == ""


def test_what_nobody_asked_for_needs_a_thought() -> None:
    from fr_synth.trace.records import CallRecord

    hidden, asked = (CallRecord.of(step, 2) for step in turn().steps)
    assert needs_thought([hidden], [])
    assert not needs_thought([asked], [hidden])
    assert not needs_thought([], [hidden, asked])


def test_there_are_many_wordings_and_none_speaks_of_operations() -> None:
    frames = [frame for several in PHRASES.values() for frame in several]
    assert len(frames) >= 40
    assert len(set(frames)) == len(frames) or len(frames) - len(set(frames)) < 4
    for frame in frames:
        text = expand(frame, np.random.default_rng(0))
        assert "<" not in text
        assert not {"order", "wish"} & set(PLACEHOLDER.findall(text)), "no summary of an operation"


@pytest.mark.parametrize(
    ("name", "description", "doing"),
    [
        ("lend_book", "Lend a book to a borrower.", "lending"), ("plan_meal", "Plan a meal.", "planning"),
        ("submit_claim", "Submit a claim.", "submitting"), ("cancel", "Cancel a stay.", "cancelling"),
        ("set_priority", "Set the priority of a ticket.", "setting the priority"),
        ("remove_it", "Remove a track.", "removing"),
    ],
)  # fmt: skip
def test_what_is_done_has_a_noun(name: str, description: str, doing: str) -> None:
    tool = LIBRARY.spec.tools["borrow"]
    import msgspec

    tool = msgspec.structs.replace(tool, name=name, description=description)
    assert phrase_of(name, description).verb == verb_of(tool)
    assert doing_it(tool) == doing
