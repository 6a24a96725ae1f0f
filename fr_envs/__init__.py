"""Stateful simulated worlds for tool use."""

from __future__ import annotations

from fr_envs.contracts import load_spec, read_spec
from fr_envs.env import register_envs, register_world
from fr_envs.judging.transcripts import score
from fr_envs.registry import domain_names, load_domain

__all__ = ["domain_names", "load_domain", "load_spec", "read_spec", "register_world", "score"]

register_envs()
