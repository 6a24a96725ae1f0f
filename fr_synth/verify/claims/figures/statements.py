"""Statements: sentences in a contract's own words for a result; each value in one has to be its member's.

A contract says in its ``response_templates`` how each tool's members are told. Where a reply uses those words, it is
known which member each value is for, so that a value of another member, another call or an earlier turn is found
though it is known; so is a denial, or another verb, in an otherwise unchanged sentence. Texts in other words are left
to the proof's other parts.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.figures.derive import converts
from fr_synth.verify.claims.known.sources import norm
from fr_synth.verify.claims.parsing.dates import Clock, Day, iso_day, iso_time
from fr_synth.verify.claims.parsing.spans import parse
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.claims.wording.lexicon import STATUSES, acts_of, lemma, tool_acts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["misstatements"]


class _Form(NamedTuple):
    """A template as a pattern.

    Attributes:
        pattern: Its words, with a group for each member in order.
        members: The members' names.
        anchor: Its longest run of words, which any text has that it matches.
        told: Word that stands in place of the pattern's group ``verb``; empty where there is no such group.
    """

    pattern: str
    members: tuple[str, ...]
    anchor: str
    told: str = ""


class _Told(NamedTuple):
    """A place where a reply uses a form: where it is, and the first value there that is another one."""

    start: int
    end: int
    wrong: str


def misstatements(moment: Moment) -> Iterator[str]:
    """Iterate over what a reply tells in the contract's words, and tells wrongly."""
    found: list[_Told] = []
    silent: list[int] = []
    for number in moment.told():
        call = moment.call(number)
        templates = moment.spec.tools[call.name].response_templates
        own = [told for template in templates for told in _uses(moment, template, call.result)]
        found += own
        silent += [number] if all(told.wrong for told in own) else []
    sound = [told for told in found if not told.wrong]
    named: set[str] = set()
    for told in found:
        if told.wrong and told.wrong not in named and not any(_meet(told, other) for other in sound):
            named.add(told.wrong)
            yield told.wrong
    if not named:
        yield from _turned_round(moment, silent, sound)


def _meet(a: _Told, b: _Told) -> bool:
    return a.start < b.end and b.start < a.end


def _uses(moment: Moment, template: str, result: JsonObject) -> Iterator[_Told]:
    lists = frozenset(name for name in _names(template) if _is_listed(result, name))
    for form in _forms(template, lists):
        matches = [_told(moment, form, match, result) for match in _matches(form, moment.text)]
        fitting = [told for told in matches if told is not None]
        if fitting:
            yield from fitting
            return


def _matches(form: _Form, text: str) -> Iterator[re.Match[str]]:
    return _compiled(form.pattern).finditer(text) if form.anchor in text else iter(())


_compiled = functools.lru_cache(maxsize=4096)(re.compile)  # only what some text has the words of


def _told(moment: Moment, form: _Form, match: re.Match[str], result: JsonObject) -> _Told | None:
    """Return what a match tells; None where its texts show that it speaks of something else."""
    wrong = ""
    for at, name in enumerate(form.members):
        said = match[f"m{at}"]
        value = _member(result, name)
        if value is None or isinstance(value, bool | list | dict):
            continue
        fits = _fits(moment, said, value)
        if fits is None:
            return None
        if not fits and not wrong:
            wrong = f"{said!r} is not the {name.replace('_', ' ')}"
    return _Told(match.start(), match.end(), wrong)


def _fits(moment: Moment, said: str, value: Json) -> bool | None:
    """Return True if a text is that of a value, False if it is that of another one; None where it is no such text."""
    spans = parse(said)
    if isinstance(value, int | float):
        numbers = [span for span in spans if isinstance(span.value, float)]
        return any(_is_number(span.value, span.places, span.unit, value) for span in numbers) if numbers else None
    if not isinstance(value, str):
        return None
    day, clock = iso_day(value), iso_time(value)
    days = [span.value for span in spans if isinstance(span.value, Day)]
    clocks = [span.value for span in spans if isinstance(span.value, Clock)]
    if (day and days) or (clock and clocks):
        fits = not (day and days) or any(each.fits(day, moment.sources.today) for each in days)
        return fits and (not (clock and clocks) or clock in clocks)
    return _is_text(said, value, enumerated(moment.spec))


def _is_number(said: object, places: int | None, unit: str, value: float) -> bool:
    if not isinstance(said, float) or said < 0 <= value:
        return False
    step = 0.5 * 10.0 ** -(places or 0)
    near = min(abs(abs(said) - abs(value)), abs(abs(said) - 100 * abs(value)) if unit == "%" else 1e9)
    exact = places is not None and places >= _CENTS
    return (near < 1e-9 if exact or float(value).is_integer() else near <= step) or converts(
        said, unit, places, [value]
    )


_CENTS = 2  # an amount that is told to the cent is told as it is


def _is_text(said: str, value: str, words: Mapping[str, frozenset[str]]) -> bool | None:
    plain, own = norm(said).strip(" \"'"), norm(value).replace("_", " ")
    if plain == own or plain.replace("_", " ") == own or plain == norm(value):
        return True
    if plain.startswith("not ") and plain[4:] == own:
        return False
    if not (said.islower() and value.islower()):
        return None
    other = plain.replace(" ", "_") in words or plain in words or (plain.isalpha() and own.isalpha())
    return False if other and not acts_of(lemma(plain)) & acts_of(lemma(own)) else None


# ---------------------------------------------------------------------------------------- denials and other verbs


_NOT = re.compile(r"\b(is|are|was|were|has|have)(?: not|n['\u2019]t)\b")


