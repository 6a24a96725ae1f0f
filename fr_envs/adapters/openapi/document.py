"""OpenAPI 3.0 and 3.1 documents in: every operation a tool, as a contract.

An operation's path, query, header and cookie parameters and the members of its JSON body become the parameters of one
tool, named by ``operationId``, else by method and path. ``http_world`` beside this module calls what is read here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import yaml

from fr_envs.adapters.foreign import (
    FAILURES,
    ForeignTool,
    Imported,
    OnError,
    check_schema,
    collect,
    domain_name,
    gives_members,
)
from fr_envs.adapters.openapi.schemas30 import modern
from fr_envs.adapters.references import Resolver
from fr_envs.errors import SpecError
from fr_envs.json_values import escape
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Api", "Operation", "ParameterPlace", "load_document", "read_openapi", "spec_from_openapi"]

Where = Literal["path", "query", "header", "cookie", "body", "whole_body"]

_PLACES: dict[str, Where] = {"path": "path", "query": "query", "header": "header", "cookie": "cookie"}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_READS = frozenset({"get", "head", "options", "trace"})
_JSON = re.compile(r"application/([\w.-]+\+)?json\b|\*/\*|application/\*")
_FORM = "application/x-www-form-urlencoded"


class ParameterPlace(NamedTuple):
    """Where an argument goes in a request.

    Attributes:
        where: Part of the request; ``whole_body`` is the body itself, ``body`` a member of it.
        name: Name there.
    """

    where: Where
    name: str


class Operation(NamedTuple):
    """How a tool is called over HTTP.

    Attributes:
        method: In capitals.
        path: Template such as ``/pets/{id}``.
        places: Owner's name of each argument -> where it goes.
        media: Media type of the body, empty if there is none.
        returns: JSON Schema of the result, None where the document says nothing.
        refusals: Status codes that the document describes as refusals.
    """

    method: str
    path: str
    places: Mapping[str, ParameterPlace]
    media: str
    returns: Json
    refusals: frozenset[int]


class Api(NamedTuple):
    """An OpenAPI document as a contract, and how its tools are called.

    Attributes:
        imported: Contract, names, and the tools that were left out.
        operations: By the owner's name of the tool.
        base_url: First server of the document; empty if it names none.
    """

    imported: Imported
    operations: Mapping[str, Operation]
    base_url: str


def spec_from_openapi(
    document: Json, *, name: str | None = None, source: str = "<openapi>", on_error: OnError = "stop"
) -> DomainSpec:
    """Return the contract of an OpenAPI document; see ``read_openapi``.

    Raises:
        SpecError: The document or a tool in it is faulty.
        UsageError: ``name`` is no name of a world.

    Example:
        >>> hello = {"get": {"responses": {"200": {"description": "A greeting."}}}}
        >>> document = {"openapi": "3.1.0", "info": {"title": "Hello", "version": "1"}, "paths": {"/hello": hello}}
        >>> list(spec_from_openapi(document).tools)
        ['get_hello']
    """
    return read_openapi(document, name=name, source=source, on_error=on_error).imported.spec


def read_openapi(
    document: Json, *, name: str | None = None, source: str = "<openapi>", on_error: OnError = "stop"
) -> Api:
    """Return the contract of an OpenAPI document and what it takes to call its tools.

    Args:
        document: The document as plain data; ``load_document`` reads it from a file.
        name: Short name of the world; made of the document's title if None.
        source: File or name that errors give.
        on_error: Whether a faulty operation stops everything or is left out and reported.

    Raises:
        SpecError: The document or a tool in it is faulty: a broken, circular or remote reference, a bad schema.
        UsageError: ``name`` is no name of a world.
    """
    try:
        document = _plain(document, 0)
    except ValueError as error:
        raise SpecError(source, "", str(error), "fix what holds itself") from error
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise SpecError(source, "/openapi", "is no OpenAPI 3 document", "start with openapi: 3.1.0 or 3.0.3")
    info = document.get("info")
    info = info if isinstance(info, dict) else {}
    title = _first_line(info.get("title"))
    reader = _Reader(document, source)
    imported = collect(
        reader.tools(), name=name or domain_name(title or "api"), summary=_first_line(info.get("description")) or title,
        source=source, on_error=on_error,
    )  # fmt: skip
    return Api(imported, reader.operations, _base_url(document))


def load_document(path: Path) -> Json:
    """Read an OpenAPI document from a JSON or YAML file.

    Raises:
        SpecError: It cannot be read, or is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(str(path), "", f"cannot be read: {error}", "give the path of a JSON or YAML file") from error
    try:
        return json.loads(text) if text.lstrip()[:1] == "{" else _plain(read_yaml(text, _Loader), 0)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        problem = str(error).splitlines()[0]
        raise SpecError(str(path), "", f"is neither JSON nor YAML: {problem}", "fix the syntax there") from error


