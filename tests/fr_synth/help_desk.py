"""A Python object of our own whose methods are tools; it knows nothing of worlds. Below it, one that misbehaves."""

import time
from typing import Any, TypedDict

import numpy as np

TITLES = ("Printer jam", "New laptop", "Broken lamp", "Lost badge", "Slow network", "Blank screen")
AGENTS = {"Ada": "hardware", "Ben": "network", "Cleo": "access"}


class Ticket(TypedDict):
    ticket_id: str
    title: str
    status: str


class HelpDesk:
    """A help desk with tickets and the people who work on them."""

    def __init__(self, rng: np.random.Generator) -> None:
        chosen = [TITLES[int(k)] for k in rng.permutation(len(TITLES))[:3]]
        self.tickets = {f"T-{1010 + 7 * k}": [title, "open", ""] for k, title in enumerate(chosen)}

    def list_tickets(self) -> list[Ticket]:
        """List all tickets."""
        return [
            {"ticket_id": key, "title": title, "status": status} for key, (title, status, _) in self.tickets.items()
        ]

    def create_ticket(self, title: str) -> Ticket:
        """Open a new ticket.

        Args:
            title: What it is about, such as 'Printer jam' or 'Lost badge'.
        """
        key = f"T-{1010 + 7 * len(self.tickets)}"
        self.tickets[key] = [title, "open", ""]
        return {"ticket_id": key, "title": title, "status": "open"}

    def assign_ticket(self, ticket_id: str, agent: str) -> dict[str, str]:
        """Assign a ticket to an agent.

        Args:
            ticket_id: Identifier of the ticket.
            agent: 'Ada', 'Ben' or 'Cleo'.
        """
        if agent not in AGENTS:
            raise ValueError(f"no agent {agent!r}: there are 'Ada', 'Ben' and 'Cleo'")
        self._open(ticket_id)[2] = agent
        return {"team": AGENTS[agent]}

    def close_ticket(self, ticket_id: str) -> dict[str, str]:
        """Close a ticket."""
        self._open(ticket_id)[1] = "closed"
        return {"status": "closed"}

    def count_open(self) -> int:
        """Count the open tickets."""
        return sum(status == "open" for _, status, _ in self.tickets.values())

    def _open(self, ticket_id: str) -> list[str]:
        if self.tickets.get(ticket_id, ["", "closed", ""])[1] != "open":
            raise ValueError(f"no open ticket {ticket_id}")
        return self.tickets[ticket_id]


class Careless(HelpDesk):
    """A help desk some of whose tools are faulty."""

    def get_backlog(self) -> int:
        """Get the size of the backlog."""
        while True:
            time.sleep(0.001)

    def sort_tags(self, tags: list[str]) -> list[str]:
        """Sort some tags."""
        tags.sort()
        return tags

    def get_mood(self) -> Any:
        """Get the mood of the team."""
        raise RuntimeError("nobody knows")


class Unmade(HelpDesk):
    """A help desk that cannot be made."""

    def __init__(self) -> None:
        raise RuntimeError("out of order")


def nothing() -> object:
    return object()


CONSTANT = 7
