"""OpenRLHF: the file for --agent_func_path. The label of a row (--label_key task) is the task."""

from fr_envs.trainers.openrlhf import CHATML, agent_executor

AgentExecutor = agent_executor(rules={"pay": "turns", "invalid_penalty": 0.05}, marks=CHATML)
