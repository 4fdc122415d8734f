"""How far a policy has moved from where it started, in nats a token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import TrainerCallback

ROWS = 16
"""Completions that are looked at."""


class Divergence(TrainerCallback):  # type: ignore[misc]
    """Logs `kl` at every checkpoint and in the end, where TRL does not: where `beta` is 0.

    It is estimated on the last completions that were sampled, as TRL does where it takes part in
    the loss (Schulman 2020, "Approximating KL divergence", k3). The start is kept as a copy of
    what is trained: an adapter, or all weights. A model cut apart over processes is not measured.
    """

    def __init__(self, trainer: Any) -> None:
        self._trainer = trainer
        is_whole = not (trainer.is_fsdp_enabled or trainer.is_deepspeed_enabled)
        self._start = (
            [weight.detach().clone() for weight in self._trained()]
            if is_whole and trainer.beta == 0
            else []
        )

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if self._start and (control.should_save or control.should_training_stop):
            control.should_log = True
            self._trainer._metrics["train"]["kl"].append(self.measure())

    def measure(self) -> float:
        """The mean over tokens, the same in all processes."""
        rows = self._trainer._buffered_inputs[-1]
        mask = rows["completion_mask"][:ROWS]
        now = self._log_probabilities(rows)
        with self._as_at_the_start():
            less = self._log_probabilities(rows) - now
        apart = ((less.exp() - less - 1) * mask).sum()
        total = self._trainer.accelerator.reduce(torch.stack([apart, mask.sum()]))
        return float(total[0] / total[1].clamp(min=1))

    def _log_probabilities(self, rows: dict[str, Any]) -> torch.Tensor:
        whole, seen = (
            torch.cat([rows[f"prompt_{name}"], rows[f"completion_{name}"]], dim=1)[:ROWS]
            for name in ("ids", "mask")
        )
        model, length = self._trainer.model, rows["completion_ids"].shape[1]
        was_training = model.training
        model.eval()
        with torch.no_grad():
            found = self._trainer._get_per_token_logps_and_entropies(model, whole, seen, length)
        model.train(was_training)
        values: torch.Tensor = found[0]
        return values

    @contextmanager
    def _as_at_the_start(self) -> Iterator[None]:
        trained = self._trained()
        now = [weight.detach().clone() for weight in trained]
        _fill(trained, self._start)
        try:
            yield
        finally:
            _fill(trained, now)

    def _trained(self) -> list[torch.Tensor]:
        return [weight for weight in self._trainer.model.parameters() if weight.requires_grad]


def _fill(weights: list[torch.Tensor], values: list[torch.Tensor]) -> None:
    with torch.no_grad():
        for weight, value in zip(weights, values, strict=True):
            weight.copy_(value)
