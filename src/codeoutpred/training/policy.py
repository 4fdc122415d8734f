"""The trainers of a policy: TRL's GRPO and RLOO, economical, on groups that teach something."""

from __future__ import annotations

from typing import Any

from trl import GRPOConfig, GRPOTrainer, RLOOConfig, RLOOTrainer

from codeoutpred.training.economy import Economy
from codeoutpred.training.rollouts import Rollouts


class EconomicalGRPOTrainer(Economy, Rollouts, GRPOTrainer):  # type: ignore[misc]
    """Group-relative policy optimisation (Shao et al. 2024, DeepSeekMath, section 4)."""

    completions_at = 3

    @property
    def sums_over_rows(self) -> bool:
        """Only here is the loss a sum over tokens whose divisor does not hang on the rows."""
        return bool(self.loss_type == "dapo" and self.beta == 0 and not self._entropy_bonus_enabled)

    def share_of_loss(self, part: dict[str, Any], whole: dict[str, Any]) -> float:
        """The divisor is that of the whole batch already."""
        return 1.0


class EconomicalRLOOTrainer(Economy, Rollouts, RLOOTrainer):  # type: ignore[misc]
    """REINFORCE with the others of a group for a baseline (Ahmadian et al. 2024, section 4)."""

    completions_at = 2

    @property
    def sums_over_rows(self) -> bool:
        """The loss is a mean over rows; divergence is part of their rewards."""
        return True

    def share_of_loss(self, part: dict[str, Any], whole: dict[str, Any]) -> float:
        """A mean over the rows of the part, as a share of that over all rows."""
        return len(part["advantages"]) / len(whole["advantages"])


ALGORITHMS: dict[str, tuple[type[Any], type[Any]]] = {
    "grpo": (EconomicalGRPOTrainer, GRPOConfig),
    "rloo": (EconomicalRLOOTrainer, RLOOConfig),
}
"""The trainer and the native configuration of each algorithm."""
