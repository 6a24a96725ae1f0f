"""Results of MCP servers, held to the schemas that they declare, by an engine that no regular expression hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult

    from fr_envs.json_values import Json

__all__ = ["Results"]

_MOST_PAGES = 100


class Results:
    """Checks what the tools of one server answer.

    Args:
        client: A client of it.
    """

    def __init__(self, client: Client) -> None:
        """Know no schema yet."""
        self._client = client
        self._schemas: dict[str, Json] | None = None
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    async def check(self, name: str, result: CallToolResult) -> None:
        """Check one result.

        Args:
            name: The tool.
            result: What it answered.

        Raises:
            RuntimeError: Structured content is missing, or its schema refuses it or is none.
        """
        if self._schemas is None:
            self._schemas = await self._listed()
        schema = self._schemas.get(name)
        if schema is None:
            return
        if "structured_content" not in result.model_fields_set:
            raise RuntimeError(f"Tool {name} has an output schema but did not return structured content")
        fault = next(iter(self._validator(name, schema).iter_errors(result.structured_content)), None)
        if fault is not None:
            raise RuntimeError(f"Invalid structured content returned by tool {name}: {fault.message}")

    def _validator(self, name: str, schema: Json) -> jsonschema_rs.Draft202012Validator:
        if name not in self._validators:
            try:
                self._validators[name] = jsonschema_rs.Draft202012Validator(schema)
            except (ValueError, TypeError, jsonschema_rs.ValidationError) as error:
                raise RuntimeError(f"Invalid schema for tool {name}: {str(error).splitlines()[0]}") from error
        return self._validators[name]

    async def _listed(self) -> dict[str, Json]:
        """Return what each tool declares of its results."""
        found: dict[str, Json] = {}
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = await self._client.list_tools(cursor=cursor)
            found |= {tool.name: tool.output_schema for tool in page.tools}
            cursor = page.next_cursor
            if not cursor:
                break
        return found
