"""How a turn is judged: what was obtained, what the reply says, and whether it says what is so.

``verdicts`` holds the verdict and the judge, ``saying`` hears values in a text, ``moves`` hears what a text claims to
have happened, ``honesty`` holds claims against what happened, ``transcripts`` judges a whole conversation afterwards.
"""
