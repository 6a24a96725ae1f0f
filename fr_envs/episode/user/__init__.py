"""Who speaks as the user of a task: the script alone, or somebody who answers what the agent says."""
