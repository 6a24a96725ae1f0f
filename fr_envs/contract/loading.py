"""Contracts from files: YAML -> DomainSpec, with every fault named by file, line, JSON pointer and fix."""

from __future__ import annotations

import functools
import json
import keyword
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import yaml

import env_specs
from fr_envs.contract.aliases import alias_faults, aliases_of
from fr_envs.contract.fact_checks import fact_faults
from fr_envs.contract.parts import fact_lists, flow_of, kind_of, tool_of
from fr_envs.contract.reach_checks import lookup_faults, reach_faults, steady_faults
from fr_envs.contract.roles import role_faults
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import PLACEHOLDER, DomainSpec, Fact, Field, Kind, Parameter, ToolSpec, leaves
from fr_envs.contract.upgrade import old_keys, upgraded
from fr_envs.errors import SpecError, UsageError
from fr_envs.json_values import escape, parts_of, pointer_of
from fr_envs.yaml_text import SAFE_LOADER, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jsonschema import ValidationError

    from fr_envs.contract.upgrade import Upgraded
    from fr_envs.json_values import Json, JsonObject

__all__ = ["contract_data_of", "line_of", "load_spec", "read_spec", "spec_faults", "spec_from_dict", "upgrade_contract"]


@functools.cache
def load_spec(name: str) -> DomainSpec:
    """Return the contract of a shipped world, by short name.

    Raises:
        UsageError: There is no such world.

    Example:
        >>> load_spec("banking").id
        'FunReason/Banking-v0'
    """
    if name not in env_specs.names():
        raise UsageError(f"no world {name!r}; there are {', '.join(env_specs.names())}")
    path = env_specs.contract_path(name)
    return _from_text(path.read_text(encoding="utf-8"), f"env_specs/{name}.yaml")


def read_spec(path: str | Path) -> DomainSpec:
    """Read anybody's contract.

    Raises:
        SpecError: It cannot be read, is no YAML, or breaks a rule of contracts.
    """
    return _from_text(_text(path), str(path))


def spec_faults(path: str | Path) -> tuple[SpecError, ...]:
    """Return every fault of anybody's contract, in the order of the file; none where ``read_spec`` goes through.

    Faults of shape hide the others: those are looked for once every part has the form of the meta-schema.
    """
    try:
        text = _text(path)
        data = _parsed(text, str(path))
    except SpecError as error:
        return (error,)
    try:
        faults = list(_check(data, str(path)))
    except SpecError as error:
        faults = [error]
    return tuple(sorted((_placed(fault, text) for fault in faults), key=lambda fault: fault.line or 0))


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(str(path), "", f"cannot be read: {error}", "give the path of a YAML contract") from error


def contract_data_of(path: str | Path) -> Json:
    """Return what stands in a contract's file as plain data, unchecked.

    Raises:
        SpecError: It cannot be read, or is no YAML.
    """
    return _parsed(_text(path), str(path))


