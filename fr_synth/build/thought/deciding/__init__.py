"""Thoughts of turns that no situation words: one where something is decided, none where nothing is.

``looking`` says before a look-up what is missing and where it stands, ``finding`` after it which one it is and by
what, ``ending`` before a reply what was picked out or added up; ``phrases`` has the sentences, and ``turn`` puts them
together.
"""
