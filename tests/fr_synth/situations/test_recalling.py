"""What an aside asks for once more: what was told, and still holds."""

from __future__ import annotations

from fr_synth.situations.awaiting import recalled

TOLD = [("iban", "NL91ABNA0417164300", "NL91…"), ("phone", "+31 20 5550100", "+31 20 5550100")]


def test_the_latest_that_was_told_once_is_recalled() -> None:
    assert recalled(TOLD)["told"].value["label"] == "phone"
    again = [*TOLD, ("phone", "+31 20 5550199", "+31 20 5550199")]
    assert recalled(again)["told"].value["label"] == "iban"


def test_what_was_set_since_is_not_recalled() -> None:
    assert recalled(TOLD, {"phone", "street"})["told"].value["label"] == "iban"
    assert recalled(TOLD, {"phone", "iban"}) == {}
