"""Results told by what the contract says of them, for tools that have no sentences of their own.

``things`` knows by which names people know what results have shown, ``values`` puts members into words, ``predicates``
says them of a thing, ``asked`` finds what a question is about; ``changes``, ``answers`` and ``listing`` make sentences.
"""
