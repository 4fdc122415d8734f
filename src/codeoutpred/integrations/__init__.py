"""Our questions and rewards inside the training and evaluation codebases of others.

One thin file a host: `trl`, `verl`, `openrlhf`, `verifiers`, `reasoning_gym`, `inspect_ai` and the
folder `lm_eval`. All ask the same questions and score by the same rule (`scorer`).
"""
