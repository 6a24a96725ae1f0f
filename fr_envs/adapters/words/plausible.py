"""Values that a person would say for a parameter of which only the name is known: a city, a day, a title."""

from __future__ import annotations

from fr_envs.adapters.words.phrases import noun, spaced

__all__ = ["plausible_texts"]

_PEOPLE = ("Amara Okoye", "Jonas Lindqvist", "Priya Raman", "Tomas Novak", "Lucia Ferrer", "Owen Hughes")
_VALUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("email mail", ("amara.okoye@example.com", "jonas.lindqvist@example.com", "priya.raman@example.com",
                    "tomas.novak@example.com", "lucia.ferrer@example.com", "owen.hughes@example.com")),
    ("phone mobile telephone", ("+44 20 7946 0812", "+1 202 555 0147", "+49 30 901820")),
    ("city town destination origin location place from to", ("Lisbon", "Oslo", "Kyoto", "Toronto", "Nairobi", "Lyon")),
    ("country nation", ("Portugal", "Norway", "Japan", "Canada", "Kenya", "France")),
    ("street address", ("14 Mill Lane", "27 Harbour Street", "3 Chapel Row", "58 Station Road")),
    ("currency", ("EUR", "USD", "GBP", "JPY")),
    ("language locale lang", ("English", "Spanish", "French", "German")),
    ("date day due deadline start end birthday", ("2026-03-12", "2026-04-02", "2026-05-21", "2026-06-09")),
    ("time hour", ("09:30", "11:00", "14:15", "16:45")),
    ("author writer artist composer", ("Ursula Le Guin", "Italo Calvino", "Toni Morrison", "Haruki Murakami")),
    ("book", ("The Dispossessed", "Invisible Cities", "Beloved", "Kafka on the Shore", "Middlemarch", "Solaris")),
    ("film movie", ("Stalker", "Playtime", "Ran", "Metropolis", "Solaris", "Vertigo")),
    ("song track music", ("Blue in Green", "Gymnopedie", "Hounds of Love", "Clair de Lune")),
    ("genre category", ("history", "science", "travel", "cooking", "music", "gardening")),
    ("tag label topic", ("urgent", "home", "work", "later")),
    ("color colour", ("blue", "green", "red", "black")),
    ("status state", ("open", "pending", "closed")),
    ("priority severity", ("low", "medium", "high")),
    ("company organization organisation employer", ("Northwind", "Harbour & Co", "Brightfield", "Lumen Works")),
    ("product item article goods", ("desk lamp", "office chair", "water bottle", "notebook", "backpack", "headphones")),
    ("task todo issue ticket", (
        "Renew the parking permit", "Book the dentist", "Order printer paper", "Water the plants", "Pay the gas bill",
        "Return the ladder")),
    ("event meeting appointment", ("Budget review", "Team lunch", "Design workshop", "Project kickoff")),
    ("note message comment body content description text reason", (
        "The side door sticks when it rains", "Please call before noon", "Bring the blue folder",
        "The key is with Owen")),
    ("title subject summary", ("Spring schedule", "Kitchen repairs", "Reading list", "Garden plans", "Moving boxes",
                               "Winter trip")),
    ("query keyword search term", ("garden", "winter", "budget", "travel")),
    ("url link website", ("https://example.com/a", "https://example.org/b")),
    ("user customer borrower person name member owner recipient guest assignee student employee patient contact sender",
     _PEOPLE),
)  # fmt: skip
_BY_WORD = {word: values for words, values in _VALUES for word in words.split()}


def plausible_texts(name: str, owner: str = "") -> tuple[str, ...]:
    """Return texts for a parameter or member; empty where its name tells nothing.

    Args:
        name: Its name.
        owner: What it belongs to: the title of a book is another than that of a film.

    Example:
        >>> plausible_texts("borrower_name")[0], plausible_texts("title", "book")[0], plausible_texts("xyz")
        ('Amara Okoye', 'The Dispossessed', ())
    """
    words = [word.rstrip("s") if word not in _BY_WORD else word for word in spaced(name).lower().split()]
    owned = [word.rstrip("s") for word in noun(owner).lower().split()] if owner else []
    if words[-1] in {"name", "title"}:
        words = [*(words[:-1] or [word for word in owned if word in _BY_WORD]), words[-1]]
        found = next((word for word in words[:-1] if word in _BY_WORD), words[-1])
        return _BY_WORD.get(found, ())
    return next((_BY_WORD[word] for word in reversed(words) if word in _BY_WORD), ())
