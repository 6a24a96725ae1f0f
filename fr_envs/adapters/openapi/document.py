"""OpenAPI 3.0 and 3.1 documents in: every operation a tool, as a contract.

An operation's path, query, header and cookie parameters and the members of its JSON body become the parameters of one
tool, named by ``operationId``, else by method and path. ``http_world`` beside this module calls what is read here.
"""

from __future__ import annotations

import difflib
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.fields import gives_members
from fr_envs.adapters.foreign import (
    FAILURES,
    ForeignTool,
    Imported,
    LeftOut,
    OnError,
    check_schema,
    collect,
    domain_name,
)
from fr_envs.adapters.openapi.files import plain_json
from fr_envs.adapters.openapi.links import Link, with_links
from fr_envs.adapters.openapi.naming import described, labels, operation_name
from fr_envs.adapters.openapi.schemas30 import examples_of, modern, with_examples
from fr_envs.adapters.openapi.styles import STYLES, ParameterPlace
from fr_envs.adapters.references import Resolver
from fr_envs.errors import SpecError, UsageError
from fr_envs.json_values import escape, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.adapters.openapi.styles import Where
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Api", "Operation", "read_openapi", "spec_from_openapi"]

_PLACES: dict[str, Where] = {"path": "path", "query": "query", "header": "header", "cookie": "cookie"}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_READS = frozenset({"get", "head", "options", "trace"})
_JSON = re.compile(r"application/([\w.-]+\+)?json\b|\*/\*|application/\*")
_FORM = "application/x-www-form-urlencoded"


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
    document: Json,
    *,
    name: str | None = None,
    source: str = "<openapi>",
    on_error: OnError = "stop",
    only: Iterable[str] = (),
) -> Api:
    """Return the contract of an OpenAPI document and what it takes to call its tools.

    Args:
        document: The document as plain data; ``files.load_document`` reads it from a file.
        name: Short name of the world; made of the document's title if None.
        source: File or name that errors give.
        on_error: Whether a faulty operation stops everything or is left out and reported. One whose body is no JSON is
            always left out and reported.
        only: Tags and operations to take; all if empty.

    Raises:
        SpecError: The document or a tool in it is faulty: a broken, circular or remote reference, a bad schema.
        UsageError: ``name`` is no name of a world, or the document has not what is asked for only.
    """
    try:
        document = plain_json(document)
    except ValueError as error:
        raise SpecError(source, "", str(error), "fix what holds itself") from error
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise SpecError(source, "/openapi", "is no OpenAPI 3 document", "start with openapi: 3.1.0 or 3.0.3")
    info = document.get("info")
    info = info if isinstance(info, dict) else {}
    title = _first_line(info.get("title"))
    reader = _Reader(document, source, frozenset(only))
    imported = collect(
        reader.tools(), name=name or domain_name(title or "api"), summary=_first_line(info.get("description")) or title,
        source=source, on_error=on_error,
    )  # fmt: skip
    imported = imported._replace(spec=with_links(imported, reader.links))
    return Api(imported, reader.operations, _base_url(document))


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

    def __init__(self, document: JsonObject, source: str, only: frozenset[str] = frozenset()) -> None:
        self.document = document
        self.source = source
        self.old = str(document["openapi"]).startswith("3.0")
        self.resolver = Resolver(document, source, polish=functools.partial(modern, old=self.old, examples=False))
        self.only = only
        self.links: list[Link] = []
        self.operations: dict[str, Operation] = {}

    def tools(self) -> Iterator[ForeignTool | SpecError | LeftOut]:
        missing = self.only - self._known()
        if missing:
            known = sorted(self._known())
            near = difflib.get_close_matches(min(missing), known, 3) or known[:5]
            raise UsageError(f"{self.source} has no tag or operation {min(missing)!r}; it has {', '.join(near)}, ...")
        paths = self.document.get("paths", {})
        for path, item in (paths if isinstance(paths, dict) else {}).items():
            at = f"/paths/{escape(path)}"
            try:
                found, where = self.resolver.shallow(item, at)
            except SpecError as error:
                yield error
                continue
            for method in _METHODS:
                if isinstance(found, dict) and isinstance(found.get(method), dict) and self._wanted(found[method]):
                    yield self._caught(path, method, found, where)

    def _known(self) -> frozenset[str]:
        """Return every tag and operation id."""
        paths = self.document.get("paths")
        items = [item for item in (paths if isinstance(paths, dict) else {}).values() if isinstance(item, dict)]
        bodies = [item[method] for item in items for method in _METHODS if isinstance(item.get(method), dict)]
        return frozenset(name for body in bodies for name in labels(body))

    def _wanted(self, operation: JsonObject) -> bool:
        return not self.only or bool(self.only & labels(operation))

    def _caught(self, path: str, method: str, item: JsonObject, at: str) -> ForeignTool | SpecError | LeftOut:
        try:
            return self._tool(path, method, item, at)
        except _NoJsonError as error:
            return LeftOut(error.fault)
        except SpecError as error:
            return error

    def _tool(self, path: str, method: str, item: JsonObject, at: str) -> ForeignTool:
        body: JsonObject = item[method]
        pointer = f"{at}/{method}"
        owned = body.get("operationId")
        name = operation_name(owned, method, path)
        if name in self.operations and isinstance(owned, str):
            name = owned
        if name in self.operations:
            raise self._fault(pointer, f"there is another operation {name!r}", "give it another operationId")
        taken = _Taken({}, [], {})
        self._parameters([(item, at), (body, pointer)], taken)
        media = self._body(body, pointer, taken)
        returns, errors = self._responses(body, pointer, name)
        missing = set(re.findall(r"\{([^{}]+)\}", path)) - {p.name for p in taken.places.values() if p.where == "path"}
        if missing:
            raise self._fault(pointer, f"the path's {sorted(missing)[0]!r} is no parameter", "declare it: in: path")
        self.operations[name] = Operation(
            method.upper(), path, taken.places, media, returns,
            frozenset(int(code.removeprefix("http_")) for code in errors),
        )  # fmt: skip
        return ForeignTool(
            name=name, description=described(body, method, path), returns=returns, pointer=pointer,
            errors={**errors, **FAILURES},
            parameters={"type": "object", "properties": taken.properties, "required": taken.required},
            effect="read" if method in _READS else "write", parameters_pointer="", returns_pointer="/responses",
        )  # fmt: skip

    def _fault(self, pointer: str, problem: str, fix: str) -> SpecError:
        return SpecError(self.source, pointer, problem, fix)

    def _schema(self, node: Json, pointer: str) -> Json:
        schema = modern(self.resolver.inline(node, pointer), old=self.old, examples="/responses/" not in pointer)
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
            if isinstance(schema, dict):
                described = {"description": node["description"]} if isinstance(node.get("description"), str) else {}
                schema = with_examples({**schema, **described}, _examples_beside(node))
            required = bool(node.get("required")) or place == "path"
            self._take(taken, name, schema, self._place(node, where), required=required)

    def _place(self, node: JsonObject, at: str) -> ParameterPlace:
        """Return where a parameter goes, and how it is written there."""
        place, name = node["in"], node["name"]
        style = node.get("style", STYLES[place][0])
        if style not in STYLES[place]:
            fix = f"take {', '.join(STYLES[place])}"
            raise self._fault(f"{at}/style", f"{style!r} is no style of a parameter in {place}", fix)
        explode = node.get("explode")
        return ParameterPlace(
            _PLACES[place], name, style, explode if isinstance(explode, bool) else style == "form",
            reserved=node.get("allowReserved") is True, as_json=isinstance(node.get("content"), dict),
        )  # fmt: skip

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
            fix = "it is left out; declare application/json to have it"
            raise _NoJsonError(self._fault(f"{at}/content", f"takes {next(iter(content))} only", fix))
        body = content[media] if isinstance(content[media], dict) else {}
        schema = self._schema(body.get("schema", {}), f"{at}/content/{escape(media)}/schema")
        schema = with_examples(schema, examples_of(body)) if isinstance(schema, dict) else schema
        if gives_members(schema) and schema.get("additionalProperties") in (None, False, True):
            members = set(schema.get("required", ())) if node.get("required") else set()
            for name, part in schema["properties"].items():
                if not (isinstance(part, dict) and part.get("readOnly") is True):
                    self._take(taken, name, part, _member_place(name, body), required=name in members)
        else:
            self._take(taken, "body", schema, ParameterPlace("whole_body", "body"), required=bool(node.get("required")))
        return _FORM if media == _FORM else "application/json" if "*" in media else media

    def _responses(self, operation: JsonObject, pointer: str, name: str) -> tuple[Json, dict[str, str]]:
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
                self.links += self._handed_on(node, name, at)
        return returns, errors

    def _handed_on(self, response: Json, name: str, at: str) -> Iterator[Link]:
        """Iterate over what the links of an answer hand on; a link that leads nowhere is none."""
        links = response.get("links") if isinstance(response, dict) else None
        for key, given in (links if isinstance(links, dict) else {}).items():
            link, _ = self.resolver.shallow(given, f"{at}/links/{escape(key)}")
            if not isinstance(link, dict):
                continue
            target = self._linked(link)
            parameters = link.get("parameters")
            for parameter, expression in (parameters if isinstance(parameters, dict) else {}).items():
                if isinstance(expression, str) and target:
                    yield Link(name, expression.strip("{}"), target, parameter)

    def _linked(self, link: JsonObject) -> str:
        """Return the tool that a link leads to; empty where it is none of this document."""
        owned, reference = link.get("operationId"), link.get("operationRef")
        key = tuple(parts_of(reference[1:])) if isinstance(reference, str) and reference[:2] == "#/" else owned
        return self._targets.get(key, "")

    @functools.cached_property
    def _targets(self) -> dict[Json, str]:
        """Names of the tools by their operation's id, and by where it stands."""
        found: dict[Json, str] = {}
        paths = self.document.get("paths")
        for path, item in (paths if isinstance(paths, dict) else {}).items():
            for method in _METHODS:
                body = item.get(method) if isinstance(item, dict) else None
                if isinstance(body, dict):
                    name = operation_name(body.get("operationId"), method, path)
                    found |= {body.get("operationId"): name, ("paths", path, method): name}
        return found

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


class _NoJsonError(Exception):
    """An operation takes no JSON."""

    def __init__(self, fault: SpecError) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _examples_beside(node: JsonObject) -> list[Json]:
    """Return the examples of a parameter, which may stand under its only media type."""
    content = node.get("content")
    inner = next(iter(content.values())) if isinstance(content, dict) and content else None
    return examples_of(node) or (examples_of(inner) if isinstance(inner, dict) else [])


def _member_place(name: str, body: JsonObject) -> ParameterPlace:
    """Return how a member of a form is written."""
    encoding = body.get("encoding")
    own = encoding.get(name) if isinstance(encoding, dict) else None
    own = own if isinstance(own, dict) else {}
    style = own.get("style", "form")
    explode = own.get("explode")
    return ParameterPlace("body", name, style, explode if isinstance(explode, bool) else style == "form")
