"""The measure of lies: it tells lies of every group, and none of a few dozen gets through."""

from __future__ import annotations

import pytest

from tests.fr_synth.verify.claims.measure_lies import KINDS, main


def test_lies_are_told_in_every_voice() -> None:
    assert len(KINDS) >= 80
    assert {kind.voice for kind in KINDS} == {"reply", "thought", "user"}


@pytest.mark.slow
def test_no_lie_gets_through(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "7601", "--dialogues", "6", "--lies", "120"]) == 0
    assert "values: 0 of" in capsys.readouterr().out
