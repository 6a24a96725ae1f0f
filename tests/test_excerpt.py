"""The dialogue on the README's page is one that the README's first command makes."""

from __future__ import annotations

import re
from pathlib import Path

from fr_synth.run.config import RunConfig
from fr_synth.run.making import make_index
from fr_synth.trace.rows import decode

ROOT = Path(__file__).parents[1]
SECOND = 1


def test_the_excerpt_is_what_the_first_command_writes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    job = re.search(r"^JOB := (.*)$", makefile, re.MULTILINE)
    assert job is not None
    options = job[1].split()
    domains = tuple(options[k + 1] for k, each in enumerate(options) if each == "--domain")
    made = make_index(RunConfig(domains=domains, seed=int(options[options.index("--seed") + 1])), SECOND)
    assert made.lines is not None
    messages = decode(made.lines, "here").messages
    told = " ".join(f"{m.get('reasoning_content') or ''} {m.get('content') or ''}" for m in messages)
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = page.partition("```text\n")[2].partition("```")[0]
    spoken = re.findall(r"^(?:user|reasoning|assistant) +(.*(?:\n {8,}.*)*)$", excerpt, re.MULTILINE)
    assert len(spoken) >= 5
    for text in spoken:
        assert " ".join(text.split()) in told
