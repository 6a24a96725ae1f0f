"""A client of the HTTP interface, on the standard library alone.

Example::

    with Client("http://127.0.0.1:8000") as client, client.open("banking", seed=7) as session:
        session.call("list_accounts")
"""

from __future__ import annotations

import http.client
import json
import time
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from typing_extensions import override

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Client", "RemoteSession", "ServerProblem"]

_FRESH = 20.0  # seconds for which a connection that is not used is taken to be still open


class ServerProblem(UsageError):
    """The server did not do what it was asked for.

    Attributes:
        detail: Why, in one line.
        status: The HTTP status.
    """

    def __init__(self, detail: str, status: int) -> None:
        """Keep the parts."""
        super().__init__(detail, status)
        self.detail = detail
        self.status = status

    @override
    def __str__(self) -> str:
        """Return what the server said."""
        return self.detail


class Client:
    """One connection to a server; for one thread.

    Args:
        url: The server, such as ``http://127.0.0.1:8000``.
        token: The server's token, if it asks for one.
        timeout: Seconds that each answer may take.

    Raises:
        UsageError: The URL is none.
    """

    def __init__(self, url: str, *, token: str | None = None, timeout: float = 60.0) -> None:
        """Take the address; the first request connects."""
        found = urlsplit(url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        if found.scheme not in kinds or not found.hostname:
            raise UsageError(f"{url!r} is no address of a server; give one such as http://127.0.0.1:8000")
        self._connection = kinds[found.scheme](found.hostname, found.port, timeout=timeout)
        self._path = found.path.rstrip("/")
        self._headers = {"content-type": "application/json"}
        if token is not None:
            self._headers["authorization"] = f"Bearer {token}"
        self._used = time.monotonic()

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """Send a request and return what is answered; None where there is nothing.

        Raises:
            ServerProblem: The server did not do it.
            OSError: It cannot be reached, or does not answer in time.
        """
        if time.monotonic() - self._used > _FRESH:
            self._connection.close()
        data = None if body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, self._path + path, data, self._headers)
            with self._connection.getresponse() as answer:
                status, content = answer.status, answer.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError(f"the server broke off: {error!r}") from error
        except OSError:
            self._connection.close()
            raise
        self._used = time.monotonic()
        if status >= 400:
            raise ServerProblem(_detail(content, status), status)
        return json.loads(content) if content else None

    def open(
        self, domain: str | None = None, *, seed: int | None = None, scale: str | None = None,
        task: str | int | None = None, rules: Mapping[str, Json] | None = None,
    ) -> RemoteSession:  # fmt: skip
        """Open a session: of a task, or a free one.

        Args:
            domain: Short name of the world; may be left out where a task says it, or only one is served.
            seed: Seed of the first state in a free session.
            scale: Size of the first state in a free session.
            task: Identifier or index of a task.
            rules: What pays and what costs, by the names of ``fr_envs.RewardRules``; None for what the server has.

        Raises:
            ServerProblem: There is no such world or task, or no room.
        """
        asked = {"domain": domain, "seed": seed, "scale": scale, "task": task, "rules": rules and dict(rules)}
        given = {name: value for name, value in asked.items() if value is not None}
        return RemoteSession(self, self.ask("POST", "/sessions", given))

    def tasks(self, offset: int = 0, limit: int = 100) -> list[JsonObject]:
        """Return some of the tasks that are served: their indexes, identifiers and worlds."""
        listed: list[JsonObject] = self.ask("GET", f"/tasks?offset={offset}&limit={limit}")["tasks"]
        return listed

    def close(self) -> None:
        """Close the connection; sessions stay open."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class RemoteSession:
    """A session on a server.

    Args:
        client: The connection.
        standing: What the server said when it opened the session.

    Attributes:
        standing: The same: ``policy``, ``message``, ``tools``, ``digest`` … of the start.
    """

    def __init__(self, client: Client, standing: JsonObject) -> None:
        """Take what was opened."""
        self._client = client
        self._path = f"/sessions/{standing['session']}"
        self.standing = standing

    def call(self, name: str, arguments: JsonObject | None = None) -> JsonObject:
        """Call a tool and return its result; ``{"error": …}`` where the call did not go through."""
        result: JsonObject = self._step("calls", {"name": name, "arguments": arguments or {}})["results"][0]
        return result

    def say(self, text: str) -> JsonObject:
        """Reply to the user and return what comes of it: the next ``message``, ``verdict``, ``reward``."""
        return self._step("replies", {"text": text})

    def act(self, written: Json) -> JsonObject:
        """Take a step with whatever the agent wrote and return what comes of it."""
        return self._step("steps", written)

    def _step(self, kind: str, body: Json) -> JsonObject:
        seen: JsonObject = self._client.ask("POST", f"{self._path}/{kind}", body)
        return seen

    def now(self) -> JsonObject:
        """Return how the session stands: ``message``, ``tools``, ``turn``, ``over``."""
        standing: JsonObject = self._client.ask("GET", self._path)
        return standing

    @property
    def digest(self) -> str:
        """Digest of the state now."""
        found: str = self._client.ask("GET", f"{self._path}/digest")["digest"]
        return found

    def score(self) -> JsonObject:
        """Return ``score``, ``reward`` and ``verdicts`` so far."""
        score: JsonObject = self._client.ask("GET", f"{self._path}/score")
        return score

    def close(self) -> None:
        """Give up the session on the server."""
        self._client.ask("DELETE", self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _detail(content: bytes, status: int) -> str:
    try:
        return str(json.loads(content)["detail"])
    except (ValueError, LookupError, TypeError):
        return f"the server answered {status}"
