"""Answers as models write them: the JSON Schema to ask for, the lenient reader, the strict check.

A model is asked for one JSON object. What comes back may carry thinking tags, fences, prose around it, trailing commas,
a bare call instead of the whole form, or native tool calls; all of these are read. What is read is then held against
the form of its role and against the request, and a fault is told in words that the model can act on.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fr_envs.episode.calls import Malformed
from fr_envs.episode.reading import read_action
from fr_envs.errors import TeacherError
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.teachers.protocol import Role, TeacherRequest

__all__ = ["AnswerError", "Written", "read_answer", "response_formats"]

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_NAME = re.compile("^[a-z][a-z0-9_]*$")


class AnswerError(TeacherError):
    """An answer cannot be used; the message tells the model what to fix."""


class Written(NamedTuple):
    """What a model wrote.

    Attributes:
        text: The message, thinking tags included; empty if none.
        thinking: Thinking that the endpoint hands out beside the message; empty if none.
        tool_calls: Native tool calls as the endpoint sends them.
        truncated: Whether the limit on tokens cut it off.
    """

    text: str
    thinking: str = ""
    tool_calls: Sequence[JsonObject] = ()
    truncated: bool = False


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", json_schema_extra={"additionalProperties": False})


class _Tooling(_Form):
    name: Annotated[_Text, Field(json_schema_extra={"pattern": _NAME.pattern})]
    description: _Text


class _Choose(_Form):
    choice: int


class _Reference(_Form):
    draft: _Text
    mine: _Text


class _Query(_Form):
    easy: _Text
    hard: _Text
    references: list[_Reference] = []


class _Call(_Form):
    name: _Text
    arguments: dict[str, Any]


class _Reason(_Form):
    reasoning: Annotated[str, StringConstraints(strip_whitespace=True)]
    calls: list[_Call]
    reply: str | None


class _Critic(_Form):
    advice: _Text


_FORMS: dict[Role, type[_Form]] = {
    "tooling": _Tooling, "choose": _Choose, "query": _Query, "reason": _Reason, "critic": _Critic,
}  # fmt: skip

# ------------------------------------------------------------------------------------------- what is asked for

_MAX_PERMUTED = 3  # values whose order is left open; each more multiplies the pattern by its number
_ANYTHING = '[^"\\\\\\n\\r\\t]*'  # a dot would let grammar-driven servers write a bare quote into the string
_SPECIAL = re.compile(r"[\^$.\[\]()|{}*+?]")  # servers know these escapes and not all of those of re.escape
_UNSENT = ("title", "minLength", "maxLength", "default")
_UNQUOTABLE = re.compile(r'["\\\x00-\x1f]')


def response_formats(request: TeacherRequest) -> list[JsonObject | None]:
    """Return the ways to ask for the form of an answer, the strictest first and None (in words only) last.

    In ``query`` the strictest one forces the texts of ``must_say`` by a pattern: small models reword faithfully with
    it and lose a value in three cases of ten without.
    """
    schema: JsonObject = _plain(_FORMS[request.role].model_json_schema())
    if request.role == "query" and not request.material.get("must_point"):
        del schema["properties"]["references"], schema["$defs"]
    schema["required"] = list(schema["properties"])  # strict endpoints take no member that may be left out
    if request.role == "reason":
        names = [tool.get("function", tool)["name"] for tool in request.material.get("tools") or ()]
        if names:
            schema["$defs"]["_Call"]["properties"]["name"] = {"type": "string", "enum": names}
    strict = request.role != "reason"  # the arguments of a call are an open object, which strict mode refuses
    formats: list[JsonObject | None] = [_json_schema(schema, strict=strict), {"type": "json_object"}, None]
    patterns = _patterns(request.material) if request.role == "query" else {}
    if patterns:
        properties = {key: {"type": "string", "pattern": pattern} for key, pattern in patterns.items()}
        forced = {**schema, "properties": {**schema["properties"], **properties}}
        formats.insert(0, _json_schema(forced, strict=strict))
    return formats


def _json_schema(schema: JsonObject, *, strict: bool) -> JsonObject:
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": strict, "schema": schema}}


def _plain(schema: Json) -> Json:
    """Return a schema without what strict endpoints refuse or nobody reads; the check on what comes back knows it."""
    if isinstance(schema, dict):
        return {key: _plain(value) for key, value in schema.items() if key not in _UNSENT}
    return [_plain(value) for value in schema] if isinstance(schema, list) else schema


def _patterns(material: JsonObject) -> dict[str, str]:
    found = ((key, _pattern(texts)) for key, texts in _demanded(material))
    return {key: pattern for key, pattern in found if pattern}


def _pattern(texts: Sequence[str]) -> str:
    apart = [text for text in dict.fromkeys(texts) if not any(text != other and text in other for other in texts)]
    if not apart or len(apart) > _MAX_PERMUTED or any(_UNQUOTABLE.search(text) for text in apart):
        return ""
    quoted = [_first_letter(text) + _SPECIAL.sub(r"\\\g<0>", text[1:]) for text in apart]
    orders = (_ANYTHING.join(["", *order, ""]) for order in itertools.permutations(quoted))
    return f"^({'|'.join(orders)})$"


def _first_letter(text: str) -> str:
    """A text may begin a sentence."""
    small, large = text[:1].lower(), text[:1].upper()
    return f"[{small}{large}]" if small != large and len(large) == 1 else _SPECIAL.sub(r"\\\g<0>", text[:1])


# --------------------------------------------------------------------------------------------------- the reader

_THINKING = re.compile(r"<(think|thinking|thought|reasoning)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_THINKING_END = re.compile(r"\A(.*)</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_WRAPPING = re.compile(r"```[\w-]*|</?(?:tool_call|tool_calls|answer|json)>", re.IGNORECASE)
_OPENING = re.compile(r"[{\[]")
_LINE_OPENING = re.compile(r"^[{\[]", re.MULTILINE)
_BROKEN = re.compile(r'[{\[]\s*["{\[]')
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


def read_answer(request: TeacherRequest, written: Written) -> JsonObject:
    r"""Return the answer in the form of the role.

    Raises:
        AnswerError: There is none, or it does not keep to the form or to what the request demands.

    Example:
        >>> from fr_synth.teachers.protocol import TeacherRequest
        >>> read_answer(TeacherRequest("critic", {}), Written('Sure!\n```json\n{"advice": "Look it up."}\n```'))
        {'advice': 'Look it up.'}
    """
    thinking, text = _split_thinking(written)
    found, prose = _json_values(text)
    if request.role == "reason":
        answer = _reason_answer(found, prose, thinking, written.tool_calls)
    else:
        answer = next(reversed(found), None)
    if answer is None:
        raise AnswerError("it was cut off before its end: be brief" if written.truncated else "it has no JSON object")
    content = _checked(_FORMS[request.role], answer)
    if request.role == "tooling":
        _check_tooling(content, request.material)
    elif request.role == "choose":
        _check_choice(content, request.material)
    elif request.role == "query":
        if not content["references"]:
            del content["references"]
        _check_query(content, request.material)
    elif request.role == "reason":
        _settle_reason(content)
    return content


def _split_thinking(written: Written) -> tuple[str, str]:
    thoughts = [written.thinking, *(match[2] for match in _THINKING.finditer(written.text))]
    text = _THINKING.sub("", written.text)
    opened = _THINKING_END.match(text)  # a template may have opened the tag in the prompt
    if opened:
        thoughts.append(opened[1])
        text = text[opened.end() :]
    return "\n".join(thought.strip() for thought in thoughts if thought.strip()), text


def _json_values(text: str) -> tuple[list[JsonObject], str]:
    """Return the outermost JSON objects of a text (those of lists one by one) and the prose around them."""
    scans = (_scan(text), _scan(_TRAILING_COMMA.sub("", text)))
    return min(scans, key=lambda scan: len(scan[1]))  # the reading that leaves least unread


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_constant)


def _scan(text: str) -> tuple[list[JsonObject], str]:
    values: list[JsonObject] = []
    prose: list[str] = []
    place = start = 0
    while (opening := _OPENING.search(text, place)) is not None:
        try:
            value, end = _DECODER.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            place = _past_broken(text, opening)
            continue
        objects = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
        if objects:
            values += objects
            prose.append(text[start : opening.start()])
            start = end
        place = end
    return values, _prose(" ".join([*prose, text[start:]]))


def _past_broken(text: str, opening: re.Match[str]) -> int:
    """Return where to read on: a part of a broken value, such as one call of a list cut short, is no answer."""
    if _BROKEN.match(text, opening.start()) is None:
        return opening.end()
    restart = _LINE_OPENING.search(text, opening.end())
    return restart.start() if restart else len(text)


def _prose(text: str) -> str:
    return " ".join(_WRAPPING.sub(" ", text).split())


# ------------------------------------------------------------------------------------------ the form of `reason`

_WHOLE = ("calls", "reply", "tool_calls")


def _reason_answer(
    found: Sequence[JsonObject], prose: str, thinking: str, native: Sequence[JsonObject]
) -> JsonObject | None:
    whole = [value for value in found if any(key in value for key in _WHOLE)]
    answer = whole[-1] if whole else {}
    calls = [*_listed(answer.get("calls")), *_listed(answer.get("tool_calls")), *native]
    if not whole:
        calls = [*filter(_is_call, found), *native]
        if not calls:
            return None
    return {
        "reasoning": answer.get("reasoning") or prose or thinking,
        "calls": [_call(call) for call in calls],
        "reply": answer.get("reply") or None,
    }


def _listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_call(value: JsonObject) -> bool:
    calls = read_action(value).calls
    return bool(calls) and isinstance(calls[0], ToolCall)


def _call(value: Json) -> JsonObject:
    call = read_action([value]).calls[0]
    if isinstance(call, Malformed):
        raise AnswerError(call.message)
    return {"name": call.name, "arguments": call.arguments}


# ----------------------------------------------------------------------------------------------------- the check


def _checked(form: type[_Form], answer: JsonObject) -> JsonObject:
    try:
        return form.model_validate(answer).model_dump()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:3]
        )
        raise AnswerError(f"it does not have the form asked for: {faults}") from error


def _check_tooling(content: JsonObject, material: JsonObject) -> None:
    name = content["name"]
    if any(name == step["name"] for step in material.get("steps") or ()):
        raise AnswerError(f"the name {name!r} is that of a step: choose another one")
    if _NAME.match(name) is None and name != (material.get("draft") or {}).get("name"):
        raise AnswerError(f"the name {name!r} is no snake_case: use a-z, 0-9 and _")


def _check_choice(content: JsonObject, material: JsonObject) -> None:
    least, most = (0 if material.get("may_end") else 1), len(material.get("menu") or ())
    if not least <= content["choice"] <= most:
        raise AnswerError(f"there is no choice {content['choice']}: give a number from {least} to {most}")


def _check_query(content: JsonObject, material: JsonObject) -> None:
    faults = []
    for key, demanded in _demanded(material):
        absent = [text for text in demanded if text.lower() not in content[key].lower()]
        if absent:
            faults.append(f"{key!r} lacks {_texts(absent)}, letter for letter")
    said = [text for text in _forbidden(material) if _says(content["hard"], text)]
    if said:
        faults.append(f"'hard' must not say {_texts(said)}")
    if faults:
        raise AnswerError("; ".join(faults))


def _demanded(material: JsonObject) -> Iterator[tuple[str, list[str]]]:
    """Iterate over each query and what it must say: nothing that its draft does without."""
    draft: JsonObject = material.get("draft") or {}
    for key in ("easy", "hard"):
        texts = material.get("must_say") or ()
        yield key, [text for text in texts if key not in draft or text.lower() in draft[key].lower()]


def _forbidden(material: JsonObject) -> Iterator[str]:
    """Iterate over what a hard query must not say: nothing that its draft says, or has to."""
    allowed = [(material.get("draft") or {}).get("hard", ""), *(material.get("must_say") or ())]
    for text in material.get("never_say") or ():
        if not any(_says(said, text) for said in allowed):
            yield text


def _texts(texts: Iterable[str]) -> str:
    return ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)


def _says(text: str, part: str) -> bool:
    """Return True if a text holds a part as a word; an everyday word only where it is set apart as code."""
    quoted = re.escape(part)
    if part.isalpha():
        return re.search(rf"`{quoted}`|\b{quoted}\(", text, re.IGNORECASE) is not None
    return re.search(rf"(?<!\w){quoted}(?!\w)", text, re.IGNORECASE) is not None


def _settle_reason(content: JsonObject) -> None:
    if content["calls"]:
        content["reply"] = None  # what is said beside a call is no answer yet
    elif not (content["reply"] or "").strip():
        raise AnswerError("it neither calls a tool nor replies: fill in `calls` or `reply`")