def _turned_round(moment: Moment, silent: list[int], sound: list[_Told]) -> Iterator[str]:
    """Iterate over sentences that are the contract's but for a denial or a word that tells another act or state."""
    for number in silent:
        call = moment.call(number)
        tool = moment.spec.tools[call.name]
        acts = tool_acts(tool.name, tool.description, tuple(tool.returns))
        for template in tool.response_templates:
            for denied in _denials(moment, template, call.result):
                yield f"{denied!r} denies what {call.name} tells"
            lists = frozenset(name for name in _names(template) if _is_listed(call.result, name))
            for form in _varied(template, lists):
                for told, word in _with_verb(moment, form, call.result):
                    if _tells_another(moment, word, form.told, acts) and not any(_meet(told, each) for each in sound):
                        yield f"{word!r} is not what {call.name} tells"


def _with_verb(moment: Moment, form: _Form, result: JsonObject) -> Iterator[tuple[_Told, str]]:
    for match in _matches(form, moment.text):
        told = _told(moment, form, match, result)
        if told is not None and not told.wrong:
            yield told, match["verb"]


def _denials(moment: Moment, template: str, result: JsonObject) -> Iterator[str]:
    """Iterate over denials without which a sentence would tell what is so."""
    for denied in _NOT.finditer(moment.text):
        text = f"{moment.text[: denied.end(1)]}{moment.text[denied.end() :]}"
        if any(told.start < denied.end(1) < told.end for told in _agreeing(moment, template, text, result)):
            yield denied[0]


def _agreeing(moment: Moment, template: str, text: str, result: JsonObject) -> Iterator[_Told]:
    lists = frozenset(name for name in _names(template) if _is_listed(result, name))
    for form in _forms(template, lists):
        if not _NOT.search(template):
            for match in _matches(form, text):
                told = _told(moment, form, match, result)
                if told is not None and not told.wrong:
                    yield told


def _tells_another(moment: Moment, said: str, own: str, acts: frozenset[str]) -> bool:
    """Return True if a word in place of a contract's own tells another act, or another of the words that exclude it."""
    words = enumerated(moment.spec)
    told, plain = acts_of(lemma(said)), said.lower()
    if plain == own.lower() or plain in moment.sources.texts:
        return False
    if plain in STATUSES or words.get(plain, frozenset()) & words.get(own.lower(), frozenset()):
        return True
    return bool(told) and lemma(said) != plain and not told & (acts_of(lemma(own)) | acts)


# ------------------------------------------------------------------------------------------------------ templates


_SLOT = re.compile(r"\{([\w.]+)\}")
_START = r"(?:^|(?<=[.!?:;\"\u201d)]\s)|(?<=\n))"
_WITHIN = r"(?:(?:Dr|Mr|Mrs|Ms|St|No|Prof)\. |(?![.!?;]\s|\n).)+?"  # no value runs on into a sentence
_FEWEST = 2  # words that a form has to have


def _names(template: str) -> list[str]:
    return _SLOT.findall(template)


def _member(result: JsonObject, name: str) -> Json:
    value: Json = result
    for part in name.split("."):
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        value = value.get(part) if isinstance(value, dict) else None
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _is_listed(result: JsonObject, name: str) -> bool:
    value: Json = result
    for part in name.split("."):
        if isinstance(value, list):
            return True
        value = value.get(part) if isinstance(value, dict) else None
    return isinstance(value, list)


@functools.lru_cache(maxsize=4096)
def _forms(template: str, lists: frozenset[str]) -> tuple[_Form, ...]:
    """Return a template's forms: the whole, and what stands before its first list, which is told in its own way."""
    begun = _head(template, lists)
    whole, head = _form(template), _form(begun, open_=True) if begun else None
    return tuple(form for form in (whole, head) if form is not None)


def _head(template: str, lists: frozenset[str]) -> str:
    """Return what stands before the first list, or before a block of lines; empty where there is neither."""
    ends = [match.start() for match in _SLOT.finditer(template) if match[1] in lists]
    ends += [template.index("\n")] if "\n" in template else []
    return template[: min(ends)].rstrip() if ends else ""


@functools.lru_cache(maxsize=4096)
def _varied(template: str, lists: frozenset[str]) -> tuple[_Form, ...]:
    """Return the template's forms with any word in place of one of its verbs."""
    found = []
    for text, open_ in ((template, False), (_head(template, lists), True)):
        for match in _VERB.finditer(text):
            if match[0].lower() != lemma(match[0]) and acts_of(lemma(match[0])):
                form = _form(text, verb=match.span(), open_=open_)
                found += [form] if form is not None else []
    return tuple(found)


_VERB = re.compile(r"(?<![\w{.'\u2019])[A-Za-z]{3,}(?![\w}.'\u2019]*\})")


def _form(template: str, *, verb: tuple[int, int] = (-1, -1), open_: bool = False) -> _Form | None:
    pieces: list[str] = []
    members: list[str] = []
    words: list[str] = []
    at = 0
    for slot in [*_SLOT.finditer(template), None]:
        end = slot.start() if slot else len(template)
        if at <= verb[0] < end:
            before, after = template[at : verb[0]], template[verb[1] : end]
            pieces += [re.escape(before), "(?P<verb>[A-Za-z]+)", re.escape(after)]
            words += [before, after]
        else:
            pieces.append(re.escape(template[at:end]))
            words.append(template[at:end])
        if slot:
            pieces.append(f"(?P<m{len(members)}>{_WITHIN})")
            members.append(slot[1])
            at = slot.end()
    if len(re.findall(r"[A-Za-z]+", " ".join(words))) + (verb[0] >= 0) < _FEWEST or not (
        template.endswith(".") or open_
    ):
        return None
    told = template[slice(*verb)] if verb[0] >= 0 else ""
    close = r"(?=\s)" if open_ else r"(?=\s|$)"
    return _Form(_START + "".join(pieces) + close, tuple(members), max(words, key=len).strip(), told)
