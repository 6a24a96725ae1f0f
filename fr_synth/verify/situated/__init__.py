"""In a situation everything is said in the situation's own words, with values that are true of one and the same thing.

``forms`` reads a text as an instance of a wording, ``manner`` looks through a persona's way of writing, ``course``
finds which turn of the situation each turn of a dialogue is. ``thoughts``, ``pointing``, ``answers`` and ``values``
hold against that what is thought, pointed at, answered and told; ``told`` knows what names stand for.
"""

from fr_synth.verify.situated.proof import situated

__all__ = ["situated"]
