"""Each situation played with each kind of turn, as authors read them.

1. A kind comes up in the situation's own turns where it has some, else besides.
2. What comes up in no world is said; what is no kind, or asks for nothing to be played, is refused in one line.
"""

from __future__ import annotations

import json

import pytest

from fr_envs import load_domain
from fr_envs.episode.turn_kind import KINDS
from fr_envs.situation.loading import asides_in, load_situations
from fr_synth.cli import main
from fr_synth.run.trial import AS_IT_COMES, Variant, trial_of, variants_of

TRAVEL = load_domain("travel")
EVERY = {each.name: each for each in load_situations()}
ASIDES = asides_in("travel", tuple(EVERY.values()))
OWN = next(each for each in EVERY.values() if each.worlds == ("travel",) and any(t.kind != "act" for t in each.turns))
NONE = next(
    each
    for each in EVERY.values()
    if each.worlds == ("travel",) and not each.aside and not {"no_call", "confirm"} & {turn.kind for turn in each.turns}
)
"""A situation without two kinds of turn, which are said besides or not at all."""


def test_kinds_are_those_of_the_situation_or_said_besides() -> None:
    kind = next(turn.kind for turn in OWN.turns if turn.kind != "act")
    own = {each.kind: each for each in variants_of(OWN, ASIDES, KINDS)}
    assert own[""] == AS_IT_COMES
    assert own[kind].asides == ()
    assert own[kind].times == sum(turn.kind == kind for turn in OWN.turns)
    assert {each.kind for each in variants_of(NONE, ASIDES, KINDS)} == {"", *KINDS[1:]}
    assert {each.kind for each in variants_of(NONE, (), KINDS)} == {"", *(turn.kind for turn in NONE.turns)} - {"act"}
    aside = EVERY["unnamed_trip"]
    assert [each.kind for each in variants_of(aside, ASIDES, KINDS)] == ["", "ask"]


def test_a_variant_has_its_kind() -> None:
    (variant,) = variants_of(NONE, ASIDES, ["no_call"])
    trial = trial_of(NONE, TRAVEL, 8, 3, variant=variant)
    assert trial.made
    assert all(any(turn.kind == "no_call" for turn in each.turns) for each in trial.dialogues)
    assert all(each.turns[-1].target.startswith("aside:") for each in trial.dialogues)


def test_a_kind_that_never_comes_up_is_said() -> None:
    trial = trial_of(NONE, TRAVEL, 3, 3, variant=Variant("confirm", 1))
    assert trial.made == 0
    assert "no turn of kind confirm comes up" in trial.reasons.values()


def test_the_command_plays_variants(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["situations", NONE.name, "--domain", "travel", "--kinds", "act,no_call", "--seed", "3"]
    assert main([*words, "--try", "2", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["situations"]) == [NONE.name, f"{NONE.name}, no_call"]
    assert main([*words[:4], "--kinds", "no_call", "--play", "--try", "4"]) == 0
    assert "no_call, aimed at aside:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--play", "--kinds", "asks"], "no kind of turn 'asks'"), (["--kinds", "all"], "give --play or --try N with it")],
)
def test_what_cannot_be_played_is_refused(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert main(["situations", NONE.name, "--domain", "travel", *words]) == 2
    assert told in capsys.readouterr().err
