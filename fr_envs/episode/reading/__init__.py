"""Reading what models write: calls in every style, thinking, replies; nothing is evaluated, nothing raises.

::

    bounds       how much is read; what a value may hold
    offer        the tools offered, names and types
    literals     JSON and its neighbours, Python's literals
    arguments    arguments as text or object -> ToolCall
    objects      JSON values -> calls, or data
    tags         marks: <tool_call>, <|channel|>, [THINK] …
    cursor       one text that is read, and a purse that keeps it linear
    markup       <function=mkdir><parameter=path>…
    invocations  mkdir(path="drafts")
    forms        whatever stands between the marks of a call
    labels       Action: … Action Input: …
    harmony      <|channel|>commentary to=functions.mkdir …
    scanning     one pass over a text
    hints        what looks like a call and is none
    words        JSON and code among words
    blocks       fenced blocks
    replies      thinking written as words
    messages     the messages of model servers
    plain        the plain case first
    action       read_action
"""

from fr_envs.episode.reading.action import read_action
from fr_envs.episode.reading.bounds import writable
from fr_envs.episode.reading.offer import Offer, Tools
from fr_envs.episode.reading.plain import plain_call

__all__ = ["Offer", "Tools", "plain_call", "read_action", "writable"]
