"""TRL's `GRPOTrainer`, with the work left out that changes nothing.

Completions are written in rounds, so that those that have ended leave the batch. Of the batch
that is learnt from, rows without an advantage are left out (their gradient is zero), and rows of
like length go through the model together, padded to the longest among them and not of all.
"""

from __future__ import annotations

from typing import Any

import torch
from trl import GRPOTrainer

from codeoutpred.models.rounds import complete_in_rounds

ROWS_TOGETHER = 16


class EconomicalGRPOTrainer(GRPOTrainer):  # type: ignore[misc]
    """A `GRPOTrainer` of the same gradients. On several processes it is TRL's own in all."""

    def _generate_single_turn(self, prompt_ids: Any, *others: Any, **named: Any) -> tuple[Any, Any]:
        write = super()._generate_single_turn
        if self.use_vllm or self.accelerator.num_processes > 1:
            result: tuple[Any, Any] = write(prompt_ids, *others, **named)
            return result
        whole = self.generation_config.max_new_tokens

        def round_of(sequences: list[list[int]], length: int) -> list[list[int]]:
            self.generation_config.max_new_tokens = length
            rows: list[list[int]] = write(sequences, *others, **named)[0]
            return rows

        try:
            return complete_in_rounds(prompt_ids, whole, set(self.eos_token_ids), round_of), None
        finally:
            self.generation_config.max_new_tokens = whole

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        compute = super()._compute_loss
        # Only here is the loss a sum over tokens whose divisor does not hang on the rows at hand.
        if self.loss_type != "dapo" or self.beta != 0 or self._entropy_bonus_enabled:
            loss: torch.Tensor = compute(model, inputs)
            return loss
        return torch.stack([compute(model, part) for part in parts_of_like_length(inputs)]).sum()


def parts_of_like_length(inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that have an advantage (one row where none has), sorted by length and cut apart.

    Prompts are padded on the left, completions on the right; both lose what no row needs.
    """
    prompts, completions = inputs["prompt_mask"].sum(1), inputs["completion_mask"].sum(1)
    rows = inputs["advantages"].nonzero().flatten()
    if not len(rows):
        rows = torch.zeros(1, dtype=torch.long, device=rows.device)
    rows = rows[(prompts + completions)[rows].argsort()]
    parts = []
    for chosen in rows.split(ROWS_TOGETHER):
        before = inputs["prompt_mask"].shape[1] - int(prompts[chosen].max())
        after = int(completions[chosen].max())
        part = {}
        for name, value in inputs.items():
            per_row = isinstance(value, torch.Tensor) and value.ndim > 0
            part[name] = value[chosen] if per_row else value
            if per_row and value.ndim > 1:
                needed = slice(before, None) if name.startswith("prompt") else slice(after)
                part[name] = part[name][:, needed]
        parts.append(part)
    return parts
