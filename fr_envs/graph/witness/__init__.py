"""Witnesses: for an edge of the API graph two executed calls that prove it. ``fr_envs.search.witnesses`` finds them."""

from __future__ import annotations

from fr_envs.graph.witness.proof import Proof, Unproven, Witness, check_witness
from fr_envs.graph.witness.shipped import read_proofs, replayed, shipped, unproven_edges, write_proofs

__all__ = [
    "Proof",
    "Unproven",
    "Witness",
    "check_witness",
    "read_proofs",
    "replayed",
    "shipped",
    "unproven_edges",
    "write_proofs",
]
