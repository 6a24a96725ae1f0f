"""A toolkit that takes and gives every kind of value that toolkits take and give."""

import asyncio
import collections
import dataclasses
import datetime
import decimal
import enum
import sys
import uuid
from typing import Annotated, Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
import pydantic

import fr_envs


class Cabin(enum.Enum):
    ECONOMY = "economy"
    BUSINESS = "business"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Seat(NamedTuple):
    row: int
    letter: str = "A"


class Meal(TypedDict):
    name: str
    served: datetime.time


@dataclasses.dataclass
class Leg:
    start: str
    day: datetime.date
    cabin: Cabin = Cabin.ECONOMY


class Passenger(pydantic.BaseModel):
    name: str
    born: datetime.date
    tags: set[str] = set()


class Ticket(pydantic.BaseModel):
    number: uuid.UUID
    holder: Passenger
    price: decimal.Decimal


class Airline:
    """An airline."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def enum_value(self, cabin: Cabin, level: Level = Level.LOW) -> Cabin:
        """Take and give enums."""
        assert isinstance(cabin, Cabin)
        assert isinstance(level, Level)
        return cabin

    def dataclass_value(self, leg: Leg) -> Leg:
        """Take and give a dataclass."""
        assert isinstance(leg, Leg)
        assert isinstance(leg.day, datetime.date)
        return dataclasses.replace(leg, start=leg.start.upper())

    def model_value(self, passengers: list[Passenger], price: decimal.Decimal) -> Ticket:
        """Take and give pydantic models."""
        return Ticket(number=uuid.UUID(int=7), holder=passengers[0], price=price + 1)

    def either_model(self, one: Passenger | Ticket | None = None) -> str:
        """Take one of two models."""
        return type(one).__name__

    def moment(self, at: datetime.datetime, wait: datetime.timedelta) -> datetime.datetime:
        """Take and give a moment."""
        return at + wait

    def identifier(self, key: uuid.UUID) -> uuid.UUID:
        """Take and give a UUID."""
        assert isinstance(key, uuid.UUID)
        return key

    def numbers(self, values: npt.NDArray[np.float64], scale: np.int64) -> np.ndarray:
        """Take and give arrays."""
        assert isinstance(values, np.ndarray)
        assert isinstance(scale, np.int64)
        return values * scale

    def scalar(self) -> np.float32:
        """Give a scalar of numpy's."""
        return np.float32(0.5)

    def mixed(self) -> dict[Any, Any]:
        """Give numpy's scalars as keys, members, items, and a number that JSON lacks."""
        return {np.int64(1): np.bool_(True), Cabin.BUSINESS: [np.str_("x")], "nan": float("nan"), Level.HIGH: Level.LOW}

    def pair(self, place: tuple[int, str]) -> tuple[int, str]:
        """Take and give a tuple."""
        assert isinstance(place, tuple)
        return place

    def group(self, names: set[str]) -> frozenset[str]:
        """Take and give a set."""
        assert isinstance(names, set)
        return frozenset(names | {"zoe"})

    def seat(self, seat: Seat) -> Seat:
        """Take and give a named tuple."""
        return seat._replace(row=seat.row + 1)

    def meal(self, meal: Meal) -> Meal:
        """Take and give a typed dictionary."""
        assert isinstance(meal["served"], datetime.time)
        return meal

    def counted(self) -> Any:
        """Give a view, and an iterator."""
        return {"keys": {"b": 1, "a": 2}.values(), "more": (n for n in range(2)), "queue": collections.deque([1])}

    def annotated(self, cabin: Annotated[Cabin, "which"]) -> str:
        """Take what is annotated."""
        return cabin.name

    async def later(self, count: int) -> int:
        """Answer after waiting, and leave a task running."""

        async def note() -> None:
            await asyncio.sleep(0)
            self.seen.append(count)

        self.task = asyncio.create_task(note())
        await asyncio.sleep(0)
        del self.task
        return count + 1

    async def stream(self) -> Any:
        """Give one thing after the other."""
        for number in range(3):
            yield number

    def by_place(self, first: int, second: int = 2, /, third: int = 3) -> list[int]:
        """Take some by their place alone."""
        return [first, second, third]

    def loud(self) -> str:
        """Print something."""
        sys.stdout.write("hush\n")
        return "said"

    async def never(self) -> None:
        """Wait for ever."""
        await asyncio.sleep(3600)

    def helper(self) -> str:
        return "no tool"


class Marked:
    """A toolkit that says which methods are tools."""

    @fr_envs.tool
    def ring(self) -> str:
        return "ding"

    def polish(self) -> None:
        """Documented, and no tool."""
