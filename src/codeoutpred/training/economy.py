"""TRL's trainers of a policy, with the work left out that changes nothing.

Completions are written in rounds, so that those that have ended leave the batch. Of the batch
that is learnt from, rows without an advantage are left out (their gradient is zero), and rows of
like length go through the model together, padded to the longest among them and not of all.
"""

from __future__ import annotations

from typing import Any

import torch

from codeoutpred.models.cache import growing_cache
from codeoutpred.models.rounds import complete_in_rounds

ROWS_TOGETHER = 16


class Economy:
    """Mixed into `GRPOTrainer` or `RLOOTrainer`: the same gradients for less.

    On several processes, with vLLM, or where a loss is no sum over rows, it is TRL's own in all.
    """

    def _generate_single_turn(self: Any, prompt_ids: Any, *others: Any, **named: Any) -> Any:
        write = super()._generate_single_turn  # type: ignore[misc]
        paged = self.use_transformers_continuous_batching
        if self.use_vllm or paged or self.accelerator.num_processes > 1:
            return write(prompt_ids, *others, **named)
        whole = self.generation_config.max_new_tokens
        with_probabilities = False  # GRPO gives them beside the rows, and only vLLM fills them in

        def round_of(sequences: list[list[int]], length: int) -> list[list[int]]:
            nonlocal with_probabilities
            self.generation_config.max_new_tokens = length
            written = write(sequences, *others, **named)
            with_probabilities = isinstance(written, tuple)
            rows: list[list[int]] = written[0] if with_probabilities else written
            return rows

        try:
            with growing_cache(self.accelerator.unwrap_model(self.model)):
                rows = complete_in_rounds(prompt_ids, whole, set(self.eos_token_ids), round_of)
        finally:
            self.generation_config.max_new_tokens = whole
        return (rows, None) if with_probabilities else rows

    def _compute_loss(self: Any, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        compute = super()._compute_loss  # type: ignore[misc]
        # With processes that take different numbers of parts, one would wait for the other.
        if self.aux_loss_enabled or self.accelerator.num_processes > 1 or not self.sums_over_rows:
            loss: torch.Tensor = compute(model, inputs)
            return loss
        parts = parts_of_like_length(inputs)
        return torch.stack(
            [compute(model, part) * self.share_of_loss(part, inputs) for part in parts]
        ).sum()

    @property
    def sums_over_rows(self) -> bool:
        """Whether the loss of a batch can be put together from the losses of its parts."""
        raise NotImplementedError

    def share_of_loss(self, part: dict[str, Any], whole: dict[str, Any]) -> float:
        """What the loss of a part counts for in that of the whole."""
        raise NotImplementedError


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
