"""What an expert thinks before a call and before a reply, by discourse move.

``opening`` restates the need and plans, ``sourcing`` says what is missing and who can tell, ``resolving`` what a result
shows and excludes, ``ruling`` which rule bears, ``mending`` what a refusal means, ``closing`` states the finding.
``frames`` holds the sentences, ``scene`` what is known, ``writing`` puts the moves together.
"""
