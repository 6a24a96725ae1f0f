"""What has to hold after any calls, and an oracle for the timetable.

1. No seat is taken twice, and every seat taken belongs to a leg of a live booking, in the right cabin.
2. Seats sold are exactly those of live bookings and active holds; no cabin is sold beyond its seats.
3. Rooms and cars taken are exactly those of booked stays and hires; none beyond what there is.
4. Every itinerary connects in place and time.
5. Budget, cards and invoices agree to the cent, and points add up.
6. Flights last as long as their distance takes, and leave and land by the clocks of the place.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from haversine import haversine
from hypothesis import example, given
from hypothesis import strategies as st

from fr_envs.domains.travel import DOMAIN
from fr_envs.domains.travel.codes import cipher
from fr_envs.domains.travel.geography import airports, distance_km, local_text, to_minutes, zone
from fr_envs.domains.travel.inventory import cabin_of
from fr_envs.domains.travel.lookup import net_of
from fr_envs.domains.travel.make_airports import airport_rows, main
from fr_envs.domains.travel.network import AIRCRAFT
from tests.fr_envs.domains.travel_checks import (
    check_all,
)
from tests.fr_envs.domains.travel_desk import Walk
from tests.rounds import rounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.world.domain import Scale


@pytest.mark.parametrize("scale", ["tiny", "small", "medium"])
def test_random_walks_keep_the_invariants(scale: Scale) -> None:
    for seed in range(100, 102):
        walk = Walk(seed, scale)
        first = walk.state
        check_all(first, first)
        for _ in range(300):
            before = walk.state
            walk.step()
            if walk.state is not before:
                check_all(first, walk.state)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 200 + rounds(3, 18)))
def test_long_walks_keep_the_invariants(seed: int) -> None:
    walk = Walk(seed, "tiny")
    first = walk.state
    for step in range(2000):
        walk.step()
        if step % 20 == 0:
            check_all(first, walk.state)


@pytest.fixture
def only_the_packaged_zones() -> Iterator[None]:
    """Let ``ZoneInfo`` read the package tzdata as the world does: the machine's own zones may be older."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([])
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(before)
    ZoneInfo.clear_cache()


@pytest.mark.usefixtures("only_the_packaged_zones")
def test_durations_and_local_times_of_a_thousand_routes() -> None:
    rng = np.random.default_rng(1)
    checked = 0
    for seed in range(4):
        state = DOMAIN.initial(seed, "large")
        net = net_of(state)
        for template in rng.permutation(len(net.templates))[:300].tolist():
            day = net.world.first_day + int(rng.integers(net.world.days))
            flight = net.flight_on(template, day)
            if flight is None:
                continue
            checked += 1
            km = haversine((flight.origin.lat, flight.origin.lon), (flight.destination.lat, flight.destination.lon))
            assert flight.aircraft == AIRCRAFT[(km > 1200) + (km > 5200)]
            assert abs(flight.minutes - (35 + km / flight.aircraft.speed * 60)) <= 3
            leaves = dt.datetime.fromisoformat(flight.departure).replace(tzinfo=ZoneInfo(flight.origin.tz))
            lands = dt.datetime.fromisoformat(flight.arrival).replace(tzinfo=ZoneInfo(flight.destination.tz))
            assert leaves.date().toordinal() == day
            assert 6 <= leaves.hour < 23
            assert leaves.timestamp() == flight.departs * 60
            elapsed = lands.astimezone(dt.UTC) - leaves.astimezone(dt.UTC)
            # An hour that the clocks repeat in autumn can be read in two ways.
            again = lands.replace(fold=1).astimezone(dt.UTC) - leaves.astimezone(dt.UTC)
            assert dt.timedelta(minutes=flight.minutes) in (elapsed, again)
    assert checked >= 1000


@given(minutes=st.integers(27_000_000, 34_000_000), of=st.integers(0, 10_000))
@example(minutes=29_911_740, of=0)  # a minute before the clocks of Europe go forward in 2026
@example(minutes=4_000_000_000, of=7)  # beyond all that is reckoned without asking the zone
def test_clocks_are_those_of_the_zone(minutes: int, of: int) -> None:
    tz = airports()[of % len(airports())].tz
    there = dt.datetime.fromtimestamp(minutes * 60, zone(tz))
    assert local_text(minutes, tz) == there.isoformat()[:16]
    day, minute = divmod(minutes, 24 * 60)
    wall = dt.datetime(1970, 1, 1) + dt.timedelta(days=day, minutes=minute)  # noqa: DTZ001 -- its zone comes next
    since = wall.replace(tzinfo=zone(tz)) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    assert to_minutes(wall.toordinal(), minute, tz) == since // dt.timedelta(minutes=1)


def test_distances_are_those_of_the_great_circle() -> None:
    everywhere = airports()
    for one, other in zip(everywhere, everywhere[7:], strict=False):
        expected = haversine((one.lat, one.lon), (other.lat, other.lon))
        assert distance_km(one, other) == pytest.approx(expected)


def test_connections_leave_time_to_change() -> None:
    state = DOMAIN.initial(2, "medium")
    net = net_of(state)
    pairs = [pair for place in range(60) for pair in net.connections(1, place, net.world.first_day + 8)]
    assert len(pairs) > 50
    for first, second in pairs:
        assert first.destination == second.origin
        assert 45 <= second.departs - first.arrives <= 480
        if first.international or second.international:
            assert second.departs - first.arrives >= 75


def test_identifiers_of_all_flights_differ_and_read_back() -> None:
    code = cipher(99, "FL", 5)
    texts = {code.write(number) for number in range(50_000)}
    assert len(texts) == 50_000
    assert all(code.read(code.write(number)) == number for number in range(0, 1 << 25, 9973))


def test_a_cabin_has_exactly_as_many_strangers_as_it_says() -> None:
    state = DOMAIN.initial(4, "small")
    net = net_of(state)
    for template in range(0, 60, 3):
        flight = next(f for day in range(7) if (f := net.flight_on(template, net.world.first_day + day)))
        for name in ("economy", "business"):
            cabin = cabin_of(state, flight, name)
            places = range(cabin.rows * len(cabin.letters))
            assert sum(cabin.taken(place) for place in places) == cabin.strangers
            assert [cabin.place_of(cabin.name_of(place)) for place in places] == list(places)


@pytest.mark.slow
def test_the_list_of_airports_is_what_its_script_makes(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("airports") / "airports.json"
    main(path)
    assert [list(airport) for airport in airports()] == airport_rows()
    assert path.read_text(encoding="utf-8").count("\n") == len(airports()) + 2
