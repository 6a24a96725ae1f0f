"""Words for what goes wrong.

1. Every list has eight wordings at least, one of thoughts ten, each a wording by the rules; whatever is known of a
   case, some fit.
2. A wording comes up only where the case has something for each of its places, and tells just that.
3. Every reply that something could not be done is heard as owning up to it.
4. A thought that tells another value than what was wrong is found; one that is left out is none.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fr_envs import load_domain
from fr_envs.episode.faults import FAULT_CODES, FaultCode
from fr_envs.episode.judging.unmet import unmet_lack
from fr_envs.situation.loading import load_situations
from fr_envs.situation.templates import parse, parts_in
from fr_synth.language.mishaps import (
    WhatWentWrong,
    mended,
    mixed_up,
    noun_of,
    once_again,
    outage_replies,
    outage_thoughts,
    tried_again,
    what_was_told,
    what_was_wrong,
    worded,
)
from fr_synth.verify.situated.forms import read_as
from fr_synth.verify.situated.thoughts import Spoken, misreported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_synth.verify.situated.course import PlayedTurn

BANK, FILES = load_domain("banking").spec, load_domain("filesystem").spec
TURN = load_situations()[0].turns[0]
CASE = {"noun": "account", "wrong": "ACC1", "right": "ACC2", "error": "No such account"}
SIDES = {"wrong_label": "the old account", "right_label": "the new account", "side": "below"}
LISTS: Mapping[str, tuple[str, ...]] = {
    **{why: mended(why, {}).wordings for why in ("format", "word", "name")},
    **{f"{code} of a read": tried_again(code, {}, writes=False).wordings for code in FAULT_CODES},
    **{f"{code} of a write": tried_again(code, {}, writes=True).wordings for code in FAULT_CODES},
    **{f"reply to {code}": outage_replies(code) for code in FAULT_CODES},
    **{f"again, {tone}": said for tone, said in once_again(TURN).say.items()},
    "again": once_again(TURN).thought.direct, "again, by a way": once_again(TURN).thought.plan,
    "mixed up": mixed_up({}).wordings, "outage": outage_thoughts(),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_there_are_several_wordings_for_each(name: str) -> None:
    wordings = LISTS[name]
    assert len(wordings) >= (8 if "reply" in name or "again" in name else 10)
    assert len(set(wordings)) == len(wordings)
    places = [{part.path for part in parts_in(parse(each))} for each in wordings]
    known = {"noun", "wrong", "right", "error"}
    assert any(each <= {"noun"} for each in places) or name == "mixed up"
    if name == "mixed up":
        known |= SIDES.keys()
        assert all(SIDES.keys() - {"side"} <= each for each in places)
    assert all(each <= known for each in places)


def test_places_are_filled_with_what_was_wrong_in_the_case() -> None:
    told = [worded(mended("name", CASE), np.random.default_rng(seed)) for seed in range(40)]
    assert any("ACC1" in each and "ACC2" in each for each in told)
    assert any("No such account" in each for each in told)
    assert not any("{" in each or "<" in each for each in told)
    bare = {worded(mended("name", {"noun": "card"}), np.random.default_rng(seed)) for seed in range(40)}
    assert bare == {"It wants the id, not what people call it. Again with that."}


def test_what_was_wrong_is_read_off_the_two_calls() -> None:
    right = {"source_account_id": "ACC2", "target_account_id": "ACC3", "amount": 5}
    wrong = {**right, "source_account_id": "ACC1"}
    told = {"error": {"code": "unknown_account", "message": "There is no such account. Look it up."}}
    found = what_was_wrong(BANK, "transfer_between_accounts", wrong, right, told)
    assert found == {**CASE, "error": "There is no such account"}
    assert what_was_wrong(BANK, "transfer_between_accounts", right, right) == {}


def test_what_is_long_or_no_plain_value_is_not_told() -> None:
    right = {"path": "/a", "content": "x" * 90}
    assert what_was_wrong(FILES, "write_file", {"path": "/a"}, right).keys() == {"noun"}
    assert what_was_told({"error": {"message": '"a_b" is a required property'}}) == {}
    assert what_was_told({"ok": True}) == what_was_told(None) == {}


def test_people_have_words_for_paths() -> None:
    assert noun_of(FILES, "cd", "path") == "folder"
    assert noun_of(FILES, "wc", "path") == "file"


@pytest.mark.parametrize("code", FAULT_CODES)
def test_every_reply_owns_up(code: FaultCode) -> None:
    for wording in outage_replies(code):
        for seed in range(6):
            reply = worded(WhatWentWrong((wording,)), np.random.default_rng(seed))
            assert unmet_lack(code, reply, [{"error": {"code": code}}], []) == "", reply


def test_a_thought_that_tells_another_value_is_found() -> None:
    played: PlayedTurn | None = None  # what is told is held against the case alone
    what = mended("name", MappingProxyType(CASE))
    for wording in what.wordings:
        text = worded(what._replace(wordings=(wording,)), np.random.default_rng(0))
        spoken = Spoken(played, 3, (), text, False, True, False, True, what)  # type: ignore[arg-type]
        reading = read_as(wording, text)
        assert reading is not None
        assert list(misreported(spoken, reading)) == []
        other = Spoken(played, 3, (), text, False, True, False, True, mended("name", {}))  # type: ignore[arg-type]
        assert bool(list(misreported(other, reading))) == bool(reading.told)
