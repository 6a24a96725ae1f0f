"""Proofs over calls: what each is for and needs, in which order, and what an error or a distractor may be."""
