"""Values that a person would say for a parameter of which only the name is known: a city, a day, a title."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs

from fr_envs.adapters.words.grammar.attaching import is_end, is_time
from fr_envs.adapters.words.grammar.phrases import noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import is_doer, is_person

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["plausible_numbers", "plausible_texts", "plausible_values", "stock_texts"]

_PEOPLE = ("Amara Okoye", "Jonas Lindqvist", "Priya Raman", "Tomas Novak", "Lucia Ferrer", "Owen Hughes", "Mei Tanaka",
           "Idris Bello", "Hannah Vogt", "Rosa Nilsen")  # fmt: skip
_FIRST_DAYS = ("2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10")
_DAYS = ("2026-03-12", "2026-03-16", "2026-03-19", "2026-03-24", "2026-04-02", "2026-04-08", "2026-04-15", "2026-04-21")
_LAST_DAYS = ("2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14", "2026-03-16")
_HOURS = ("09:00", "09:30", "10:15", "11:00", "11:45")
_LAST_HOURS = ("14:00", "15:30", "16:15", "17:00")
_PLACES = ("Lisbon", "Oslo", "Kyoto", "Toronto", "Nairobi", "Lyon", "Bergen", "Valencia")
_NAMES = ("Juniper", "Harbour", "Maple", "Atlas", "Orchard", "Meridian", "Willow", "Beacon", "Cobalt", "Granite",
          "Lantern", "Saffron", "Tundra", "Cedar")  # fmt: skip
_TEXTS = ("It has to be ready before the weekend", "This came in by phone this morning", "Same as last time, please",
          "There was a mix-up with the first one", "Please double-check the details")  # fmt: skip
_VALUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("email mail", ("amara.okoye@example.com", "jonas.lindqvist@example.com", "priya.raman@example.com",
                    "tomas.novak@example.com", "lucia.ferrer@example.com", "owen.hughes@example.com")),
    ("phone mobile telephone", ("+44 20 7946 0812", "+1 202 555 0147", "+49 30 901820")),
    ("airport iata", ("LIS", "OSL", "YYZ", "LYS", "NBO", "KIX")),
    ("city town destination origin location place from to", _PLACES),
    ("country nation", ("Portugal", "Norway", "Japan", "Canada", "Kenya", "France")),
    ("street address", ("14 Mill Lane", "27 Harbour Street", "3 Chapel Row", "58 Station Road")),
    ("currency", ("EUR", "USD", "GBP", "CHF")),
    ("language locale lang", ("English", "Spanish", "French", "German")),
    ("timezone", ("Europe/Lisbon", "Asia/Tokyo", "America/Toronto", "Africa/Nairobi")),
    ("date day due deadline birthday", _DAYS),
    ("start begin arrival departure", _FIRST_DAYS),
    ("end until expiry", _LAST_DAYS),
    ("time hour", _HOURS),
    ("author writer artist composer", ("Ursula Le Guin", "Italo Calvino", "Toni Morrison", "Haruki Murakami")),
    ("book", ("The Dispossessed", "Invisible Cities", "Beloved", "Kafka on the Shore", "Middlemarch", "Solaris")),
    ("film movie", ("Stalker", "Playtime", "Ran", "Metropolis", "Solaris", "Vertigo")),
    ("song track music album", ("Blue in Green", "Gymnopedie", "Hounds of Love", "Clair de Lune")),
    ("playlist", ("Sunday morning", "Road trip", "Dinner with friends", "Running", "Rainy days", "Late night")),
    ("genre category", ("history", "science", "travel", "cooking", "music", "gardening")),
    ("tag label topic", ("urgent", "home", "work", "later")),
    ("color colour", ("blue", "green", "red", "black")),
    ("status state", ("open", "pending", "closed")),
    ("priority severity", ("low", "medium", "high")),
    ("company organization organisation employer team customer_company vendor supplier",
     ("Northwind", "Harbour & Co", "Brightfield", "Lumen Works")),
    ("product item article goods", ("desk lamps", "office chairs", "water bottles", "notebooks", "backpacks")),
    ("ingredient", ("chickpeas", "lentils", "rice noodles", "tomatoes", "mushrooms")),
    ("station stop depot", ("Harbour Square", "North Gate", "Market Street", "Old Town", "Riverside")),
    ("part component spare", ("brake pads", "inner tubes", "gear cables", "front lights", "chains", "saddles")),
    ("plant crop seed flower vegetable", ("carrots", "dill", "spinach", "marigolds", "radishes", "runner beans")),
    ("pet animal dog cat", ("Biscuit", "Luna", "Pepper", "Milo", "Olive")),
    ("model bike car vehicle", ("Trek Marlin 5", "Brompton C Line", "Cube Nature", "Giant Escape 3")),
    ("specialty speciality department", ("cardiology", "dermatology", "pediatrics", "neurology")),
    ("food dish meal recipe", ("lentil soup", "mushroom risotto", "apple pie", "tomato salad")),
    ("flight", ("TP 534", "SK 271", "AC 819", "LH 1423", "KQ 102", "AF 77")),
    ("task todo issue ticket", (
        "Renew the parking permit", "Book the dentist", "Order printer paper", "Water the plants", "Pay the gas bill",
        "Return the ladder")),
    ("project repository repo", ("website-redesign", "field-notes", "garden-planner", "budget-2026")),
    ("branch", ("feature/search", "fix/login-page", "release-2.1", "docs-update")),
    ("event meeting appointment", ("Budget review", "Team lunch", "Design workshop", "Project kickoff")),
    ("reason cause why", ("plans have changed", "something has come up", "it is no longer needed")),
    ("refusal", ("the receipt is missing", "it was entered twice", "it is over the limit", "the dates do not match")),
    ("complaint", ("it arrived damaged", "it does not fit", "it is not what was ordered")),
    ("purpose occasion", ("a routine check-up", "a second opinion", "a follow-up visit", "some advice")),
    ("problem symptom fault defect", ("it makes a grinding noise", "it stopped working this morning",
                                      "it rattles badly", "one of the screws has come loose")),
    ("inscription engraving dedication", ("Happy birthday, Mia", "Fifty years together", "Welcome home, Sam",
                                          "Well done, Class 4", "To Grandpa, with love")),
    ("instrument", ("Half-size cello", "Alto saxophone", "Snare drum", "Student violin", "Tenor horn", "Glockenspiel")),
    ("machine", ("Table saw", "Laser cutter", "Belt sander", "3D printer", "Pillar drill", "Sewing machine")),
    ("tool", ("Cordless drill", "Tile cutter", "Hedge trimmer", "Extension ladder", "Floor sander", "Jigsaw")),
    ("course class workshop", ("Watercolour basics", "Bread baking", "Spanish for beginners", "Black-and-white film",
                               "First aid", "Garden design")),
    ("concert gig", ("Winter concert", "Jazz night", "Summer serenade", "Organ matinee")),
    ("rehearsal choir", ("Dress rehearsal", "Full choir", "Sectional for altos", "Evening practice",
                                 "Spring concert run-through", "Morning practice")),
    ("commit", ("Fix the date in the footer", "Add the opening hours", "Tidy up the navigation")),
    ("weather forecast condition", ("light rain, 12 degrees", "sunny, 21 degrees", "cloudy, 15 degrees")),
    ("note message comment body content description text remark", (
        "The side door sticks when it rains", "Please call before noon", "Bring the blue folder",
        "The key is with Owen", "The parcel goes to the back office")),
    ("title subject summary", ("Spring schedule", "Open day", "Reading list", "Summer fair", "Team evening",
                               "Winter trip")),
    ("query keyword search term", ("garden", "winter", "budget", "travel")),
    ("url link website", ("https://example.com/a", "https://example.org/b")),
    ("user customer borrower person member owner recipient guest assignee student employee patient contact sender "
     "client passenger attendee participant doctor manager teacher visitor reader tenant buyer seller driver rider "
     "requester reporter singer musician player volunteer resident speaker host organizer organiser candidate "
     "applicant pupil learner worker staff dancer subscriber traveler traveller trainer instructor coach "
     "technician courier guide agent"
     " tutor mentor counsellor therapist nurse vet researcher scientist engineer "
     "borrower receiver addressee beneficiary holder", _PEOPLE),
)  # fmt: skip
_BY_WORD = {word: values for words, values in _VALUES for word in words.split()}
_NUMBERS: tuple[tuple[str, tuple[int | float, ...]], ...] = (
    ("price cost amount fee total budget balance payment estimate fare salary rent rate", (35, 50, 80, 120, 150, 240)),
    ("sqm", (4, 6, 9, 12, 15, 20)),
    (
        "candle night day week month hour guest person people adult child copy passenger ticket count quantity number "
        "qty size item piece seat place serving portion",
        (2, 3, 4, 5, 6),
    ),
    ("temperature celsius", (18, 19, 20, 21, 22)),
    ("litre liter", (5, 10, 15, 20)),
    ("minute duration", (20, 30, 45, 60, 90)),
    ("year", (2019, 2021, 2023, 2024)),
    ("rating star score", (3, 4, 5)),
    ("limit max top", (3, 5, 10)),
    ("page offset", (1, 2)),
    ("age", (24, 37, 52)),
    ("percent percentage discount", (5, 10, 15, 20)),
    ("weight height length width depth distance km kg", (3, 8, 12, 25)),
    ("latitude lat", (38.72, 59.91, 45.76)),
    ("longitude lon lng", (-9.14, 10.75, 4.84)),
)
_MANY = frozenset({"bytes", "calories", "likes", "meters", "metres", "miles", "pages", "pixels", "points", "steps",
                   "views", "words"})  # fmt: skip
_NUMBERS_BY_WORD = {word: values for words, values in _NUMBERS for word in words.split()}


def plausible_texts(name: str, owner: str = "") -> tuple[str, ...]:
    """Return texts for a parameter or member; empty where its name tells nothing.

    What begins and what ends come from spans of days that do not meet, so that they come in order.

    Args:
        name: Its name.
        owner: What it belongs to: the title of a book is another than that of a film.

    Example:
        >>> plausible_texts("borrower_name")[0], plausible_texts("title", "book")[0], plausible_texts("xyz")
        ('Amara Okoye', 'The Dispossessed', ())
        >>> max(plausible_texts("check_in")) < min(plausible_texts("check_out"))
        True
    """
    spoken = spaced(name).lower()
    words = [_known(word) for word in spoken.split()]
    if is_time(spoken):
        return _times(spoken)
    owned = [_known(word) for word in noun(owner).lower().split()] if owner else []
    if words in (["full", "name"], ["name", "full"]):
        return _PEOPLE
    if words in (["first", "name"], ["given", "name"], ["last", "name"], ["family", "name"], ["surname"]):
        return tuple(dict.fromkeys(each.split()[0 if words[0] in ("first", "given") else -1] for each in _PEOPLE))
    if words[-1] == "name" and len(words) > 1 and words[-2].endswith(("er", "ian", "ist", "or")):
        return _PEOPLE
    if words[-1] == "name" and not any(word in _BY_WORD for word in [*words[:-1], *owned]):
        return _NAMES if owned else _PEOPLE
    if words[-1] in {"name", "title"}:
        words = [*(words[:-1] or [word for word in owned if word in _BY_WORD]), words[-1]]
        found = next((word for word in words[:-1] if word in _BY_WORD), words[-1])
        return _BY_WORD.get(found, ())
    told: tuple[str, ...] = next((_BY_WORD[word] for word in reversed(words) if word in _BY_WORD), ())
    return told or (_PEOPLE if is_person(words[-1]) or is_doer(words[-1]) else ())


def _known(word: str) -> str:
    return word if word in _BY_WORD or word in _NUMBERS_BY_WORD else word.removesuffix("s")


def _times(words: str) -> tuple[str, ...]:
    if words.split()[-1] == "time":
        return _LAST_HOURS if is_end(words) else _HOURS
    if is_end(words):
        return _LAST_DAYS
    return _DAYS if words.split()[0] in {"date", "day", "birth", "due"} else _FIRST_DAYS


def plausible_numbers(name: str) -> tuple[int | float, ...]:
    """Return numbers for a parameter or member; empty where its name tells nothing.

    Example:
        >>> plausible_numbers("nights")[0], plausible_numbers("xyz")
        (2, ())
    """
    words = [_known(word) for word in spaced(name).lower().partition(" per ")[0].split()]
    known = next((_NUMBERS_BY_WORD[word] for word in reversed(words) if word in _NUMBERS_BY_WORD), ())
    last = spaced(name).lower().split()[-1]
    several = len(last) > 4 and last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in _MANY
    return known or ((2, 3, 4, 5, 6) if several else ())


def plausible_values(name: str, owner: str, schema: JsonObject) -> tuple[Json, ...]:
    """Return values that a person would say and that a schema has room for; empty where the name tells nothing.

    Args:
        name: Name of a parameter or member.
        owner: What it belongs to.
        schema: Its schema, without a list of options.
    """
    kind = schema.get("type")
    if kind in ("integer", "number"):
        numbers = [n for n in plausible_numbers(name) if _within(n, schema)]
        return tuple(dict.fromkeys(round(n) if kind == "integer" else n for n in numbers))
    if kind != "string" or schema.keys() & {"pattern", "const"}:
        return ()
    form = schema.get("format", "")
    if form in ("date", "time", "date-time", "email"):
        return _formed(name, form)
    texts = plausible_texts(name, owner)
    return texts if not form and schema.get("maxLength", 99) >= max(map(len, texts), default=0) else ()


def _within(number: float, schema: JsonObject) -> bool:
    return jsonschema_rs.is_valid({key: part for key, part in schema.items() if key in _BOUNDS}, number)


_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})


def _formed(name: str, form: str) -> tuple[str, ...]:
    words = spaced(name).lower()
    if form == "email":
        return _BY_WORD["email"]
    if form == "time":
        return tuple(f"{hour}:00" for hour in (_LAST_HOURS if is_end(words) else _HOURS))
    days = (
        _LAST_DAYS if is_end(words) else _DAYS if words.split()[0] in {"date", "day", "due", "birth"} else _FIRST_DAYS
    )
    return days if form == "date" else tuple(f"{day}T{_HOURS[k % len(_HOURS)]}:00Z" for k, day in enumerate(days))


def stock_texts(*, prose: bool) -> tuple[str, ...]:
    """Return texts for what tells nothing of itself: sentences where anything can be said, else names."""
    return _TEXTS if prose else _NAMES
