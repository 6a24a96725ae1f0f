"""What each chat template that TRL ships makes of a dialogue, as the table in docs/chat-templates.md.

Run: python -m tests.conformance.templates > docs/chat-templates.md
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_synth import RunConfig, synthesise
from fr_synth.export.example import Source
from fr_synth.export.shaping import call_by_call, shaped
from tests.conformance.byte_tokenizer import tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_synth.export.example import Example

ABOUT = """# Chat templates

What the chat templates that ship with TRL 1.16 make of dialogues of two to four turns with calls side by
side. *thinking* is how much of it is in the text: all, none, or a part (mostly that of the last turn);
`--split-turns` trains all of it with any template that keeps that of the last message. *text* says whether
`--arguments text` goes through; *needs* is the option without which the template refuses, or why it refuses
in any case. The conformance tests make this table again.

"""
HEAD = (
    "| template | tools | thinking, `field` | thinking, `inline` | text | needs |",
    "|---|---|---|---|---|---|",
)


class Rendered(NamedTuple):
    """What came of some dialogues: how much of the thinking, whether all tools, or why nothing."""

    thinking: str = ""
    tools: bool = False
    refusal: str = ""


@functools.cache
def examples() -> tuple[Example, ...]:
    run = synthesise(RunConfig(domains=("filesystem", "banking", "travel"), seed=7, turns=(2, 4)), count=4)
    found = tuple(Source(run).examples())
    assert any(len(message.get("tool_calls", ())) > 1 for each in found for message in each.messages)
    return found


def rendered(reader: Any, shape: Callable[[Example], Example]) -> Rendered:
    from jinja2 import TemplateError

    kept = all_of = 0
    tools = True
    for each in examples():
        made = shape(each)
        try:
            text = reader.apply_chat_template(list(made.messages), tools=json.loads(made.tools), tokenize=False)
        except (TypeError, ValueError, LookupError, AttributeError, TemplateError) as error:
            return Rendered(refusal=(str(error) or repr(error)).splitlines()[0][:70].replace("|", "/"))
        thoughts = [message["reasoning_content"] for message in each.messages if message.get("reasoning_content")]
        kept += sum(thought in text for thought in thoughts)
        all_of += len(thoughts)
        tools &= all(tool["function"]["name"] in text for tool in json.loads(made.tools))
    return Rendered("all" if kept == all_of else "part" if kept else "none", tools)


def row(name: str) -> str:
    reader = tokenizer(f"{name}.jinja")
    needs = ""
    shape: Callable[[Example], Example] = lambda each: each  # noqa: E731 -- replaced below
    found = rendered(reader, shape)
    if found.refusal:
        linear = rendered(reader, call_by_call)
        if not linear.refusal:
            found, shape, needs = linear, call_by_call, "`--linear`"
    inline = rendered(reader, lambda each: shaped(shape(each), "inline", "object"))
    text = rendered(reader, lambda each: shaped(shape(each), "field", "text"))
    if found.refusal:
        needs = (
            "`--arguments text`"
            if not text.refusal
            else "`--reasoning inline`"
            if not inline.refusal
            else found.refusal
        )
    best = next((each for each in (found, text, inline) if not each.refusal), found)
    shown = "–" if best.refusal else "yes" if best.tools else "no"
    told = "–" if text.refusal else "yes"
    thinking = (found.thinking or text.thinking or "–", inline.thinking or "–")
    return "| " + " | ".join((f"`{name}`", shown, *thinking, told, needs or "–")) + " |"


def page() -> str:
    import trl

    names = sorted(path.stem for path in (Path(trl.__file__).parent / "chat_templates").glob("*.jinja"))
    return ABOUT + "\n".join([*HEAD, *map(row, names)]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
