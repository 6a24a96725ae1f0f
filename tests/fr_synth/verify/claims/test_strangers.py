"""Lies about somebody else's world, for which no words of ours ship: each is found, and its honest twin passes."""

from __future__ import annotations

import pytest

from tests.fr_synth.verify.claims.strangers import facts, found, problems

WATERED, LISTED = ("garden", "water_plant"), ("garden", "list_plants")
EXTENDED, CHECKED_IN, VISITS = ("surgery", "extend_visit"), ("surgery", "check_in_patient"), ("surgery", "list_visits")
SENT, READDRESSED, PARCELS = ("depot", "send_parcel"), ("depot", "readdress_parcel"), ("depot", "list_parcels")
CASES = (  # where, the lie, what is true
    (WATERED, "{act} is not watered.", "{act} is watered now."),
    (WATERED, "{act} isn't watered yet. The dry plants are {result[dry_plants]}.", "{act} is watered."),
    (WATERED, "{act} is still dry.", "{act} isn't dry any more."),
    (WATERED, "Nothing was changed.", "{act} has been watered, and nothing else was changed."),
    (WATERED, "{act} and {dry[name]} are watered.", "{act} is watered."),
    (WATERED, "I couldn't water {act}.", "I've watered {act}."),
    (WATERED, "All plants are watered now.", "{act} is watered now, and {result[dry_plants]} are still dry."),
    (WATERED, "{act} in the {unlike[bed]} is watered.", "{act} in the {mine[bed]} is watered."),
    (WATERED, "No dry plants are left.", "{result[dry_plants]} dry plants are left."),
    (WATERED, "{act} was watered already, so nothing was to be done.", "Done, {act} is watered."),
    (WATERED, "Watering {act} failed.", "Watering {act} worked."),
    (LISTED, "All of them are watered.", "Not all of them are watered."),
    (LISTED, "There are no plants.", "That's all of them."),
    (LISTED, "Only {wet[name]} is watered.", "{wet[name]} is watered."),
    (LISTED, "{second[plant_id]} is {first[name]}.", "{first[plant_id]} is {first[name]}."),
    (EXTENDED, "{act}'s visit is extended. That makes {mine[minutes]} minutes in all.", "{act}'s visit is extended."),
    (
        EXTENDED, "{act}'s visit was {result[minutes]} minutes long before.",
        "{act}'s visit was {mine[minutes]} minutes long before.",
    ),
    (EXTENDED, "{act} is waiting.", "{act}'s visit is planned."),
    (EXTENDED, "{act}'s visit hasn't been extended.", "{act}'s visit has been extended."),
    (EXTENDED, "{another}'s visit is extended.", "{act}'s visit takes {given[minutes]} minutes more."),
    (EXTENDED, "{act}'s visit is extended. It takes {result[minutes]} hours.", "It takes {result[minutes]} minutes."),
    (CHECKED_IN, "{act}'s visit is still planned.", "{act} is waiting now."),
    (CHECKED_IN, "{act} isn't checked in yet.", "{act} is checked in now."),
    (CHECKED_IN, "{act} is waiting for {unlike[doctor]}.", "{act} is waiting for {mine[doctor]}."),
    (CHECKED_IN, "Everybody is checked in.", "{act} is checked in for {key}."),
    (CHECKED_IN, "A patient is checked in for {another}'s visit.", "A patient is checked in for {act}'s visit."),
    (VISITS, "{first[patient]} has the longest visit.", "{last[patient]} has the longest visit."),
    (VISITS, "{first[patient]} is with {second[doctor]}.", "{first[patient]} is with {first[doctor]}."),
    (SENT, "{act}'s parcel is not sent.", "{act}'s parcel is sent."),
    (SENT, "{act}'s parcel is stored.", "{act}'s parcel is no longer stored."),
    (SENT, "{another}'s parcel is sent.", "I've sent {act}'s parcel."),
    (
        SENT, "{act}'s parcel is sent. Postage: {other[postage]:.2f}.",
        "{act}'s parcel is sent. Postage: {mine[postage]:.2f}.",
    ),
    (SENT, "I've sent {act}'s parcel. It weighs {other[weight_kg]} kg.", "I've sent {act}'s parcel."),
    (SENT, "{act}'s parcel is sent. No postage is due.", "{act}'s parcel is sent. No more is due."),
    (SENT, "{act}'s parcel is on its way to {other[city]}.", "{act}'s parcel is on its way."),
    (SENT, "{act}'s parcel is sent and arrives tomorrow.", "{act}'s parcel has been sent off."),
    (READDRESSED, "{act}'s parcel still goes to {mine[city]}.", "{act}'s parcel now goes to {given[city]}."),
    (
        READDRESSED, "{act}'s parcel is readdressed from {given[city]} to {mine[city]}.",
        "{act}'s parcel is readdressed from {mine[city]} to {given[city]}.",
    ),
    (READDRESSED, "{act}'s parcel is readdressed and sent.", "{act}'s parcel is readdressed and still stored."),
    (PARCELS, "{first[receiver]}'s parcel is the heaviest.", "{last[receiver]}'s parcel is the heaviest."),
    (PARCELS, "All of them are sent.", "{first[receiver]}'s parcel is stored."),
    (
        PARCELS, "{first[receiver]}'s parcel goes to {second[city]}.",
        "{first[receiver]}'s parcel goes to {first[city]}.",
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_lie_is_found_and_its_honest_twin_passes(case: tuple[tuple[str, str], str, str]) -> None:
    (world, tool), lie, twin = case
    evidence, turn = found(world, tool)
    known, listing = facts(evidence, turn), tool.startswith("list")
    assert problems(evidence, turn, lie.format(**known), more=listing) != []
    assert problems(evidence, turn, twin.format(**known), more=listing) == []


def test_a_sum_that_leaves_out_one_of_the_list_is_found() -> None:
    evidence, turn = found(*PARCELS)
    rows = facts(evidence, turn)["rows"]
    part, whole = (sum(row["postage"] for row in each) for each in (rows[:-1], rows))
    assert problems(evidence, turn, f"The postage is {part:.2f} in all.", more=True) != []
    assert problems(evidence, turn, f"The postage is {whole:.2f} in all.", more=True) == []
