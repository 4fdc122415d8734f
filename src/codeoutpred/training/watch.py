"""What is watched while a policy is trained: its budget, and signs that it learns nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from codeoutpred.training.callbacks import Progress

MOST_CLIPPED = 0.5
"""From this share of completions that are cut off on, a warning is given."""

_LOG = logging.getLogger("codeoutpred")


class Budget(TrainerCallback):  # type: ignore[misc]
    """Counts episodes: what was sampled to replace closed groups takes steps off the end.

    The schedule of the learning rate goes on with the episodes, so that it comes to its end.
    """

    def __init__(self, trainer: Any, progress: Progress | None) -> None:
        self._trainer = trainer
        self._progress = progress

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        trainer = self._trainer
        done = state.global_step + int(trainer.replaced / completions_a_step(args))
        scheduler = kwargs["lr_scheduler"]
        while scheduler.last_epoch < min(done, state.max_steps):
            scheduler.step()
        if done >= state.max_steps:
            control.should_training_stop = True
        if self._progress is not None and state.is_world_process_zero:
            self._progress(trainer.sampled, max(trainer.sampled, trainer.episodes))


class Watch(TrainerCallback):  # type: ignore[misc]
    """Warns, once of each, where the log shows that little or nothing can be learnt."""

    def __init__(self, new_tokens: int) -> None:
        self._new_tokens = new_tokens
        self._told: set[str] = set()

    def on_log(
        self, args: Any, state: Any, control: Any, logs: Mapping[str, Any], **kwargs: Any
    ) -> None:
        if state.is_world_process_zero:
            for kind, line in warnings_of(logs, self._new_tokens).items():
                if kind not in self._told:
                    self._told.add(kind)
                    _LOG.warning(line)


def warnings_of(logs: Mapping[str, Any], new_tokens: int) -> dict[str, str]:
    """By kind, what is wrong with the figures that were logged, and its cure."""
    found = {}
    clipped = logs.get("completions/clipped_ratio") or 0.0
    if clipped >= MOST_CLIPPED:
        found["clipped"] = (
            f"{clipped:.0%} of the completions were cut off at {new_tokens} tokens before they "
            "ended: allow more (--new-tokens), or start from a model that has learnt to stop, by "
            "train-supervised"
        )
    unjudged = logs.get("not_judged") or 0.0
    if logs.get("frac_reward_zero_std") == 1 and unjudged < 1:
        right = logs.get("accuracy") or 0.0
        found["closed"] = (
            "in every group all completions earned the same, and nothing is learnt: "
            + (
                "take harder samples, or stop here"
                if right > 0.5
                else "take easier samples, start from a model that was trained longer by "
                "train-supervised, or pay for near answers (--reward graded)"
            )
            + "; larger groups and a higher temperature find more differences"
        )
    if unjudged:
        found["not judged"] = (
            f"{unjudged:.0%} of the completions could not be judged and are left out"
        )
    return found


def completions_a_step(args: Any) -> float:
    """How many completions are sampled for an optimiser step, over all processes."""
    batch = args.per_device_train_batch_size * args.world_size * args.gradient_accumulation_steps
    return float(batch / args.num_iterations)
