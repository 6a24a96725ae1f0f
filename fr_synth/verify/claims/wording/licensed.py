"""What bears a verb out: a call that does what it tells; of what is said to be complete, a change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.wording.lexicon import ACTS, acts_of, asked_acts, is_light, lemma, told_acts, tool_acts
from fr_synth.verify.claims.wording.spoken import spoken_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.contract.spec import ToolSpec
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["is_completed", "licensed", "plain_acts_of", "stem", "tool_acts_of"]


def licensed(moment: Moment, verb: str, calls: Iterable[int]) -> bool:
    """Return True if one of some calls does what a verb tells."""
    acts = acts_of(verb) or acts_of(verb.partition("-")[0])
    for number in calls:
        call = moment.call(number)
        tool = moment.spec.tools[call.name]
        if acts & tool_acts_of(tool):
            return True
        if not acts and stem(verb) in {stem(lemma(word)) for word in _verbs(tool)}:
            return True
    return False


def tool_acts_of(tool: ToolSpec) -> frozenset[str]:
    """Return the classes of acts that a tool does, by its name, its description and its own words; made once."""
    kept = _TOOL_ACTS.get(id(tool))
    if kept is None or kept[0] is not tool:
        if len(_TOOL_ACTS) > 4096:
            _TOOL_ACTS.clear()
        said = told_acts(tool.response_templates) or asked_acts(tool.request_templates, tool.response_templates)
        acts = tool_acts(tool.name, tool.description, tuple(tool.returns)) | said
        kept = _TOOL_ACTS[id(tool)] = (tool, acts)
    return kept[1]


_TOOL_ACTS: dict[int, tuple[ToolSpec, frozenset[str]]] = {}


def plain_acts_of(tool: ToolSpec) -> frozenset[str]:
    """Return the classes of acts that a tool does by words that tell just these: not by "take" or "put".

    Args:
        tool: The tool.
    """
    kept = _PLAIN_ACTS.get(id(tool))
    if kept is None or kept[0] is not tool:
        if len(_PLAIN_ACTS) > 4096:
            _PLAIN_ACTS.clear()
        verbs = [*tokens(tool.name), *_FIRST.findall(tool.description.lower())]
        verbs += [word for text in (tool.description, *tool.response_templates) for word in _DONE.findall(text)]
        verbs += [word for name in tool.returns for word in tokens(name) if lemma(word) != word]
        bases = {lemma(verb.lower()) for verb in verbs}
        acts = frozenset().union(*(acts_of(base) for base in bases if not is_light(base)))
        named = {base for base in bases if base in ACTS}
        kept = _PLAIN_ACTS[id(tool)] = (tool, acts | named | told_acts(tool.response_templates))
    return kept[1]


_FIRST = re.compile(r"(?:^|\. |\band |\bor |, )([a-z]+)")
_DONE = re.compile(r"\b[a-z]+(?:ed|en)\b")
_PLAIN_ACTS: dict[int, tuple[ToolSpec, frozenset[str]]] = {}


def _verbs(tool: ToolSpec) -> list[str]:
    return [*tokens(tool.name)[:1], *re.findall(r"[a-z]+", tool.description.lower())[:40]]


def stem(word: str) -> str:
    """Return the letters of a word that its forms share, as far as five letters tell."""
    return word[:5] if word.endswith("ee") else word[:5].rstrip("e")  # a payee is nobody who was paid


def is_completed(moment: Moment, verb: str, word: str) -> bool:
    """Return True if a change so far did what is said to have been done, or what is known speaks of it.

    That a look-up is for such things ("what has been paid") is no sign that one was done.
    """
    calls = moment.evidence.dialogue.calls
    done = [k for k, call in enumerate(calls) if call.turn <= moment.turn and call.error is None]
    done = [k for k in done if moment.spec.tools[calls[k].name].effect == "write"]
    if licensed(moment, verb, [k for k in done if calls[k].turn < moment.turn or k in moment.ran]):
        return True
    spoken = spoken_of(moment)
    if spoken is not None and re.search(rf"\b(?:ha[sd]|have|is|are|was|were|been) (?:[a-z]+ )?{word}\b", spoken.text):
        return True
    root, sources = stem(verb.partition("-")[0]), moment.sources
    return any(
        value not in (False, None) and root in {stem(lemma(each)) for each in (*tokens(name), *_words(str(value)))}
        for number in sources.of_calls(moment.worked())
        for name, value in sources.rows[number].fields.items()
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text[:40].lower())
