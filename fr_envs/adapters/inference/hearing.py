"""What a walk has heard: values of calls and their results, with the words around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.adapters.inference.values import Named, in_json, words

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_envs.world.tool_call import ToolCall

__all__ = ["heard", "words_around"]


def heard(call: ToolCall, value: JsonObject) -> list[Named]:
    """Return what a call has told, its arguments included, each value under the names that it stands under.

    Args:
        call: The call.
        value: Its result.
    """
    said = [*in_json(call.arguments), *in_json(value)]
    return [each._replace(path=(call.name, *each.path)) for each in said if _data(each.path)]


def _data(path: tuple[str, ...]) -> bool:
    """The keys of an object are names of members, except where there are objects in objects."""
    return path[-1] != "#" or len(path) > 1


def words_around(named: Named) -> frozenset[str]:
    """Return the words around a value; a bare "id" is that of what the tool speaks of."""
    own = words(" ".join(named.path[-3:]))
    bare = words(named.path[-1]) <= {"id", "uuid", "identifier", "key", "name"}
    return own | words(named.path[0]) if bare else own
