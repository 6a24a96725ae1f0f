"""How requests follow, over a small world of its own: a class of which nothing but the words is known.

1. One of a list is chosen, for a reason where the rows have one; what is none of them follows from nothing.
2. What was made goes on, or is put right; another member said for the first time puts nothing right.
3. Whoever has made or ended something looks what there is now; whoever changed one thing was told so.
4. The same is done again with what is as open as the last, and with another thing that goes to the same.
5. Things that go by their names are things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.purpose.dealt import listed, made, taken, thing_kinds
from fr_synth.sample.purpose.ties import Past, tie_of
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said
