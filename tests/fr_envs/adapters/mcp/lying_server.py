"""An MCP server over stdio, without a library, that declares what it does not keep; ``bad-schema``: one schema is none.

``pattern``: the expression in the schema of one result is one on which an engine that goes back hangs.
"""

import json
import sys
from typing import Any

WEATHER = {"type": "object", "properties": {"celsius": {"type": "number"}}, "required": ["celsius"]}
STAMP = {
    "type": "object",
    "properties": {"stamp": {"type": "string", "pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}},
}
EMPTY = {"type": "object", "properties": {}}
SAID = {"content": [{"type": "text", "text": "[warm"}]}


def tools() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = [
        {"name": "weather", "description": "Tell the weather.", "inputSchema": EMPTY, "outputSchema": WEATHER},
        {"name": "plain", "inputSchema": {"type": "object"}},
    ]
    if "bad-schema" in sys.argv:
        broken = {"type": "object", "properties": {"day": {"type": "datum"}}}
        listed.insert(1, {"name": "broken", "inputSchema": broken})
    if "pattern" in sys.argv:
        listed.append({"name": "stamp", "inputSchema": EMPTY, "outputSchema": STAMP})
    return listed


def answered(method: str, given: dict[str, Any]) -> dict[str, Any] | None:
    if method == "initialize":
        server = {"name": "Liar", "version": "1"}
        return {"protocolVersion": given["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": server}
    if method == "tools/list":
        return {"tools": tools()}
    if method != "tools/call":
        return None
    structured: dict[str, Any] = {"weather": {"celsius": "warm"}, "stamp": {"stamp": "a" * 5_000}}
    return SAID | ({"structuredContent": structured[given["name"]]} if given["name"] in structured else {})


if __name__ == "__main__":
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message:
            result = answered(message["method"], message.get("params") or {})
            error = {"code": -32601, "message": "no such method"}
            came = {"error": error} if result is None else {"result": result}
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"]} | came) + "\n")
            sys.stdout.flush()