def upgrade_contract(path: str | Path) -> Upgraded:
    """Return the text of a contract's file with its old keys under the names that they have now.

    Raises:
        SpecError: It cannot be read, is no contract, or cannot be upgraded safely.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8")  # not as text: line ends stay
    except (OSError, UnicodeDecodeError):
        text = _text(path)  # which says why not
    return upgraded(text, _parsed(text, str(path)), str(path))


def spec_from_dict(data: Json, source: str = "<memory>") -> DomainSpec:
    """Build a contract from plain data, under the same rules.

    Raises:
        SpecError: It breaks a rule of contracts.
    """
    return _build(data, source)


def _from_text(text: str, source: str) -> DomainSpec:
    data = _parsed(text, source)
    try:
        return _build(data, source)
    except SpecError as error:
        raise _placed(error, text) from error


def _parsed(text: str, source: str) -> Json:
    try:
        return read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise SpecError(source, "", f"is no YAML: {problem}", "fix the syntax there", line) from error


def _placed(error: SpecError, text: str) -> SpecError:
    return SpecError(error.file, error.pointer, error.problem, error.fix, line_of(text, error.pointer))


def line_of(text: str, pointer: str) -> int | None:
    """Find the line of the deepest place on the way to ``pointer`` that exists."""
    node = yaml.compose(text, SAFE_LOADER)
    line: int | None = None
    for part in parts_of(pointer):
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = node.start_mark.line + 1
        else:
            break
    return line


@functools.cache
def _meta_schema() -> JsonObject:
    schema: JsonObject = json.loads(env_specs.meta_schema_path().read_text(encoding="utf-8"))
    return schema


@functools.cache
def _meta_validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_meta_schema())


def _as_json(node: Json, source: str, pointer: str = "") -> Json:
    """YAML has more than JSON: take a key ``true`` as the text of it, and refuse what is neither, such as a date."""
    if isinstance(node, dict):
        keys = {key: key if isinstance(key, str) else json.dumps(key, default=str) for key in node}
        return {text: _as_json(node[key], source, f"{pointer}/{escape(text)}") for key, text in keys.items()}
    if isinstance(node, list):
        return [_as_json(item, source, f"{pointer}/{i}") for i, item in enumerate(node)]
    if node is None or isinstance(node, str | int | float):
        return node
    raise SpecError(source, pointer, f"is a {type(node).__name__} to YAML, not a value of JSON", "put it in quotes")


def _build(given: Json, source: str) -> DomainSpec:
    data = _as_json(given, source)
    for fault in _old_keys(data, source):
        raise fault
    if not _well_formed(data):
        raise _worst(data, source)
    spec = _spec(data, source)
    for fault in _faults(spec):
        raise fault
    return spec


def _well_formed(data: Json) -> bool:
    return isinstance(data, dict) and _meta_validator().is_valid(data)


def _spec(data: JsonObject, source: str) -> DomainSpec:
    return DomainSpec(
        name=data["name"], id=data["id"], summary=data["summary"].strip(), policy=data["policy"].strip(),
        version=data.get("version", "1.0.0"), source=source,
        kinds={name: kind_of(name, body) for name, body in data["kinds"].items()},
        facts={name: Fact(name, **{**body, **fact_lists(body)}) for name, body in data["facts"].items()},
        tools={name: tool_of(name, body, data["facts"]) for name, body in data["tools"].items()},
        aliases=aliases_of(data.get("aliases", {})), flows=tuple(map(flow_of, data.get("flows", ()))),
    )  # fmt: skip


def _check(given: Json, source: str) -> Iterator[SpecError]:
    data = _as_json(given, source)
    if renamed := list(_old_keys(data, source)):
        yield from renamed
    elif _well_formed(data):
        yield from _faults(_spec(data, source))
    elif not isinstance(data, dict):
        yield _worst(data, source)
    else:
        yield from (_misshapen([error], source) for error in _shape_errors(data))


def _old_keys(data: Json, source: str) -> Iterator[SpecError]:
    file = "FILE" if source.startswith("<") else shlex.quote(source)
    for pointer, new in old_keys(data):
        yield SpecError(source, pointer, f"is called {new} now", f"rename it, or run funreason spec upgrade {file}")


def _shape_errors(data: JsonObject) -> Iterable[ValidationError]:
    import jsonschema  # here, because it takes a third of the package's import and only faulty contracts need it

    return jsonschema.Draft202012Validator(_meta_schema()).iter_errors(data)


def _worst(data: Json, source: str) -> SpecError:
    if not isinstance(data, dict):
        fix = "start with name:, id:, summary:, policy:, kinds:, facts:, tools:"
        return SpecError(source, "", "is no mapping", fix)
    return _misshapen(_shape_errors(data), source)


def _misshapen(errors: Iterable[ValidationError], source: str) -> SpecError:
    from jsonschema.exceptions import best_match

    worst = best_match(iter(errors))
    assert worst is not None
    pointer = pointer_of(worst.absolute_path)
    return SpecError(source, pointer, worst.message.splitlines()[0][:300], "see env_specs/spec.schema.json")


class _Faults:
    """Collects the faults that the meta-schema cannot see."""

    def __init__(self, spec: DomainSpec) -> None:
        self.spec = spec
        self.source = spec.source

    def fault(self, pointer: str, problem: str, fix: str) -> SpecError:
        return SpecError(self.source, pointer, problem, fix)

    def of_kind(self, kind: Kind) -> Iterator[SpecError]:
        at = f"/kinds/{kind.name}"
        try:
            validator = jsonschema_rs.Draft202012Validator(kind.schema)
        except (ValueError, jsonschema_rs.ValidationError) as error:
            yield self.fault(f"{at}/schema", f"is no JSON Schema: {str(error).splitlines()[0]}", "fix the schema")
            return
        for i, example in enumerate(kind.examples):
            if not validator.is_valid(example):
                yield self.fault(f"{at}/examples/{i}", "does not fit the kind's schema", "fix it or take it out")
        yield from self._words_of(at, kind)

    def _words_of(self, at: str, kind: Kind) -> Iterator[SpecError]:
        for i, reference in enumerate(kind.references):
            extra = {*PLACEHOLDER.findall(reference.text)} - {*reference.by}
            if extra:
                yield self.fault(f"{at}/references/{i}/text", f"{sorted(extra)[0]!r} is not in `by`", "add it to `by`")
        for i, scope in enumerate(kind.scope):
            if scope not in self.spec.kinds or scope == kind.name:
                yield self.fault(
                    f"{at}/scope/{i}", f"no other kind {scope!r}", "name the kind of what it is listed for"
                )
        for i, text in enumerate(kind.statement_templates):
            if text.count("{}") != 1:
                yield self.fault(
                    f"{at}/statement_templates/{i}", "has no place for the value", "write {} once where it goes"
                )

    def of_facts(self) -> Iterator[SpecError]:
        for fact in self.spec.facts.values():
            if fact.about is not None and fact.about not in self.spec.kinds:
                yield self.fault(f"/facts/{fact.name}/about", f"no kind {fact.about!r}", "declare it under kinds")
        yield from (self.fault(*fault) for fault in fact_faults(self.spec))

    def of_tool(self, tool: ToolSpec) -> Iterator[SpecError]:
        at = f"/tools/{escape(tool.name)}"
        yield from self._fields(f"{at}/returns", tool.returns)
        for name, parameter in tool.parameters.items():
            yield from self._fields(f"{at}/parameters", {name: parameter.field})
            if keyword.iskeyword(name) or name == "state":
                yield self.fault(
                    f"{at}/parameters/{escape(name)}", "is a word that Python keeps", "rename the parameter"
                )
            elif not parameter.required and parameter.default is not None:
                yield from self._default(f"{at}/parameters/{escape(name)}", parameter)
        for name in [name for name in tool.sets if name in tool.clears]:
            yield self.fault(f"{at}/sets", f"both sets and clears {name!r}", "decide which of the two the tool does")
        yield from self._facts(at, tool)
        yield from self._phrases(at, tool)

    def _fields(self, at: str, fields: Mapping[str, Field]) -> Iterator[SpecError]:
        for name, field in fields.items():
            yield from self._field(f"{at}/{escape(name)}", field)

    def _field(self, at: str, field: Field) -> Iterator[SpecError]:
        if field.array is not None:
            yield from self._field(f"{at}/array", field.array)
        elif field.object is not None:
            yield from self._fields(f"{at}/object", field.object)
        elif field.kind is not None and field.kind not in self.spec.kinds:
            yield self.fault(at, f"no kind {field.kind!r}", "declare it under kinds")

    def _default(self, at: str, parameter: Parameter) -> Iterator[SpecError]:
        if any(leaf.kind not in {None, *self.spec.kinds} for leaf in leaves({"": parameter.field})):
            return
        if not jsonschema_rs.is_valid(field_schema(self.spec, parameter.field), parameter.default):
            yield self.fault(f"{at}/default", "does not fit the parameter's own schema", "fix the default")

    def _facts(self, at: str, tool: ToolSpec) -> Iterator[SpecError]:
        for section in ("needs", "sets", "clears"):
            for i, name in enumerate(getattr(tool, section)):
                fact = self.spec.facts.get(name)
                if fact is None:
                    yield self.fault(f"{at}/{section}/{i}", f"no fact {name!r}", "declare it under facts")
                elif section == "needs" and fact.about is not None:
                    about = tool.about(fact.about)
                    if about is None or not tool.parameters[about].required:
                        yield self.fault(
                            f"{at}/needs/{i}", f"{name!r} is about {fact.about!r}, which no required parameter has",
                            "add such a parameter or let the handler refuse instead",
                        )  # fmt: skip

    def _phrases(self, at: str, tool: ToolSpec) -> Iterator[SpecError]:
        for i, text in enumerate(tool.request_templates):
            yield from self._places(f"{at}/request_templates/{i}", text, tool)
        yield from self._nouns(f"{at}/nouns", tool)
        paths = {".".join(p for p in leaf.path if p != "*") for leaf in leaves(tool.returns)}
        for i, text in enumerate(tool.response_templates):
            for name in PLACEHOLDER.findall(text):
                if name not in paths and name not in tool.parameters:
                    yield self.fault(
                        f"{at}/response_templates/{i}", f"no result member {name!r}", "name one, with dots for nesting"
                    )

    def _places(self, at: str, text: str, tool: ToolSpec) -> Iterator[SpecError]:
        for name in PLACEHOLDER.findall(text):
            root, _, member = name.partition(".")
            inside = tool.parameters[root].field.object if root in tool.parameters else None
            if name not in tool.parameters and member not in (inside or {}):
                yield self.fault(at, f"no parameter {name!r}", "name one of the tool's")

    def _nouns(self, at: str, tool: ToolSpec) -> Iterator[SpecError]:
        plain = {".".join(leaf.path) for leaf in leaves(tool.returns) if "*" not in leaf.path}
        for member, phrases in tool.nouns.items():
            if member not in plain:
                yield self.fault(
                    f"{at}/{escape(member)}", f"no plain result member {member!r}", "name one outside of lists"
                )
            for i, text in enumerate(phrases):
                yield from self._places(f"{at}/{escape(member)}/{i}", text, tool)


def _faults(spec: DomainSpec) -> Iterator[SpecError]:
    check = _Faults(spec)
    for kind in spec.kinds.values():
        yield from check.of_kind(kind)
    yield from check.of_facts()
    for tool in spec.tools.values():
        yield from check.of_tool(tool)
    yield from (check.fault(*fault) for fault in alias_faults(spec.aliases, spec.tools))
    for faults_of in (role_faults, lookup_faults, steady_faults, reach_faults):
        yield from (check.fault(*fault) for fault in faults_of(spec))
