"""TRL: GRPO over several turns of the user.

Usage: funreason export runs/first --to trl-grpo --out sets/grpo && python train_trl.py sets/grpo MODEL
"""

import sys

import torch
from datasets import load_dataset
from trl import GRPOConfig, GRPOTrainer

from fr_envs.trainers.trl import environment_factories, environment_of, reward

folder, model = sys.argv[1:3]
rows = load_dataset(folder, split="train")
rows = rows.map(lambda row: {"environment": environment_of(row["task"])})  # each row with the tools of its task

trainer = GRPOTrainer(
    model,
    reward_funcs=[reward],
    args=GRPOConfig(
        output_dir="trained",
        max_steps=2,
        per_device_train_batch_size=2,
        num_generations=2,
        max_completion_length=64,
        report_to=[],
        save_strategy="no",
        bf16=torch.cuda.is_available(),
        use_cpu=not torch.cuda.is_available(),
    ),
    train_dataset=rows,
    environment_factory=environment_factories(rows["task"], rules={"invalid_penalty": 0.05}),
)
trainer.train()
print(f"{trainer.state.global_step} steps")  # noqa: T201 - an example may talk
