"""`Verdict` -> number: the rewards that reinforcement learning raises."""
