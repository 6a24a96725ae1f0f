"""What must not be seen: keys and passwords, wherever an endpoint or an error may echo them."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["HIDDEN", "Address", "Redactor", "public_url", "read_address"]

HIDDEN = "***"
"""What stands in the place of a secret."""

_SHORTEST_ECHO = 4  # characters; a shorter key cannot be told from ordinary text
_SHORTEST_IN_ANSWER = 8  # characters; in what a model says a shorter one may well be a word
_PLACEHOLDERS = frozenset({"none", "empty", "dummy", "token", "test", "null"})  # keys that keep nobody out
_TOKEN = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[\w.~-]{16,}$")  # a part of a path that nobody would type


class Address(NamedTuple):
    """A base URL taken apart.

    Attributes:
        url: Scheme, host and path, as it is asked: no user, no query.
        query: What stands after the question mark; empty if nothing does.
        user: User and password as ``user:password``; empty if none.
        public: What may be shown and written down: no user, no query, no path that looks like a key.
    """

    url: str
    query: str
    user: str
    public: str

    @property
    def versioned(self) -> bool:
        """Whether the path ends in a version, as the paths of compatible endpoints do."""
        return re.search(r"/v\d+(?:beta|alpha)?\d*(?:/openai)?$", self.url) is not None

    @property
    def secrets(self) -> Iterator[str]:
        """Iterate over what the base URL holds and nobody is to see."""
        if self.user:
            name, _, password = self.user.partition(":")
            yield from (password or name, self.user)
            yield base64.b64encode(self.user.encode()).decode()
        yield from (value for _, value in urllib.parse.parse_qsl(self.query))
        yield from filter(_TOKEN.match, urllib.parse.urlsplit(self.url).path.split("/"))


def read_address(url: str) -> Address:
    """Take a base URL apart.

    Raises:
        ValueError: It is none.

    Example:
        >>> read_address("http://ada:secret@127.0.0.1:8000/v1?key=k-1").public
        'http://127.0.0.1:8000/v1'
    """
    parts = urllib.parse.urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it begins with http:// or https:// and a host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if parts.port is None else f"{host}:{parts.port}"
    path = parts.path.rstrip("/")
    shown = "/".join(HIDDEN if _TOKEN.match(part) else part for part in path.split("/"))
    user = ""
    if parts.username is not None:
        user = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
    return Address(f"{parts.scheme}://{place}{path}", parts.query, user, f"{parts.scheme}://{place}{shown}")


def public_url(url: str) -> str:
    """Return of a base URL what may be shown and written down; of what is none, nothing that follows a user.

    Example:
        >>> public_url("https://host.example/v1?api_key=abc"), public_url("")
        ('https://host.example/v1', '')
    """
    try:
        return read_address(url).public if url else ""
    except ValueError:
        return re.sub(r"[?#].*$", "", re.sub(r"^(\w+://)?[^/]*@", r"\1", url))


class Redactor:
    """Takes secrets out of texts, in the ways in which they are written.

    Args:
        secrets: What nobody is to see.

    Example:
        >>> Redactor(["sk-12345678"]).told("bad key sk-12345678")
        'bad key ***'
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        """Keep every way of writing them, longest first."""
        kept = {secret.strip() for secret in secrets if secret.strip().lower() not in _PLACEHOLDERS}
        self._echoes = _ways(kept, _SHORTEST_ECHO)
        self._answers = _ways(kept, _SHORTEST_IN_ANSWER)

    def told(self, text: str) -> str:
        """Return a message that may be shown."""
        return _replaced(text, self._echoes)

    def answered(self, text: str) -> str:
        """Return what a model or an endpoint has answered, fit to be kept."""
        return _replaced(text, self._answers)


def _ways(secrets: set[str], shortest: int) -> tuple[str, ...]:
    long = [secret for secret in secrets if len(secret) >= shortest]
    ways = {way for secret in long for way in (secret, urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1])}
    return tuple(sorted(ways, key=lambda way: (-len(way), way)))


def _replaced(text: str, ways: tuple[str, ...]) -> str:
    for way in ways:
        text = text.replace(way, HIDDEN)
    return text
