"""Words for contracts that lack them: how a user asks for a tool, points at its results and is told of them.

The scripted teacher takes every sentence from the contract, and foreign contracts have none. ``worded`` fills in what
is missing from descriptions and names, and leaves alone what a person has written; so a corrected contract file
overrides it phrase by phrase.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.attaching import attached, changes, is_key, joined, pointed_at, with_article
from fr_envs.adapters.words.phrases import (
    is_identifier,
    is_prose,
    join_words,
    noun,
    phrase_of,
    placed,
    shared_beginning,
    spaced,
)
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import DomainSpec, Field, Kind, Leaf, Parameter, Reference, ToolSpec, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.adapters.words.phrases import Phrase
    from fr_envs.contract.spec import Clause

__all__ = ["own_identifier", "worded"]

_MOST_WAYS = 4  # ways to point at a value


def worded(spec: DomainSpec) -> DomainSpec:
    """Return a contract with words for every tool and kind that has none.

    A tool that nobody could ask for in words (it demands a truth value, which no sentence says) stays without.

    Example:
        >>> from fr_envs.adapters.lists.tool_lists import spec_from_tools
        >>> schema = {"properties": {"city": {"type": "string"}}, "required": ["city"]}
        >>> tool = {"name": "get_zip", "description": "Get the zip code of a city.", "parameters": schema}
        >>> worded(spec_from_tools([tool], name="post")).tools["get_zip"].request_templates[0]
        'tell me the zip code of {city}'
    """
    cut = shared_beginning(tool.description for tool in spec.tools.values())
    kinds = {name: _kind(kind, spec) for name, kind in spec.kinds.items()}
    spec = msgspec.structs.replace(spec, kinds=kinds)
    tools = {name: _tool(tool, spec, tool.description[cut:]) for name, tool in spec.tools.items()}
    return msgspec.structs.replace(spec, tools=tools)


# ---------------------------------------------------------------------------------------------------------- kinds


def _kind(kind: Kind, spec: DomainSpec) -> Kind:
    about = _about(kind.name, spec)
    told = kind.statement_templates or (f"The {spaced(kind.name)} is {{}}.",)
    if kind.anaphora or kind.references:
        return msgspec.structs.replace(kind, statement_templates=told)
    named = is_identifier(kind.name) or kind.origin == "issued"  # what is no identifier, people say outright
    refer = tuple(_references(kind.name, about, spec))[:_MOST_WAYS] if named else ()
    return msgspec.structs.replace(
        kind, statement_templates=told, anaphora=(f"that {about}", f"this {about}"), references=refer
    )


def _about(kind: str, spec: DomainSpec) -> str:
    """Return what a kind is about: the words that all of its places share (price, of min_price and max_price)."""
    names = [
        parameter.name for tool in spec.tools.values() for parameter in tool.parameters.values()
        if (parameter.field.array or parameter.field).kind == kind
    ]  # fmt: skip
    words = [noun(name).split() for name in dict.fromkeys(names)]
    shared = [word for word in (words[0] if words else []) if all(word in other for other in words)]
    return " ".join(shared) or noun(kind)


def _references(name: str, about: str, spec: DomainSpec) -> Iterator[Reference]:
    """Iterate over ways to point at a value by what stands beside it in a list of objects."""
    found = dict(member for tool in spec.tools.values() for member in _beside(tool.returns, name, spec))
    ranks = {member: _telling(member, number=number) for member, number in found.items()}
    well = [member for member in found if ranks[member] < _BADLY]
    for member in sorted(well or found, key=ranks.__getitem__):
        yield Reference(pointed_at(about, member, f"{{{member}}}"), by=(member,))


_BADLY = 3
_POORLY = frozenset({"at", "count", "currency", "description", "flag", "hash", "index", "language", "link", "number",
                     "state", "status", "type", "updated", "url", "version", "zone"})  # fmt: skip


def _telling(member: str, *, number: bool) -> int:
    """Return how badly a member serves to point at a thing: names first, then people and times, last what few know."""
    words = spaced(member).lower().split()
    if words[-1] in {"name", "title"}:
        return 0
    plain = pointed_at("", member, "")
    several = words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))
    bare = plain.startswith("the  with the")
    return _BADLY if words[-1] in _POORLY or several or (number and bare) else 2 if bare else 1


def _beside(fields: Mapping[str, Field], kind: str, spec: DomainSpec) -> Iterator[tuple[str, bool]]:
    """Iterate over what stands beside a value of a kind in the rows of lists: its name, and whether it is a number."""
    for field in fields.values():
        item = field.array if field.array is not None else field
        if item.object is None:
            continue
        if own_identifier(item.object, spec, kind):
            telling = {name: part for name, part in item.object.items() if _tells_apart(name, part, kind, spec)}
            yield from ((name, _is_number(spec, part)) for name, part in telling.items())
        yield from _beside(item.object, kind, spec)


def own_identifier(row: Mapping[str, Field], spec: DomainSpec, kind: str) -> bool:
    """Return True if a row is about a thing of a kind, and does not only name one: a loan names the book that is lent.

    Args:
        row: Members of the row.
        spec: The contract.
        kind: The kind.
    """
    holding = [name for name, member in row.items() if member.kind == kind]
    if not holding or not is_identifier(kind):
        return bool(holding)
    own = next((name for name in row if is_identifier(name) and "number" not in spaced(name).split()[:-1]), holding[0])
    return own in holding


def _tells_apart(name: str, field: Field, kind: str, spec: DomainSpec) -> bool:
    if field.array is not None or field.object is not None or field.kind == kind:
        return False
    issued = field.kind is not None and spec.kinds[field.kind].origin == "issued"
    return not issued and _type(spec, field) in {"string", "integer", "number"} and name.isidentifier()


def _type(spec: DomainSpec, field: Field) -> str:
    kind = field_schema(spec, field).get("type", "")
    plain = [each for each in kind if each != "null"] if isinstance(kind, list) else [kind]
    return plain[0] if len(plain) == 1 else ""


# ---------------------------------------------------------------------------------------------------------- tools


def _tool(tool: ToolSpec, spec: DomainSpec, description: str) -> ToolSpec:
    phrase = _phrase(tool, description)
    required = [p for p in tool.parameters.values() if p.required]
    sayable = all(_sayable(spec, p.field) for p in required)
    parameters = {
        name: p if p.clause or p.required else msgspec.structs.replace(p, clause=_clause(spec, p, phrase.verb))
        for name, p in tool.parameters.items()
    }
    return msgspec.structs.replace(
        tool,
        parameters=parameters,
        request_templates=tool.request_templates
        or (tuple(_asks(tool, spec, phrase, required)) if sayable and not tool.implicit else ()),
        nouns=tool.nouns or (_nouns(tool, spec, phrase, required) if sayable else {}),
    )


def _phrase(tool: ToolSpec, description: str) -> Phrase:
    """Return what a tool does; where it changes what its options say, its name alone: "update the task"."""
    phrase = phrase_of(tool.name, description)
    by_name = phrase_of(tool.name, "")
    options = any(not p.required for p in tool.parameters.values())
    return by_name if changes(phrase.verb) and changes(by_name.verb) and options and by_name.rest else phrase


def _sayable(spec: DomainSpec, field: Field) -> bool:
    """Return True if a sentence can hold every value of a field: not truth values, nor what may be anything."""
    if field.array is not None:
        return _sayable(spec, field.array)
    if field.object is not None:
        return all(_sayable(spec, member) for member in field.object.values() if not member.optional)
    schema = field_schema(spec, field)
    return "enum" in schema or _type(spec, field) in {"string", "integer", "number"}


def _asks(tool: ToolSpec, spec: DomainSpec, phrase: Phrase, required: Sequence[Parameter]) -> Iterator[str]:
    wanted = with_article(phrase.wanted, known=True) if tool.effect == "read" else ""
    if not wanted:
        plain = _without_optional(f"{phrase.verb} {with_article(phrase.rest)}".strip(), tool)
        yield _filled(plain, spec, required, phrase.verb)
        return
    wanted = _without_optional(wanted, tool)
    filled = _filled(wanted, spec, required, phrase.verb)
    tell = "tell me about" if filled.startswith("{") else "list" if phrase.verb == "list" else "tell me"
    yield from (f"{text} {filled}" for text in (tell, "show me", "look up"))


def _without_optional(text: str, tool: ToolSpec) -> str:
    """Take off the end of a phrase what only an argument that may be left out would say: "of a guest"."""
    for parameter in tool.parameters.values():
        if not parameter.required:
            words = "|".join(sorted({re.escape(word) for word in _words_for(parameter)}))
            text = re.sub(
                rf"\s+(?:of|for|in|by|with|from|to|on|at)\s+(?:an?|the|some)\s+(?:{words})$", "", text, flags=re.I
            )
    return text


def _filled(text: str, spec: DomainSpec, required: Sequence[Parameter], verb: str) -> str:
    """Put every required argument into a phrase: where the words for it stand, else after it."""
    changed = _changed(text, spec, required, verb)
    formed = [p for p in required if p.field.object is not None or (p.field.array and p.field.array.object)]
    inside = [p for p in required if p is not changed and p not in formed]
    body, left = placed(
        text, {p.name: _place(spec, p) for p in inside}, {p.name: dict.fromkeys(_words_for(p)) for p in inside},
        whole=[p.name for p in inside if _is_handle(spec, p)],
    )  # fmt: skip
    body = _tidied(body)
    free = next(
        (p for p in inside if p.name in left and not _is_handle(spec, p) and _type(spec, p.field) == "string"), None
    )
    if free is not None and _SOMETHING.search(body):
        body, left = _SOMETHING.sub(_quoted(spec, free), body, count=1), [name for name in left if name != free.name]
    plain = {p.name: _quoted(spec, p) for p in required}
    handles = [plain[p.name] for p in inside if p.name in left and _is_handle(spec, p)]
    tail = [attached(p.name, plain[p.name], verb, number=_is_number(spec, p.field))
            for p in inside if p.name in left and not _is_handle(spec, p)]  # fmt: skip
    keys = any(is_key(p.name) for p in inside if p.name in left and _is_handle(spec, p))
    using = f", using {join_words(handles)}" if keys else f" for {join_words(handles)}"
    parts = [
        body + (using if handles else ""),
        f"to {plain[changed.name]}" if changed is not None else "",
        joined(tail),
    ]
    told = "; ".join(plain[p.name] for p in formed)
    return " ".join(filter(None, parts)) + (f": {told}" if told else "")


def _changed(text: str, spec: DomainSpec, required: Sequence[Parameter], verb: str) -> Parameter | None:
    """Return the argument that is what something becomes, where the text names what that is: "set the status of …"."""
    if not changes(verb) and verb not in _LENGTHENS:
        return None
    plain = [p for p in required if not _is_handle(spec, p) and p.field.object is None and not is_identifier(p.name)]
    found = ((re.search(rf"\b{re.escape(spaced(p.name).lower())}\b", text.lower()), p) for p in plain)
    named = [(match.start(), p) for match, p in found if match is not None]
    return (
        min(named, key=lambda each: each[0])[1] if named else None
    )  # "the status of a ticket": what changes comes first


_SOMETHING = re.compile(r"\b(?:some|any)thing\b")
_LENGTHENS = frozenset({"decrease", "increase", "lower", "raise"})
_EMPTY = re.compile(
    r"(?:,\s[^{}]*|\s+(?:for|by|with|using|in|at|from|to|of|on|based on|matching|within|between|via|given)\s+"
    r"(?:(?:the|an?|its|their)\s+)?(?:given|specified|provided|specific|supplied|certain|another|new|different|optional"
    r"|either|various)\s+[^{}]*|\s+by\s+(?:(?:its|their|the|an?)\s+)?(?:unique\s+)?"
    r"(?:ids?|identifiers?|uuid|keys?|names?|numbers?)(?:\s+[^{}]*)?|\s+if\s+[^{}]*|\s+by some \w+)$",
    re.IGNORECASE,
)


_BETWEEN = re.compile(
    r"\s+(?:between|across)\s+(?:two\s+|the\s+|different\s+)?[a-z]+(?=\s+(?:on|at|for|in|from)\s+\{|$)"
)


def _tidied(text: str) -> str:
    """Take off what a description says of arguments in general: "for given dates", "by its id"."""
    text = _BETWEEN.sub("", text)
    while (match := _EMPTY.search(text)) is not None and match.start():
        text = text[: match.start()]
    return text


def _is_number(spec: DomainSpec, field: Field) -> bool:
    return field.array is None and field.object is None and _type(spec, field) in {"integer", "number"}


def _words_for(parameter: Parameter) -> Iterator[str]:
    """Iterate over the words that may stand for an argument in a description, the best first."""
    for name in (parameter.name, (parameter.field.array or parameter.field).kind or parameter.name):
        yield spaced(name).lower()
        yield noun(name).lower()


def _is_handle(spec: DomainSpec, parameter: Parameter) -> bool:
    """Return True if nobody ever says a value outright, so that its words say what it is: "that access token"."""
    kind = spec.kinds.get(parameter.field.kind or "")
    return kind is not None and kind.origin == "issued"


def _place(spec: DomainSpec, parameter: Parameter) -> str:
    """Return what stands for an argument inside a phrase; an identifier that is said outright keeps its noun."""
    kind = spec.kinds.get(parameter.field.kind or "")
    bare = kind is None or not (kind.anaphora or kind.references)
    if kind is None and "enum" in field_schema(spec, parameter.field) and _type(spec, parameter.field) == "string":
        return f"the {spaced(parameter.name)} {{{parameter.name}}}"
    said = is_identifier(parameter.name) and bare and noun(parameter.name) != spaced(parameter.name)
    return f"{noun(parameter.name)} {{{parameter.name}}}" if said else _quoted(spec, parameter)


def _quoted(spec: DomainSpec, parameter: Parameter) -> str:
    """Return the place for an argument, in quotes where it is prose."""
    field, place = parameter.field, f"{{{parameter.name}}}"
    if field.kind is not None or field.array is not None or field.object is not None:
        return place
    schema = field_schema(spec, field)
    prose = is_prose(parameter.name) or any(
        isinstance(example, str) and " " in example and not example.istitle() for example in schema.get("examples", ())
    )
    quoted = any(str(example)[:1] in {'"', "'"} for example in schema.get("examples", ()))
    return f'"{place}"' if prose and not quoted and _type(spec, field) == "string" and "enum" not in schema else place


_PLUMBING = frozenset(
    {"cursor", "etag", "fields", "format", "offset", "page", "pagination", "skip", "token", "verbose"}
)
"""Last words of what is an option of the transport, and nobody's wish."""

