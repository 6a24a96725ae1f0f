"""NeMo Gym: a resource server for the rows of ``funreason export --to nemo-gym``, a turn of a task a row.

``server_class().run_webserver()`` starts it. Seeding plays the turns before by their references; the tools are posted
to by name; verification replays what the response holds, so it depends on no session and no earlier request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydantic

from fr_envs.trainers.parts.nemo_turns import Turns, read_arguments
from fr_envs.trainers.rollout import library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json

__all__ = ["Turns", "server_class"]

_HOW = "nemo-gym==0.4.0, in an environment of its own"


def server_class(rules: Mapping[str, Json] | None = None) -> Any:  # noqa: ANN401 - a class over NeMo Gym's own
    """Return the class of the server.

    Raises:
        UsageError: NeMo Gym is not installed.
    """
    base = library("nemo_gym.base_resources_server", _HOW)
    key = library("nemo_gym.server_utils", _HOW).SESSION_ID_KEY
    request = library("fastapi", _HOW).Request
    row: Any = {"task": (str, ...), "turn": (int, 0)}
    seeding = pydantic.create_model("FunReasonSeed", __base__=base.BaseSeedSessionRequest, **row)
    verifying = pydantic.create_model("FunReasonVerify", __base__=base.BaseVerifyRequest, **row)
    turns = Turns(rules)

    async def seed_session(self: Any, request: Any, body: Any) -> Any:  # noqa: ANN401
        turns.seed(request.session[key], body.task, body.turn)
        return base.BaseSeedSessionResponse()

    async def call_tool(self: Any, tool: str, request: Any) -> Any:  # noqa: ANN401
        body = await request.body()
        return turns.call(request.session[key], tool, read_arguments(body))

    async def verify(self: Any, request: Any, body: Any) -> Any:  # noqa: ANN401
        turns.sessions.pop(request.session[key], None)
        output = [item.model_dump() for item in body.response.output]
        return base.BaseVerifyResponse(**body.model_dump(), reward=turns.verify(body.task, body.turn, output))

    def setup_webserver(self: Any) -> Any:  # noqa: ANN401
        app = base.SimpleResourcesServer.setup_webserver(self)
        app.post("/{tool}")(self.call_tool)
        return app

    seed_session.__annotations__ = {"request": request, "body": seeding}
    call_tool.__annotations__ = {"tool": str, "request": request}
    verify.__annotations__ = {"request": request, "body": verifying}
    made = (seed_session, call_tool, verify, setup_webserver)
    return type("FunReasonServer", (base.SimpleResourcesServer,), {each.__name__: each for each in made})
