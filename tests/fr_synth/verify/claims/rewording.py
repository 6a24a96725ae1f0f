"""Texts in other words: what a model may make of a situation's sentences, as true as they were."""

from __future__ import annotations

import re

_PAIRS = (
    ("I've", "I have"), ("it's", "it is"), ("It's", "It is"), ("isn't", "is not"), ("That's", "That is"),
    ("can't", "cannot"), ("There's", "There is"), ("there's", "there is"), ("won't", "will not"), ("I'll", "I will"),
    ("doesn't", "does not"), ("don't", "do not"), ("They've", "They have"), ("wasn't", "was not"), ("I'm", "I am"),
    ("haven't", "have not"), ("hasn't", "has not"), ("what's", "what is"),
    ("aren't", "are not"), ("you'd", "you would"),
    ("Done, ", "All done: "), ("Done: ", "All done: "),
    ("because", "since"), ("Which one", "Which of them"),
    ("so I", "and so I"), (" as well", ", too"), ("at the moment", "right now"), ("instead of", "rather than"),
    ("I look up", "I'll look up"), ("I list", "I'll list"), ("I look", "I'll look"), ("Here are", "These are"),
    ("from now on", "as of now"), ("in all", "altogether"), ("a moment", "a little while"), (" just ", " only "),
    ("nothing else", "nothing more"), ("goes to", "is for"), (" is left", " remains"),
    ("as asked", "as they asked"), ("It has", "It comes with"), ("I've paused it", "The order is paused"),
    ("is open now", "has been opened"), ("They want", "They would like"),
    ("Should I", "Shall I"), ("Would you like", "Do you want"), ("can be", "may be"), ("hasn't", "has not"),
    ("Since ", "As "), ("The list has", "In the list there are"), ("at no charge", "free of charge"),
)  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_LEANS = re.compile(
    r"(?:It|That|This|They|These|Those|He|She|So|Then|There|One|Both|The (?:other|rest)|All|None|Else)\b"
)


def in_other_words(text: str) -> str:
    """A text with little words exchanged, and its two sentences the other way round where none leans on the other."""
    for old, new in _PAIRS:
        text = re.sub(rf"(?<![\w'-]){re.escape(old)}(?![\w'-])" if old.strip() == old else re.escape(old), new, text)
    parts = _SENTENCE.split(text)
    if len(parts) == 2 and "?" not in text and "\n" not in text and not _LEANS.match(parts[1]) and '"' not in text:
        text = f"{parts[1]} {parts[0]}"
    return text
