"""The OpenAPI document of the HTTP interface, made of the forms that requests are read by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

import fr_envs
from fr_envs.json_values import with_clean_descriptions
from fr_envs.serve.messages import (
    CallRequest,
    Digest,
    OpenRequest,
    Problem,
    Reply,
    Score,
    Standing,
    Step,
    TaskPage,
    World,
)

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

__all__ = ["openapi_document"]


class _Operation(NamedTuple):
    """One path with one method; ``asked`` and ``given`` are forms, None for no body."""

    method: str
    path: str
    name: str
    summary: str
    asked: Any
    given: Any
    status: int = 200
    problems: tuple[int, ...] = ()


_OF = "/sessions/{session}"
_STEP = (400, 404, 409, 413, 422, 502)

_OPERATIONS = (
    _Operation("post", "/sessions", "openSession", "Open a session: of a task, or a free one.",
               OpenRequest, Standing, 201, (400, 413, 422, 502, 503)),
    _Operation("get", _OF, "getSession", "How a session stands.", None, Standing, 200, (404,)),
    _Operation("delete", _OF, "closeSession", "Give up a session.", None, None, 204, (404,)),
    _Operation("post", f"{_OF}/calls", "callTool", "Call a tool; a call that fails is answered in `results`.",
               CallRequest, Step, 200, _STEP),
    _Operation("post", f"{_OF}/replies", "replyToUser", "Reply to the user; the turn is judged.",
               Reply, Step, 200, _STEP),
    _Operation("post", f"{_OF}/steps", "takeStep",
               "Take a step with whatever the agent wrote: text, a call, several, or a chat-completions message.",
               Any, Step, 200, _STEP),
    _Operation("get", f"{_OF}/digest", "getDigest", "Digest of the state.", None, Digest, 200, (404,)),
    _Operation("get", f"{_OF}/score", "getScore", "How well the episode has gone.", None, Score, 200, (404,)),
    _Operation("get", "/worlds", "listWorlds", "The worlds that are served.", None, list[World]),
    _Operation("get", "/tasks", "listTasks", "The tasks that are served.", None, TaskPage, 200, (422,)),
    _Operation("get", "/health", "getHealth", "Whether the server is there; needs no token.", None, dict[str, str]),
)  # fmt: skip


def openapi_document() -> JsonObject:
    """Return the document, OpenAPI 3.1."""
    forms = [each for op in _OPERATIONS for each in (op.asked, op.given) if each not in (None, Any)]
    _, components = msgspec.json.schema_components([*forms, Problem], ref_template="#/components/schemas/{name}")
    paths: dict[str, JsonObject] = {}
    for operation in _OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "FunReason worlds",
            "version": fr_envs.__version__,
            "description": "Stateful worlds for tool use: sessions side by side, each with a world of its own.",
        },
        "paths": paths,
        "components": {
            "schemas": with_clean_descriptions(components),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _described(operation: _Operation) -> JsonObject:
    answers: JsonObject = {str(operation.status): {"description": operation.summary, **_content(operation.given)}}
    problem = _content(Problem, "application/problem+json")
    answers |= {str(status): {"description": "A problem.", **problem} for status in (401, *operation.problems)}
    described: JsonObject = {
        "operationId": operation.name, "summary": operation.summary, "parameters": _parameters(operation.path),
        "responses": answers,
    }  # fmt: skip
    if operation.asked is not None:
        described["requestBody"] = {"required": operation.name != "openSession", **_content(operation.asked)}
    return described


def _parameters(path: str) -> list[JsonObject]:
    if "{session}" in path:
        return [{"name": "session", "in": "path", "required": True, "schema": {"type": "string"}}]
    if path == "/tasks":
        number = {"type": "integer", "minimum": 0}
        return [{"name": name, "in": "query", "schema": number} for name in ("offset", "limit")]
    return []


def _content(form: object, media: str = "application/json") -> JsonObject:
    if form is None:
        return {}
    if form is Any:
        return {"content": {media: {"schema": {}}}}
    (schema,), _ = msgspec.json.schema_components([form], ref_template="#/components/schemas/{name}")
    return {"content": {media: {"schema": with_clean_descriptions(schema)}}}
