"""Teacher: the one seam to language models.

Whoever writes words — the embedded scripted teacher, any OpenAI-compatible endpoint, one of your own — answers
``complete``. A request carries the *material* of its role, plain JSON that a prompt may show in full, and a *guide*
that no prompt may ever show (the reference calls): the scripted teacher plays from it, a model must find the way by
itself. Whatever comes back passes the same proofs.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from fr_envs.json_values import JsonObject

__all__ = ["ROLES", "Role", "Teacher", "TeacherReply", "TeacherRequest"]

Role = Literal["tooling", "choose", "query", "reason", "critic"]
"""The paper's agents, and the person whose requests they are about. Each has a form of material and of answer:

========  =====================================================  ==================================================
role      material                                               answer
========  =====================================================  ==================================================
tooling   world, steps (name, arguments, result), draft          {"name": str, "description": str}
choose    menu, may_end, situation, persona, history, draft      {"choice": int}
query     advanced_tool, must_say, must_mean, must_point,        {"easy": str, "hard": str,
          never_say, history, draft, errors                      "references": [{"draft": str, "mine": str}]}
reason    policy, tools, messages, hint, errors                  {"reasoning": str, "calls": [...], "reply": str|null}
critic    messages, attempt, faults                              {"advice": str}
========  =====================================================  ==================================================

``draft`` is an answer that already passes the proofs, which a teacher may make sound more like a person. In ``choose``
``menu`` has requests that execution has proven possible; the choice is the number of one, from 1, or 0 to ask nothing
more where ``may_end`` says so. In ``query`` each text of ``must_say`` has to stand in both queries, letter for letter,
each value of ``must_mean`` (``said``, ``value``) in both in any form that can be read as it, and no text of
``never_say`` in the hard one; what stands under ``must_point`` (``words``, ``at``: what was shown of the thing) keeps
its words, or is called by others that fit nothing else and stand under ``references``. In ``reason`` either ``calls``
(``{"name", "arguments"}``, run at once) or ``reply`` is given.
"""

ROLES: tuple[Role, ...] = ("tooling", "choose", "query", "reason", "critic")


class TeacherRequest(msgspec.Struct, frozen=True):
    """What a teacher is asked.

    Attributes:
        role: Who is to answer.
        material: What the answer is to be made from; see ``Role``.
        guide: What a scripted teacher plays from; never shown to a model.
        seed: Seed of the answer, from 0; the same request with the same seed may be answered from a cache.
    """

    role: Role
    material: JsonObject
    guide: JsonObject = {}
    seed: int = 0


class TeacherReply(msgspec.Struct, frozen=True):
    """What a teacher answers.

    Attributes:
        content: The answer in the form that the role asks for.
        tokens_in: Tokens read, 0 if not known.
        tokens_out: Tokens written, 0 if not known.
    """

    content: JsonObject
    tokens_in: int = 0
    tokens_out: int = 0


class Teacher(Protocol):
    """Anything that answers requests. Must be picklable, so that worker processes can hold one each."""

    @property
    def name(self) -> str:
        """Name that goes into the records, such as ``scripted`` or ``openai:MODEL``."""
        ...

    def complete(self, request: TeacherRequest) -> TeacherReply:
        """Answer one request.

        Raises:
            TeacherError: There is no answer, or none in the form that the role asks for.
        """
        ...
