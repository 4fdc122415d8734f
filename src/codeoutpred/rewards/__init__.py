"""`Verdict` -> number: the rewards that reinforcement learning raises.

Each comes by its name through the hook. `floor` is the least that it pays a right answer,
`ceiling` the most that it pays any other, in the reward's own unit; the first is always above the
second. None is paid to what cannot be judged: a sample without a verified answer.
"""
