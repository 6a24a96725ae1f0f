"""A world as a server of the Model Context Protocol: tools with their schemas as they are, the policy as instructions.

One server is one session. To begin another is to connect again: ``reset`` is no tool. What an agent does wrong is a
result with ``isError``, never an error of the protocol. Where a task is played, the user's words stand in the
instructions, and one more tool replies to the user; what the harness wants to know (digest, score) is a resource, which
no agent calls.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec
from mcp import MCPError, types
from mcp.server.lowlevel import NotificationOptions, Server
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

import fr_envs
from fr_envs.contract.schemas import mcp_tools
from fr_envs.errors import ForeignToolError, UsageError
from fr_envs.serve.messages import Score

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.context import ServerRequestContext
    from mcp.server.models import InitializationOptions

    from fr_envs.episode.observation import Observation
    from fr_envs.episode.session import Session
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.serve.sessions import Worlds
    from fr_envs.world.domain import Domain

__all__ = ["REPLY_TOOL", "STATE_URI", "checkable", "handshake_of", "world_server"]

REPLY_TOOL = "reply_to_user"
"""Name of the tool that replies to the user where a task is played; a world's own tool of that name goes first."""

STATE_URI = "funreason://session"
"""URI of the resource that tells how the session stands."""

_encode = msgspec.json.Encoder().encode


def world_server(session: Session, worlds: Worlds) -> Server[Any]:
    """Return a server that plays a session for one client.

    Args:
        session: The session, begun.
        worlds: Takes its steps.
    """
    player = _Player(session, worlds)
    return Server(
        session.domain.name,
        version=fr_envs.__version__,
        title=session.domain.spec.summary,
        instructions=player.instructions,
        on_list_tools=player.list_tools,
        on_call_tool=player.call_tool,
        on_list_resources=player.list_resources,
        on_read_resource=player.read_resource,
        get_tool_input_schema=player.schema,
    )


def handshake_of(server: Server[Any]) -> InitializationOptions:
    """Return what a server says of itself when a client connects."""
    return server.create_initialization_options(NotificationOptions(tools_changed=True))


class _Player:
    """The requests of one client."""

    def __init__(self, session: Session, worlds: Worlds) -> None:
        self._session = session
        self._worlds = worlds
        self._tools = _tools(session.domain)
        self._replies = session.task is not None and REPLY_TOOL not in self._tools

    @property
    def instructions(self) -> str:
        said = self._session.message
        if said is None:
            return self._session.policy
        return f"{self._session.policy}\n\nReply to the user with the tool {REPLY_TOOL}.\n\nThe user says: {said}"

    def schema(self, name: str) -> JsonObject | None:
        tool = self._tools.get(name)
        return None if tool is None else tool.input_schema

    async def list_tools(
        self, context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        offered = [self._tools[name] for name in self._session.tool_names]
        return types.ListToolsResult(tools=[*offered, _REPLY] if self._replies else offered)

    async def call_tool(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            if self._replies and params.name == REPLY_TOOL:
                return await self._say(context, params.arguments or {})
            result = await self._step(lambda session: session.call(params.name, params.arguments))
        except (UsageError, ForeignToolError) as error:
            result = {"error": {"code": "no_step", "message": str(error)}}
        failed = "error" in result
        text = types.TextContent(type="text", text=_encode(result).decode())
        return types.CallToolResult(content=[text], structured_content=None if failed else result, is_error=failed)

    async def _say(self, context: ServerRequestContext[Any], arguments: JsonObject) -> types.CallToolResult:
        text = arguments.get("text")
        if not isinstance(text, str) or len(arguments) != 1:
            raise UsageError(f"{REPLY_TOOL} takes one argument: text, what the user reads")
        before = self._session.tool_names
        seen: Observation = await self._step(lambda session: session.say(text))
        if self._session.tool_names != before and context.protocol_version in HANDSHAKE_PROTOCOL_VERSIONS:
            await context.session.send_tool_list_changed()  # each turn offers tools of its own
        said = "The conversation is over." if seen.message is None else f"The user says: {seen.message}"
        answer = {"message": seen.message, "over": seen.terminated}
        return types.CallToolResult(content=[types.TextContent(type="text", text=said)], structured_content=answer)

    async def _step(self, step: Callable[[Session], Any]) -> Any:  # noqa: ANN401 - what the step gives
        if self._session.over:
            raise UsageError("the episode is over; connect again to begin another")
        return await self._worlds.do(self._session, step)

    async def list_resources(
        self, context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[_STATE])

    async def read_resource(
        self, context: ServerRequestContext[Any], params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        if str(params.uri) != STATE_URI:
            raise MCPError(types.INVALID_PARAMS, f"there is no such resource; there is {STATE_URI}")
        at = self._session
        told = {
            "task": None if at.task is None else at.task.id, "digest": at.digest, "turn": at.turn, "over": at.over,
            "message": at.message, "score": Score.of(at),
        }  # fmt: skip
        text = types.TextResourceContents(uri=STATE_URI, mime_type="application/json", text=_encode(told).decode())
        return types.ReadResourceResult(contents=[text])


@functools.lru_cache(maxsize=64)
def _tools(domain: Domain[Any]) -> dict[str, types.Tool]:
    tools = mcp_tools(domain.spec)
    shown = [tool | {"outputSchema": checkable(tool["outputSchema"])} for tool in tools]
    return {tool["name"]: types.Tool.model_validate(tool) for tool in shown}


def checkable(schema: Json) -> Json:
    """Return the schema of a result without steps that are fractions.

    Clients check results against it, the official one by dividing binary fractions, which finds that 307.4 is not a
    multiple of 0.01.

    Example:
        >>> checkable({"type": "number", "multipleOf": 0.01})
        {'type': 'number'}
    """
    if isinstance(schema, list):
        return [checkable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: checkable(part) for name, part in schema.items() if name != "multipleOf" or not _is_fraction(part)}


def _is_fraction(step: Json) -> bool:
    return isinstance(step, float) and not step.is_integer()


_REPLY = types.Tool(
    name=REPLY_TOOL,
    description="Reply to the user. The next thing that the user says comes back, or that the conversation is over.",
    input_schema={
        "type": "object",
        "properties": {"text": {"type": "string", "description": "What the user reads."}},
        "required": ["text"],
        "additionalProperties": False,
    },
)

_STATE = types.Resource(
    uri=STATE_URI, name="session", mime_type="application/json",
    description="How the session stands: digest of the state, turn, score. For harnesses; an agent needs none of it.",
)  # fmt: skip
