"""The odd library under names that a JSON pointer has to escape: ``book_id`` is ``book/id``, ``pages`` is ``p~1ages``.

Foreign tools name their parameters and members as they like. What such a world does is what the world does that it was
made from, so whatever comes out under one kind of names has to come out under the other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.world.domain import Domain, Effect
from tests.fr_synth.odd_world import ODD, odd_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import Json, JsonObject


def slashed(name: str) -> str:
    """Spell a name: ``book_id`` is ``book/id``, ``pages`` is ``p~1ages``; the empty name stays."""
    return name.replace("_", "/") if "_" in name else f"{name[:1]}~1{name[1:]}" if name else name


def plain(name: str) -> str:
    """Undo `slashed`."""
    return name.replace("/", "_").replace("~1", "", 1)


def renamed(value: Json, rename: Callable[[str], str]) -> Json:
    """A JSON value with the names of all members in it changed."""
    if isinstance(value, dict):
        return {rename(name): renamed(member, rename) for name, member in value.items()}
    return [renamed(item, rename) for item in value] if isinstance(value, list | tuple) else value


def _dotted(names: str) -> str:
    return ".".join(map(slashed, names.split(".")))


def _text(template: str) -> str:
    return PLACEHOLDER.sub(lambda found: f"{{{_dotted(found[1])}}}", template)


def _field(field: JsonObject) -> JsonObject:
    inner = {"array": _field, "object": _fields}
    return {key: inner[key](part) if key in inner else part for key, part in field.items()}


def _fields(fields: JsonObject) -> JsonObject:
    return {slashed(name): _field(field) for name, field in fields.items()}


def slashed_contract(name: str) -> JsonObject:
    """The odd library's contract under such names."""
    contract: JsonObject = json.loads(json.dumps(odd_contract()))
    contract["name"] = name
    for kind in contract["kinds"].values():
        for way in kind.get("references", ()):
            way["text"] = _text(way["text"])
            way |= {key: slashed(way[key]) for key in ("least", "most") if key in way}
            way |= {"by": [slashed(member) for member in way["by"]]} if "by" in way else {}
    for tool in contract["tools"].values():
        tool |= {key: _fields(tool[key]) for key in ("parameters", "returns")}
        lists = ("request_templates", "response_templates")
        tool |= {key: [_text(text) for text in tool[key]] for key in lists if key in tool}
        if "nouns" in tool:
            tool["nouns"] = {_dotted(at): [_text(text) for text in texts] for at, texts in tool["nouns"].items()}
    return contract


def _handler(handler: Callable[..., Effect[Any]]) -> Callable[..., Effect[Any]]:
    def under_other_names(state: Any, **arguments: Json) -> Effect[Any]:
        effect = handler(state, **renamed(arguments, plain))
        return Effect(effect.state, renamed(effect.value, slashed))

    return under_other_names


def _suggest(hook: Callable[..., Json]) -> Callable[..., Json]:
    def under_other_names(state: Any, arguments: Mapping[str, Json], rng: Any) -> Json:
        return renamed(hook(state, renamed(dict(arguments), plain), rng), slashed)

    return under_other_names


def _entities(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda state: {key: renamed(dict(fields), slashed) for key, fields in hook(state).items()}


def _at(name: str) -> str:
    tool, dot, parameter = name.partition(".")
    return f"{tool}{dot}{slashed(parameter)}"


SLASHED: Domain[Any] = Domain(
    spec_from_dict(slashed_contract("slashed")),
    {name: _handler(handler) for name, handler in ODD.handlers.items()},
    ODD.hooks._replace(
        entities={kind: _entities(hook) for kind, hook in ODD.hooks.entities.items()},
        suggest={_at(name): _suggest(hook) for name, hook in ODD.hooks.suggest.items()},
    ),
)
