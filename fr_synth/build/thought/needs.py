"""Moves about what is wanted and what is missing: the need, the plan, who can tell, which rule bears."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.json_values import last_of
from fr_synth.build.thought.wording import clause, doing, source_of, thing
from fr_synth.language.requests import split
from fr_synth.trace.dataflow.provenance import Default, Output, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_synth.build.thought.scene import Scene, Use
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["going_ahead", "known_how", "need", "overview", "supporting"]


def need(scene: Scene) -> str:
    """Restate what is wanted in the turn."""
    outright, _ = split(scene.trace.steps)
    wanted = [step for step in outright if step.user_requested or step.error]
    orders = list(dict.fromkeys(scene.order(step) for step in wanted))
    if len(orders) == 1:
        return scene.say("need", wish=orders[0], order=orders[0])
    if len(orders) == 2:
        return scene.say("need_two", wish=orders[0], order=orders[0], then=orders[1], then_order=orders[1])
    return scene.say("need_many", wishes="; ".join(orders))


def overview(scene: Scene, step: ExecutedCall) -> str:
    """Say of a read that nobody needs that it is just that."""
    order = doing(scene.tool(step))
    return scene.say("overview", order=order, wish=order)


# ------------------------------------------------------------------------------------------------- what is missing


def supporting(scene: Scene, position: int) -> list[str]:
    """Say why a call is made that nobody asked for."""
    enabled, use = scene.enabled(position), scene.use(position)
    if enabled is not None and (use is None or scene.tool(scene.trace.steps[position]).sets):
        return _enabling(scene, position, *enabled)
    if use is not None:
        return _looking_up(scene, position, use)
    step, aim = scene.trace.steps[position], scene.trace.steps[-1]
    if scene.tool(step).clears:
        return [scene.say("leave", do_first=doing(scene.tool(step)))]
    return [scene.say("on_the_way", do_first=doing(scene.tool(step)), order=doing(scene.tool(aim)))]


def _looking_up(scene: Scene, position: int, use: Use) -> list[str]:
    step = scene.trace.steps[position]
    later = next(k for k, each in enumerate(scene.trace.steps) if each is use.step)
    if not use.step.user_requested and scene.enabled(later) and scene.tool(use.step).sets:
        return _for_what_enables(scene, position, later, use)
    named, words, source = thing(use.pointer), _description(scene, use), source_of(scene.tool(step))
    said = scene.say("missing" if words else "missing_plain", thing=named, words=words, source=source)
    return [said, *_why_here(scene, step, use)]


def _description(scene: Scene, use: Use) -> str:
    """Return the words that describe what is looked for; empty where they go back to something or name a result."""
    mention = use.step.mentions.get(use.pointer)
    return "" if mention is None or mention.way in ("anaphora", "noun") else scene.words(use.step, use.pointer)


def _why_here(scene: Scene, step: ExecutedCall, use: Use) -> Iterator[str]:
    """Say in some cases what decides in a look-up, or why it is this one."""
    mention = use.step.mentions.get(use.pointer)
    others = scene.others(step, scene.kind(use.step, use.pointer))
    if mention is not None and mention.by and mention.owner is None and scene.chance(_SOMETIMES):
        member = next(iter(mention.by)).removesuffix("_id").replace("_", " ")
        if mention.way != "where" or not isinstance(next(iter(mention.by.values())), dict):
            yield scene.say("why_this_member", member=member)
    elif others and scene.chance(_SOMETIMES):
        other = others[int(scene.rng.integers(len(others)))]
        yield scene.say("why_this_source", other=other, thing=thing(use.pointer))


_SOMETIMES = 0.35


# ------------------------------------------------------------------------------------------------- rules that bear


def _enabling(scene: Scene, position: int, fact: str, later: ExecutedCall) -> list[str]:
    """Say of a call what it makes true, and for what."""
    step, aim = scene.trace.steps[position], scene.aim(position)
    first, order = doing(scene.tool(step)), doing(scene.tool(aim))
    sources = [source for source in step.sources.values() if not isinstance(source, Default)]
    outputs = [p for p, source in step.sources.items() if isinstance(source, Output)]
    told = any(
        scene.tool(scene.steps[s.step]).effect == "write" for s in step.sources.values() if isinstance(s, Output)
    )
    if told and len(outputs) > 1:
        value = scene.value(step, outputs[-1])
        return [scene.say("confirm_code", thing=thing(outputs[-1]), value=value, order=order)]
    if sources and all(isinstance(source, Said) for source in sources):
        return [scene.say("enter", fact=scene.fact(fact), do_first=first, order=order)]
    said = _ruled(scene, fact, first, aim)
    return [said or scene.say("fact", fact=scene.fact(fact), do_first=first, order=order)]


def _ruled(scene: Scene, fact: str, first: str, aim: ExecutedCall) -> str:
    """Say which rule bears, with the amount and the limit where one has them; empty where no rule speaks of it."""
    order, described = doing(scene.tool(aim)), scene.fact(fact)
    limit = _above(scene.spec, fact, aim)
    if limit is not None:
        move = "above_code" if "code" in described.split() else "above"
        return scene.say(move, amount=limit[0], limit=limit[1], fact=described, do_first=first, order=order)
    rule = _rule_for(scene.spec, fact, scene.tool(aim))
    if rule and scene.chance(_RULE):
        return scene.say("rule", rule=clause(rule), do_first=first, order=order)
    return ""


_RULE = 0.65  # share of calls with a rule that bears in which it is named


def _for_what_enables(scene: Scene, position: int, later: int, use: Use) -> list[str]:
    """Say of a call that it serves one that makes a fact true: a code is asked for, or read."""
    step, aim = scene.trace.steps[position], scene.aim(position)
    tool, order = scene.tool(step), doing(scene.tool(scene.aim(position)))
    named, source = thing(use.pointer), source_of(tool)
    fact = next(iter(scene.tool(scene.trace.steps[later]).sets))
    if tool.effect == "write":
        move = "ask_code" if "code" in tool.name.split("_") else "fact"
        said = _ruled(scene, fact, doing(tool), aim)
        return [said or scene.say(move, order=order, do_first=doing(tool), fact=scene.fact(fact))]
    sent = any(scene.tool(each).effect == "write" and not each.user_requested for each in scene.trace.steps[:position])
    if sent:
        return [scene.say("read_code", source=source, thing=named)]
    words = _description(scene, use)
    return [scene.say("missing" if words else "missing_plain", thing=named, words=words, source=source)]


_LIMIT = re.compile(r"\babove (?P<limit>\d[\d,]*(?:\.\d+)?)")


def _above(spec: DomainSpec, fact: str, step: ExecutedCall) -> tuple[str, str] | None:
    """Return (amount, limit) in words where a rule about a fact begins at an amount and a call's is above it."""
    about = _stems(spec.facts[fact].description)
    for sentence in policy_sentences(spec.policy):
        found = _LIMIT.search(sentence)
        if found is None or len(_stems(sentence) & about) < _BEARING:
            continue
        limit = float(found["limit"].replace(",", ""))
        amounts = [v for v in step.call.arguments.values() if isinstance(v, float) and v > limit]
        if amounts:
            return _figure(amounts[0]), _figure(limit)
    return None


