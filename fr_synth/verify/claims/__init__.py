"""Claims: nothing false and nothing untraceable stands in what a trainer reads.

The parsers here share nothing with what writes: ``spans`` finds the values of a text, ``sources`` knows what has been
told at each moment and what may be said in one breath, ``values``, ``counts``, ``derive``, ``compare`` and ``cues``
judge the values, ``words`` and ``statuses`` what is said to be done, to have failed or to be so, ``requests`` and
``user`` what a person asks for and can know.
"""
