"""verl: write agent_loops.yaml and tools.yaml.

Usage: python write_verl_config.py runs/first filesystem DIR

The loop (recommended: it plays every turn and pays for the reply) goes into
actor_rollout_ref.rollout.agent.agent_loop_config_path, with data.agent_name=funreason in the rows; the tools go into
actor_rollout_ref.rollout.multi_turn.tool_config_path.
"""

import sys
from pathlib import Path

import yaml

from fr_envs import load_domain

run, domain, out = sys.argv[1:4]
loops = [{"name": "funreason", "_target_": "fr_envs.trainers.verl.FunReasonLoop"}]
tools = [
    {
        "class_name": "fr_envs.trainers.verl.FunReasonTool",
        "config": {"type": "native", "tasks": str(Path(run).resolve())},
        "tool_schema": tool,
    }
    for tool in load_domain(domain).openai_tools
]
Path(out, "agent_loops.yaml").write_text(yaml.safe_dump(loops))
Path(out, "tools.yaml").write_text(yaml.safe_dump({"tools": tools}, sort_keys=False))
print(f"{len(tools)} tools")  # noqa: T201 - an example may talk
