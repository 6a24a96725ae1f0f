"""A walk remembers what holds for the moment, and forgets it when the moment is over.

1. A fork goes on by itself: it has the settings, not what is pending.
2. A preferred source holds in its context and in forks made there, and whatever happens, not after it.
3. Words and unmet needs last until the next step.
4. What is put off is resumed once.
"""

import pytest

from fr_synth.sample.walk import WalkSettings
from fr_synth.trace.dataflow.executed import Feed
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.target import ToolTarget
from fr_synth.trace.turn_trace import PendingTarget
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, take


def test_settings_are_frozen() -> None:
    settings = WalkSettings(depth=3)
    with pytest.raises(AttributeError):
        settings.depth = 4  # type: ignore[misc]
    assert new_walk(LIBRARY, settings=settings).fork().settings is settings


def test_a_source_is_preferred_as_long_as_the_context_lasts() -> None:
    walk, feed = new_walk(LIBRARY), Feed("book_id", 0)
    with walk.preferring(feed):
        fork = walk.fork()
        with walk.preferring(None):
            inner = walk.preferred_source
        outer = walk.preferred_source
    assert (inner, outer) == (None, feed)
    assert walk.preferred_source is None
    assert fork.preferred_source == feed


def fail() -> None:
    raise LookupError


def test_an_error_ends_a_preference() -> None:
    walk = new_walk(LIBRARY)
    with pytest.raises(LookupError), walk.preferring(Feed("book_id", 0)):
        fail()
    assert walk.preferred_source is None


def test_words_are_looked_for_once_between_two_steps() -> None:
    walk = new_walk(LIBRARY)
    mention = Mention(0, "book_id", "b1", "the thick one", "most", {}, 0)
    asked: list[int] = []

    def find() -> Mention | None:
        asked.append(1)
        return mention

    for _ in range(3):
        assert walk.words_for(("book_id", "b1", None, ""), find) is mention
    assert len(asked) == 1
    take(walk, "list_books")
    walk.words_for(("book_id", "b1", None, ""), find)
    assert len(asked) == 2


def test_an_unmet_need_lasts_until_the_next_step() -> None:
    walk = new_walk(LIBRARY)
    walk.note_unmet("borrow", ("fact", "has_card"))
    assert walk.unmet_need("borrow") == ("fact", "has_card")
    assert walk.unmet_need("leave") is None
    take(walk, "list_books")
    assert walk.unmet_need("borrow") is None


def test_what_is_put_off_is_resumed_once() -> None:
    walk = new_walk(LIBRARY)
    assert walk.resume() is None
    walk.put_off(ToolTarget("borrow"), 1)
    assert walk.fork().pending is None
    walk.next_turn()
    assert walk.pending == walk.resume() == PendingTarget(ToolTarget("borrow"), 1)
    assert walk.pending is None


def test_the_deepest_step_is_the_latest_of_the_longest_chains() -> None:
    walk = new_walk(LIBRARY)
    take(walk, "list_books")
    take(walk, "list_books")
    assert walk.deepest() == 1
