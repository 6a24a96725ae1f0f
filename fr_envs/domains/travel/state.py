"""What a travel world remembers: the travellers, their bookings and what they took out of the inventory."""

from __future__ import annotations

from fr_envs.world.state import Record, State, Table

__all__ = [
    "Approval", "Booking", "Budget", "Claim", "Clock", "Counter", "Disruption", "Hold", "Invoice", "Leg", "Loyalty",
    "Passenger", "Payment", "Points", "Policy", "Rental", "Seat", "Sold", "Stay", "Travel", "Trip", "Used", "Waiting",
    "World",
]  # fmt: skip


class World(Record, frozen=True):
    """What the timetable, the hotels and the cars are computed from; never changes.

    Attributes:
        seed: Source of everything that is drawn.
        airports: How many airports.
        carriers: How many airlines.
        first_day: Ordinal of the first day of the timetable.
        days: Days that the timetable covers.
        currency: Currency of all prices.
        rate: Units of that currency for 100 euros.
        company: Employer of the travellers.
    """

    seed: int
    airports: int
    carriers: int
    first_day: int
    days: int
    currency: str
    rate: int
    company: str


class Clock(Record, frozen=True):
    """The time, in minutes since 1970 UTC, and the airport by whose clocks the user lives."""

    now: int
    home: str


class Counter(Record, frozen=True):
    """The number that the next identifier of one kind takes."""

    next: int


class Passenger(Record, frozen=True):
    """A traveller with documents; "" where a document is missing, dates as ISO text."""

    passenger_id: str
    name: str
    birth_date: str
    department: str
    passport: str
    passport_expires: str
    licence: str
    licence_expires: str


class Payment(Record, frozen=True):
    """A way to pay; amounts in minor units, ``expires`` as ISO date."""

    payment_method_id: str
    type: str
    label: str
    tail: str
    expires: str
    limit: int
    used: int


class Budget(Record, frozen=True):
    """The company's travel money, in minor units; a booking above ``limit`` needs approval."""

    total: int
    spent: int
    limit: int


class Sold(Record, frozen=True):
    """What changed in one flight's inventory since the world began: seats sold by class, seats given back."""

    flight_id: str
    economy: int
    business: int
    released: int


class Seat(Record, frozen=True):
    """A seat that a booking has on a flight."""

    flight_id: str
    seat_number: str
    booking_id: str


class Disruption(Record, frozen=True):
    """A delay in minutes, or a cancellation (``delay`` -1), known from ``announced`` on."""

    flight_id: str
    delay: int
    announced: int


class Leg(Record, frozen=True):
    """One flight of a booking; ``seat`` is "" until one is chosen."""

    flight_id: str
    seat: str = ""


class Hold(Record, frozen=True):
    """Seats kept for a traveller until ``expires``; status is active, used, released or expired."""

    hold_id: str
    passenger_id: str
    flights: tuple[str, ...]
    family: str
    price: int
    expires: int
    status: str


class Approval(Record, frozen=True):
    """Leave to book a hold above the limit; status is granted or withdrawn."""

    approval_id: str
    hold_id: str
    reason: str
    amount: int
    status: str


class Booking(Record, frozen=True):
    """One traveller's journey; status is reserved, ticketed, cancelled, flown or lapsed.

    Attributes:
        booking_id: Identifier.
        passenger_id: Who travels.
        legs: Flights in order.
        family: Fare family of every leg; its rules and prices hold.
        status: See above.
        fare: Price of the tickets, in minor units.
        extras: Price of bags and the like, in minor units.
        points: Loyalty points that paid the fare, 0 if money did.
        bags: Bags paid for beyond those that the fare includes.
        checked_in: The boarding passes are out.
        due: When an unpaid booking lapses.
        bought: When it was paid; 0 before.
        payment_method_id: What paid; "" before.
        upgraded: Points lifted it into business class; the rules of the fare stay.
    """

    booking_id: str
    passenger_id: str
    legs: tuple[Leg, ...]
    family: str
    status: str
    fare: int
    extras: int = 0
    points: int = 0
    bags: int = 0
    checked_in: bool = False
    due: int = 0
    bought: int = 0
    payment_method_id: str = ""
    upgraded: bool = False

    @property
    def seated(self) -> str:
        """Fare family in whose cabin the traveller sits."""
        return "business" if self.upgraded else self.family

    @property
    def cabin(self) -> str:
        """Cabin in which the traveller sits."""
        return "business" if self.seated == "business" else "economy"