_MOST = frozenset({"limit", "max results", "page size", "per page", "size limit"})


def _clause(spec: DomainSpec, parameter: Parameter, verb: str) -> Clause | None:
    """Return how an optional argument is said; None where it cannot be, or a list or object would have to be."""
    words, field = spaced(parameter.name), parameter.field
    if words.lower().split()[-1] in _PLUMBING:
        return None
    if words.lower() in _MOST and _is_number(spec, field):
        return "but at most {}"
    if field.array is not None or field.object is not None:
        return None
    if _type(spec, field) == "boolean":
        return {"false": f"with {words} off"} if parameter.default is True else {"true": f"with {words} on"}
    return attached(parameter.name, "{}", verb, number=_is_number(spec, field)) if _sayable(spec, field) else None


# --------------------------------------------------------------------------------------------------------- results


def _dotted(leaf: Leaf) -> str:
    return ".".join(part for part in leaf.path if part != "*")


def _nouns(
    tool: ToolSpec, spec: DomainSpec, phrase: Phrase, required: Sequence[Parameter]
) -> dict[str, tuple[str, ...]]:
    """Return noun phrases for the one value of a kind that a read gives: what its description says that it gets."""
    given = list(leaves(tool.returns))
    alone = len(given) == 1 and given[0].kind is not None and "*" not in given[0].path
    if tool.effect != "read" or not alone or not phrase.wanted:
        return {}
    return {_dotted(given[0]): (_filled(phrase.wanted, spec, required, phrase.verb),)}
