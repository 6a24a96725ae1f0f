"""Witnesses: for an edge of the API graph two executed calls that prove it."""

from __future__ import annotations

from fr_envs.witness.proof import Witness, check_witness
from fr_envs.witness.search import Proof, Unproven, find_witnesses, search_witnesses
from fr_envs.witness.shipped import read_proofs, replayed, shipped, unproven_edges, write_proofs

__all__ = [
    "Proof",
    "Unproven",
    "Witness",
    "check_witness",
    "find_witnesses",
    "read_proofs",
    "replayed",
    "search_witnesses",
    "shipped",
    "unproven_edges",
    "write_proofs",
]
