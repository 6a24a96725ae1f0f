"""A real MCP server over stdio that declares what it does not keep; ``bad-schema``: one schema is none.

``pattern``: the expression in the schema of one result is one on which an engine that goes back hangs.
"""

import sys

import anyio
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)

WEATHER = {"type": "object", "properties": {"celsius": {"type": "number"}}, "required": ["celsius"]}
EMPTY = {"type": "object", "properties": {}}


async def list_tools(ctx: ServerRequestContext, params: PaginatedRequestParams | None) -> ListToolsResult:
    tools = [
        Tool(name="weather", description="Tell the weather.", input_schema=EMPTY, output_schema=WEATHER),
        Tool(name="plain", input_schema={"type": "object"}),
    ]
    if "bad-schema" in sys.argv:
        broken = {"type": "object", "properties": {"day": {"type": "datum"}}}
        tools.insert(1, Tool(name="broken", input_schema=broken))
    if "pattern" in sys.argv:
        stamp = {
            "type": "object",
            "properties": {"stamp": {"type": "string", "pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}},
        }
        tools.append(Tool(name="stamp", input_schema=EMPTY, output_schema=stamp))
    return ListToolsResult(tools=tools)


async def call_tool(ctx: ServerRequestContext, params: CallToolRequestParams) -> CallToolResult:
    said: list[ContentBlock] = [TextContent(type="text", text="[warm")]
    if params.name == "weather":
        return CallToolResult(content=said, structured_content={"celsius": "warm"})
    if params.name == "stamp":
        return CallToolResult(content=said, structured_content={"stamp": "a" * 5_000})
    return CallToolResult(content=said)


async def main() -> None:
    server = Server("Liar", on_list_tools=list_tools, on_call_tool=call_tool)
    async with stdio_server() as (reads, writes):
        await server.run(reads, writes, server.create_initialization_options())


if __name__ == "__main__":
    anyio.run(main)