_BEARING = 2  # words that a rule and the description of a fact have in common


def _figure(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def _rule_for(spec: DomainSpec, fact: str, tool: ToolSpec) -> str:
    """Return the sentence of the policy that speaks of a fact and of what a tool does; empty where none does."""
    about = _stems(f"{spec.facts[fact].description} {fact.replace('_', ' ')}")
    acts = _stems(tool.name.replace("_", " ")) - about
    best, score = "", 1
    for sentence in policy_sentences(spec.policy):
        found = _stems(sentence)
        common = len(found & about) + len(found & acts)
        if len(found & about) >= _BEARING and found & acts and common > score and not _LIMIT.search(sentence):
            best, score = sentence, common
    return best


@functools.lru_cache(maxsize=64)
def policy_sentences(policy: str) -> tuple[str, ...]:
    """Split the rules that everybody is told into sentences, each without what follows a colon or a second "and"."""
    flat = re.sub(r"\s+", " ", re.sub(r"(?m)^\s*- ", "", policy))
    found = re.split(r"(?<=[a-z)])\.\s+(?=[A-Z])", flat.strip().rstrip("."))
    return tuple(re.split(r": |, and (?=gets|what)", sentence, maxsplit=1)[0] for sentence in found)


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())) - _LITTLE


_LITTLE = frozenset(["been", "used", "that", "with", "from", "this", "have", "custo", "again", "until"])


# ----------------------------------------------------------------------------------------------------- going ahead


def going_ahead(scene: Scene, position: int, *, resolved: bool) -> str:
    """Say of a call that is asked for that nothing stands in its way.

    Args:
        scene: The turn.
        position: Which call.
        resolved: Something has just been said of what its arguments are.
    """
    step = scene.trace.steps[position]
    order, known = scene.order(step), known_how(scene, step)
    if scene.tool(step).effect == "read" and scene.chance(0.6):
        return scene.say("look", order=order, wish=order, known=known)
    if not resolved and position == 0:
        return scene.say("act_at_once", known=known) or scene.say("act", order=order, wish=order, known=known)
    return scene.say("act", order=order, wish=order, known=known)


def known_how(scene: Scene, step: ExecutedCall) -> str:
    """Say in a clause where what a call takes is from; empty where it takes nothing."""
    sources = [source for source in step.sources.values() if not isinstance(source, Default)]
    if not sources:
        return "it takes nothing that I would have to know"
    outputs = [(p, source) for p, source in step.sources.items() if isinstance(source, Output)]
    said = [thing(p) for p, source in step.sources.items() if isinstance(source, Said)]
    if not outputs and not said:
        return "all that it takes follows from what is known"
    if not outputs:
        be = "are" if said[0].endswith("s") else "is"
        return f"the {said[0]} {be} in the message" if len(set(said)) == 1 else "the message has all that it takes"
    earlier = all(source.step < scene.trace.first for _, source in outputs)
    names = thing(outputs[0][0]) if not last_of(outputs[0][0]).isdigit() else ""
    when = "known from before" if earlier else "known now"
    return f"the {names} is {when}" if names else "all that it takes is known"
