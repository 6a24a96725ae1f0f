"""What a question asks for: which of the things that a person knows it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.judging.kinds import asks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.episode.task import Known

__all__ = ["asked_for", "asking_part", "label_of"]

_LITTLE = frozenset({
    "the", "and", "for", "with", "from", "that", "this", "what", "which", "new", "list", "get", "set", "all", "any",
    "its", "are", "was", "has", "have", "not", "one", "two", "you", "your", "how", "much", "many", "should", "would",
    "could", "shall", "will", "can", "does", "did", "who", "why", "when", "where", "please", "tell", "give",
})  # fmt: skip
_ASIDE = frozenset({"id", "ids", "identifier", "number", "value", "code", "key"})  # they tell no role from another
_HINTS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"\bhow (?:much|large|big|high)\b"), frozenset({"amount", "money", "price", "limit", "sum", "budget"})),
    (re.compile(r"\bhow (?:many|often|long)\b"), frozenset({"count", "night", "lines", "days", "months", "limit"})),
    (re.compile(r"\bwhen\b|\bwhich day\b|\bwhat day\b"), frozenset({"date", "day", "time", "until", "start", "due"})),
    (re.compile(r"\bwhom?\b|\bwhose\b"), frozenset({"payee", "passenger", "owner", "user", "guest", "traveller"})),
    (re.compile(r"\bcalled\b|\bname\b"), frozenset({"name", "title", "label", "nickname"})),
    (re.compile(r"\bwhere\b"), frozenset({"path", "city", "directory", "source"})),
    (re.compile(r"\bfolder\b|\bdirectory\b|\bfile\b"), frozenset({"path", "directory", "file"})),
    (re.compile(r"\bwhy\b|\breason\b|\bpurpose\b"), frozenset({"reason", "memo", "reference", "purpose"})),
)


_BEFORE = re.compile(r"\b(?:before|so that|in order to|once|as soon as|if) (?:i|we|you)\b[^,:?]*[,:]\s*")
"""What leads up to a question and asks nothing itself."""


def asking_part(reply: str) -> str:
    """Return the sentences of a reply that ask for something.

    Example:
        >>> asking_part("I see two accounts. Which one is it to be?")
        'Which one is it to be?'
    """
    return " ".join(part for part in re.split(r"(?<=[.!?])\s+|\n+", reply) if asks(part))


def asked_for(question: str, known: Sequence[Known], spec: DomainSpec) -> list[Known]:
    """Return those of the things known that a question speaks of, each text once; the plainest matches alone.

    Args:
        question: What is asked.
        known: What can be told, what comes first first.
        spec: The contract, by whose words roles are called.
    """
    asked = _BEFORE.sub("", question.lower())
    words = _stems(re.findall(r"[a-z]+", asked))
    for pattern, roles in _HINTS:
        if pattern.search(asked):
            words |= _stems(roles)
    for told in (_names, _described):
        counted = [(len(words & told(each, spec)), each) for each in known]
        most = max((count for count, _ in counted), default=0)
        if most:
            found = {each.text.lower(): each for count, each in reversed(counted) if count == most}
            return list(found.values())[::-1]
    bare = {each.text.lower(): each for each in reversed(known) if _asks_by_little(asked, each)}
    return list(bare.values())[::-1]


def _asks_by_little(question: str, known: Known) -> bool:
    """Return True if a role has no name but words like "new" and "to", and a question asks for it by them."""
    words = [word for word in known.parameter.lower().split("_") if word not in _ASIDE]
    called = r"[ _]".join(map(re.escape, words))
    asking = rf"\b(?:what|which|whose)(?:'s| is| are)?(?: the)? ['\"`]?{called}\b"
    return bool(words) and not _stems(words) and re.search(asking, question.replace("’", "'")) is not None


def label_of(known: Known) -> str:
    """Return what somebody would call a thing that they know.

    Example:
        >>> from fr_envs.episode.task import Known
        >>> label_of(Known("pay", "from_account_id", "my savings account"))
        'from account'
    """
    return " ".join(word for word in known.parameter.split("_") if word not in _ASIDE) or "that"


def _names(known: Known, spec: DomainSpec) -> set[str]:
    """Return the words by which a role is called: parameter, its aliases, kind."""
    named = [known.parameter, *spec.aliases.of_parameter(known.tool, known.parameter)]
    tool = spec.tools.get(known.tool)
    parameter = None if tool is None else tool.parameters.get(known.parameter)
    if parameter is not None and parameter.field.kind:
        named.append(parameter.field.kind)
    return _stems(word for name in named for word in name.lower().split("_"))


def _described(known: Known, spec: DomainSpec) -> set[str]:
    """Return the words by which the contract describes a role."""
    tool = spec.tools.get(known.tool)
    parameter = None if tool is None else tool.parameters.get(known.parameter)
    return set() if parameter is None else _stems(re.findall(r"[a-z]+", parameter.field.description.lower()))


def _stems(words: Iterable[str]) -> set[str]:
    kept = (word for word in words if len(word) > 2 and word not in _LITTLE and word not in _ASIDE)
    return {word.removesuffix("s")[:6] for word in kept}
