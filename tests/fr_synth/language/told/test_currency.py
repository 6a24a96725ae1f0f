"""Currencies: as names, descriptions, or all that a contract says of money tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.contract.loading import spec_from_dict
from fr_synth.language.told.currency import currency_of, money
from fr_synth.language.told.values import said

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec


def _spec(members: dict[str, Any]) -> DomainSpec:
    tool = {"description": "Get the room.", "effect": "read", "parameters": {}, "returns": members}
    return spec_from_dict({
        "name": "hall", "id": "Test/Hall-v0", "version": "1.0.0", "summary": "A hall.", "policy": "Be kind.",
        "kinds": {}, "facts": {}, "tools": {"get_room": tool},
    })  # fmt: skip


def _amount(description: str = "") -> dict[str, Any]:
    described = {"description": description} if description else {}
    return {"schema": {"type": "number"}, **described}


@pytest.mark.parametrize(
    ("members", "name", "text"),
    [
        ({"price": _amount("Price in EUR.")}, "price", "€12.50"),
        ({"price_per_hour": _amount("EUR")}, "price_per_hour", "€12.50"),
        ({"price": _amount(), "tax": _amount("In pounds.")}, "price", "£12.50"),
        ({"price": _amount(), "tax_gbp": _amount()}, "price", "£12.50"),
        ({"price": _amount(), "tax": _amount("In EUR or USD.")}, "price", "12.50"),
        ({"price": _amount("CHF"), "tax": _amount("EUR")}, "price", "12.50 CHF"),
        ({"price": _amount()}, "price", "12.50"),
        ({"prices_per_hour": _amount("EUR")}, "prices_per_hour", "12.5"),
    ],
)
def test_an_amount_has_the_currency_that_something_says(members: dict[str, Any], name: str, text: str) -> None:
    spec = _spec(members)
    assert said(spec, name, {name: 12.5}, spec.tools["get_room"].returns) == text


def test_a_currency_without_a_sign_stands_behind() -> None:
    assert [money(12, each) for each in ("EUR", "SEK", "")] == ["€12", "12 SEK", "12"]
    assert currency_of(_spec({"price": _amount("SEK 12")}), None) == ""