class Invoice(Record, frozen=True):
    """A charge (or, if negative, a refund); amount in minor units."""

    invoice_id: str
    date: str
    subject: str
    about: str
    amount: int
    payment_method_id: str


class Waiting(Record, frozen=True):
    """A place in the queue for a sold-out flight; status is waiting, cleared, left or closed."""

    waitlist_id: str
    flight_id: str
    passenger_id: str
    joined: int
    status: str


class Loyalty(Record, frozen=True):
    """The frequent-flyer account."""

    number: str
    programme: str
    points: int
    flown: int


class Points(Record, frozen=True):
    """One movement of points."""

    date: str
    reason: str
    points: int


class Stay(Record, frozen=True):
    """A hotel booking; ``room`` is the place of its type, ``first`` the ordinal of its first night."""

    stay_id: str
    hotel_id: str
    passenger_id: str
    room: int
    first: int
    nights: int
    price: int
    payment_method_id: str
    status: str


class Rental(Record, frozen=True):
    """A car booking; ``first`` is the ordinal of its first day."""

    rental_id: str
    airport: str
    passenger_id: str
    car: int
    first: int
    days: int
    price: int
    payment_method_id: str
    status: str


class Used(Record, frozen=True):
    """How many rooms or cars of one type the travellers took on one day (an ordinal in the key)."""

    count: int


class Policy(Record, frozen=True):
    """Travel insurance of a booking."""

    policy_id: str
    booking_id: str
    plan_id: str
    price: int
    payment_method_id: str


class Claim(Record, frozen=True):
    """A claim on a policy; status is processing or paid, ``decides`` is when the money comes."""

    claim_id: str
    policy_id: str
    reason: str
    description: str
    amount: int
    decides: int
    status: str


class Trip(Record, frozen=True):
    """Bookings, stays and rentals that belong together."""

    trip_id: str
    name: str
    items: tuple[str, ...]


class Travel(State, frozen=True):
    """The state of a travel world."""

    world: Table[World] = Table("world")
    clock: Table[Clock] = Table("clock")
    counters: Table[Counter] = Table("counters")
    passengers: Table[Passenger] = Table("passengers")
    payments: Table[Payment] = Table("payments")
    budget: Table[Budget] = Table("budget")
    sold: Table[Sold] = Table("sold")
    seats: Table[Seat] = Table("seats", indexed=("flight_id",))
    disruptions: Table[Disruption] = Table("disruptions")
    holds: Table[Hold] = Table("holds", indexed=("status",))
    approvals: Table[Approval] = Table("approvals", indexed=("hold_id",))
    bookings: Table[Booking] = Table("bookings", indexed=("status",))
    invoices: Table[Invoice] = Table("invoices", indexed=("about",))
    waitlist: Table[Waiting] = Table("waitlist", indexed=("status",))
    loyalty: Table[Loyalty] = Table("loyalty")
    points: Table[Points] = Table("points")
    stays: Table[Stay] = Table("stays")
    rooms: Table[Used] = Table("rooms")
    rentals: Table[Rental] = Table("rentals")
    cars: Table[Used] = Table("cars")
    policies: Table[Policy] = Table("policies", indexed=("booking_id",))
    claims: Table[Claim] = Table("claims", indexed=("status",))
    trips: Table[Trip] = Table("trips")