class _Loader(yaml.SafeLoader):
    """Leaves dates as texts, as JSON has none."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, Any]]]] = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_DEEPEST = 200


def _plain(node: Json, depth: int) -> Json:
    """Give mappings string keys (a status code is a number to YAML); an anchor that holds itself has no end."""
    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(node, dict):
        return {str(key): _plain(value, depth + 1) for key, value in node.items()}
    return [_plain(item, depth + 1) for item in node] if isinstance(node, list) else node


def _first_line(text: Json) -> str:
    return text.strip().splitlines()[0] if isinstance(text, str) and text.strip() else ""


def _base_url(document: JsonObject) -> str:
    servers = document.get("servers")
    first = servers[0] if isinstance(servers, list) and servers and isinstance(servers[0], dict) else {}
    url, variables = first.get("url", ""), first.get("variables")
    for name, variable in (variables if isinstance(variables, dict) else {}).items():
        if isinstance(url, str) and isinstance(variable, dict):
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url if isinstance(url, str) else ""


class _Taken(NamedTuple):
    """What an operation takes: properties, which of them are required, and where each goes."""

    properties: dict[str, Json]
    required: list[str]
    places: dict[str, ParameterPlace]


class _Reader:
    """Reads the operations of one document; a faulty one gives its error in place of a tool."""

    def __init__(self, document: JsonObject, source: str) -> None:
        self.document = document
        self.source = source
        self.resolver = Resolver(document, source)
        self.old = str(document["openapi"]).startswith("3.0")
        self.operations: dict[str, Operation] = {}

    def tools(self) -> Iterator[ForeignTool | SpecError]:
        paths = self.document.get("paths", {})
        for path, item in (paths if isinstance(paths, dict) else {}).items():
            at = f"/paths/{escape(path)}"
            try:
                found, where = self.resolver.shallow(item, at)
            except SpecError as error:
                yield error
                continue
            for method in _METHODS:
                if isinstance(found, dict) and isinstance(found.get(method), dict):
                    yield self._caught(path, method, found, where)

    def _caught(self, path: str, method: str, item: JsonObject, at: str) -> ForeignTool | SpecError:
        try:
            return self._tool(path, method, item, at)
        except SpecError as error:
            return error

    def _tool(self, path: str, method: str, item: JsonObject, at: str) -> ForeignTool:
        body: JsonObject = item[method]
        pointer = f"{at}/{method}"
        name = body.get("operationId")
        if not isinstance(name, str) or not name:
            name = re.sub(r"[^A-Za-z0-9]+", "_", f"{method} {path}").strip("_")
        if name in self.operations:
            raise self._fault(pointer, f"there is another operation {name!r}", "give it another operationId")
        taken = _Taken({}, [], {})
        self._parameters([(item, at), (body, pointer)], taken)
        media = self._body(body, pointer, taken)
        returns, errors = self._responses(body, pointer)
        missing = set(re.findall(r"\{([^{}]+)\}", path)) - {p.name for p in taken.places.values() if p.where == "path"}
        if missing:
            raise self._fault(pointer, f"the path's {sorted(missing)[0]!r} is no parameter", "declare it: in: path")
        self.operations[name] = Operation(
            method.upper(), path, taken.places, media, returns,
            frozenset(int(code.removeprefix("http_")) for code in errors),
        )  # fmt: skip
        return ForeignTool(
            name=name, description=_described(body, method, path), returns=returns, pointer=pointer,
            errors={**errors, **FAILURES},
            parameters={"type": "object", "properties": taken.properties, "required": taken.required},
            effect="read" if method in _READS else "write", parameters_pointer="", returns_pointer="/responses",
        )  # fmt: skip

    def _fault(self, pointer: str, problem: str, fix: str) -> SpecError:
        return SpecError(self.source, pointer, problem, fix)

    def _schema(self, node: Json, pointer: str) -> Json:
        schema = modern(self.resolver.inline(node, pointer), old=self.old)
        check_schema(schema, self.source, pointer)
        return schema

    def _parameters(self, owners: list[tuple[JsonObject, str]], taken: _Taken) -> None:
        found: dict[tuple[str, str], tuple[JsonObject, str]] = {}
        for owner, at in owners:
            listed = owner.get("parameters")
            for i, given in enumerate(listed if isinstance(listed, list) else []):
                node, where = self.resolver.shallow(given, f"{at}/parameters/{i}")
                if not isinstance(node, dict) or not all(isinstance(node.get(key), str) for key in ("name", "in")):
                    raise self._fault(where, "is no parameter", "give it name, in and schema")
                found[node["in"], node["name"]] = node, where
        for (place, name), (node, where) in found.items():
            if place not in _PLACES:
                raise self._fault(f"{where}/in", f"{place!r} is no place", "take path, query, header or cookie")
            if place == "header" and name.lower() in {"accept", "authorization", "content-type"}:
                continue  # the standard says that such are no parameters
            schema = self._schema(_schema_of(node), f"{where}/schema")
            if isinstance(node.get("description"), str) and isinstance(schema, dict):
                schema = {**schema, "description": node["description"]}
            self._take(
                taken,
                name,
                schema,
                ParameterPlace(_PLACES[place], name),
                required=bool(node.get("required")) or place == "path",
            )

    def _take(self, taken: _Taken, name: str, schema: Json, place: ParameterPlace, *, required: bool) -> None:
        key = name if name not in taken.places else f"{place.where}_{name}"
        taken.properties[key] = schema
        taken.places[key] = place
        if required:
            taken.required.append(key)

    def _body(self, operation: JsonObject, pointer: str, taken: _Taken) -> str:
        if "requestBody" not in operation:
            return ""
        node, at = self.resolver.shallow(operation["requestBody"], f"{pointer}/requestBody")
        content = node.get("content") if isinstance(node, dict) else None
        if not isinstance(content, dict) or not content:
            raise self._fault(at, "has no content", "declare application/json")
        media = next((m for m in content if _JSON.match(m)), _FORM if _FORM in content else None)
        if media is None:
            raise self._fault(
                f"{at}/content", f"takes {next(iter(content))} only", "declare application/json, or skip it"
            )
        body = content[media] if isinstance(content[media], dict) else {}
        schema = self._schema(body.get("schema", {}), f"{at}/content/{escape(media)}/schema")
        if gives_members(schema) and schema.get("additionalProperties") in (None, False, True):
            members = set(schema.get("required", ())) if node.get("required") else set()
            for name, part in schema["properties"].items():
                if not (isinstance(part, dict) and part.get("readOnly") is True):
                    self._take(taken, name, part, ParameterPlace("body", name), required=name in members)
        else:
            self._take(taken, "body", schema, ParameterPlace("whole_body", "body"), required=bool(node.get("required")))
        return _FORM if media == _FORM else "application/json" if "*" in media else media

    def _responses(self, operation: JsonObject, pointer: str) -> tuple[Json, dict[str, str]]:
        """Return the schema of what it gives, None if nothing is said, and its refusals: code and meaning."""
        returns: Json = None
        errors: dict[str, str] = {}
        responses = operation.get("responses")
        for status, given in (responses if isinstance(responses, dict) else {}).items():
            node, at = self.resolver.shallow(given, f"{pointer}/responses/{status}")
            if re.fullmatch(r"[45]\d\d", status):
                text = _first_line(node.get("description")) if isinstance(node, dict) else ""
                errors[f"http_{status}"] = text or f"The service answered with status {status}."
            elif re.fullmatch(r"2(\d\d|XX)", status) and returns is None:
                returns = self._answer(node, at)
        return returns, errors

    def _answer(self, response: Json, at: str) -> Json:
        content = response.get("content") if isinstance(response, dict) else None
        for media, body in (content if isinstance(content, dict) else {}).items():
            if _JSON.match(media) and isinstance(body, dict) and "schema" in body:
                return self._schema(body["schema"], f"{at}/content/{escape(media)}/schema")
        return None


def _schema_of(parameter: JsonObject) -> Json:
    """Return the schema of a parameter, which may stand under its only media type."""
    content = parameter.get("content")
    if isinstance(content, dict) and content:
        first = next(iter(content.values()))
        return first.get("schema", {}) if isinstance(first, dict) else {}
    return parameter.get("schema", {})


def _described(operation: JsonObject, method: str, path: str) -> str:
    texts = [operation.get(key) for key in ("summary", "description")]
    kept = list(dict.fromkeys(text.strip() for text in texts if isinstance(text, str) and text.strip()))
    joined = " ".join(text if text[-1] in ".!?" else f"{text}." for text in kept)
    return joined or f"{method.upper()} {path}."
