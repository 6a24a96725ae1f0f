"""Inferred contracts to files: YAML that ``fr_envs.contract.loading`` reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract import writing
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec

__all__ = ["contract_text"]


def contract_text(spec: DomainSpec) -> str:
    """Return an inferred contract as YAML.

    Raises:
        UsageError: It has no kind: the inference has found nothing.
    """
    if not spec.kinds:
        raise UsageError(f"{spec.name} has no kind; declare one, or give the inference more to walk on")
    return writing.contract_text(spec)
