"""What a policy is trained on: groups of completions that differ in what they earn.

A group whose completions all earn the same has no advantages, and teaches nothing. It is dropped,
and a group of another prompt is sampled in its place, for a bounded number of rounds (dynamic
sampling: Yu et al. 2025, DAPO, section 3.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from accelerate.utils import gather_object

from codeoutpred.records import Sample
from codeoutpred.rewards.ledger import Ledger
from codeoutpred.training.curriculum import PromptPool

STATE = "rollouts.pt"


@dataclass(frozen=True, slots=True)
class Completion:
    """A sampled completion: its prompt, its share of what TRL's `_generate` gave, and its pay.

    `reward` is nan and `correct` None where it could not be judged.
    """

    number: int
    written: tuple[Any, ...]
    reward: float
    correct: bool | None


Group = Sequence[Completion]


def is_open(group: Group) -> bool:
    """Whether a group's completions differ in what they earn, those not judged aside."""
    rewards = [row.reward for row in group if not math.isnan(row.reward)]
    return len(rewards) > 1 and max(rewards) > min(rewards)


class Rollouts:
    """Mixed into `GRPOTrainer` or `RLOOTrainer`: prompts come from a pool, and closed groups go.

    With a `pool` of rows (`prompt`, `sample`), its dataset only says how long a pass is, and
    its one reward function is a `VerificationReward`. `resampling` bounds the rounds in which
    closed groups are replaced, `episodes` the completions sampled in all; each of them is
    written to the `ledger`. Without a pool it is
    TRL's own. The state of all this is part of a checkpoint.
    """

    completions_at: int
    """Where the texts stand in what `_generate` returns."""

    def __init__(
        self: Any,
        *args: Any,
        pool: PromptPool | None = None,
        resampling: int = 0,
        episodes: int = 0,
        ledger: Ledger | None = None,
        **named: Any,
    ) -> None:
        self.pool = pool
        self.resampling = resampling
        self.episodes = episodes
        self.ledger = ledger
        self.sampled = 0
        self.replaced = 0
        self._per_row: set[int] = set()
        self._ready: tuple[list[Completion], list[Completion]] | None = None
        super().__init__(*args, **named)

    def _generate_and_score_completions(self: Any, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        finish = super()._generate_and_score_completions  # type: ignore[misc]
        if self.pool is None or not self.model.training:
            scored: dict[str, Any] = finish(inputs)
            return scored
        processes = self.accelerator.num_processes
        groups, sampled = self._groups(len(inputs) * processes // self.num_generations)
        rows = [row for group in groups for row in group]
        first = len(inputs) * self.accelerator.process_index
        own = rows[first : first + len(inputs)]
        self._ready = (own, rows)
        try:
            scored = finish([self.pool.rows[row.number] for row in own])
        finally:
            self._ready = None
        self._tell(sampled)
        return scored

    def _groups(self: Any, wanted: int) -> tuple[list[Group], list[Group]]:
        """As many groups as wanted, open ones as far as there are, and all that were sampled."""
        opened: list[Group] = []
        closed: list[Group] = []
        for _ in range(1 + self.resampling):
            missing = wanted - len(opened)
            is_first = not opened and not closed
            if not missing or not (
                is_first or self.sampled + missing * self.num_generations <= self.episodes
            ):
                break
            for group in self._sample(missing):
                (opened if is_open(group) else closed).append(group)
        sampled = [*opened, *closed]
        self.replaced += (len(sampled) - wanted) * self.num_generations
        return sampled[:wanted], sampled

    def _sample(self: Any, count: int) -> list[Group]:
        """At least `count` groups; all processes write their part of them, and get all."""
        size, processes = self.num_generations, self.accelerator.num_processes
        while count * size % processes:
            count += 1
        numbers = [number for number in self.pool.draw(count) for _ in range(size)]
        share = len(numbers) // processes
        first = share * self.accelerator.process_index
        rows = gather_object(self._write(numbers[first : first + share]))
        groups = [rows[at : at + size] for at in range(0, len(rows), size)]
        self.sampled += len(rows)
        for group in groups:
            judged = [row.correct for row in group if row.correct is not None]
            self.pool.learn(group[0].number, right=sum(judged), judged=len(judged))
        return groups

    def _write(self: Any, numbers: list[int]) -> list[Completion]:
        """One completion for each prompt of these numbers, judged."""
        examples = [self.pool.rows[number] for number in numbers]
        written = super()._generate([example["prompt"] for example in examples])  # type: ignore[misc]
        count = len(numbers)
        self._per_row = {
            at for at, item in enumerate(written) if isinstance(item, list) and len(item) == count
        }
        shares = zip(
            *(item if at in self._per_row else [item] * count for at, item in enumerate(written)),
            strict=True,
        )
        [scoring] = self.reward_funcs
        rows = []
        for number, example, share in zip(numbers, examples, shares, strict=True):
            sample: Sample = example["sample"]
            scored = scoring.score(sample, share[self.completions_at])
            if self.ledger is not None:
                self.ledger.record(
                    sample,
                    scored.prediction,
                    scored.verdict,
                    reward=scored.reward,
                    components=scored.components,
                    clipped=share[1][-1] not in self.eos_token_ids,
                    step=self.state.global_step,
                )
            judged = scored.reward is not None
            rows.append(
                Completion(
                    number=number,
                    written=share,
                    reward=scored.reward if judged else math.nan,
                    correct=scored.verdict.correct if judged else None,
                )
            )
        return rows

    def _generate(self: Any, prompts: list[Any]) -> Any:
        if self._ready is None:
            return super()._generate(prompts)  # type: ignore[misc]
        own, _ = self._ready
        columns = zip(*(row.written for row in own), strict=True)
        return tuple(
            list(column) if at in self._per_row else column[0] for at, column in enumerate(columns)
        )

    def _calculate_rewards(self: Any, inputs: Any, *others: Any) -> torch.Tensor:
        if self._ready is None:
            rewards: torch.Tensor = super()._calculate_rewards(inputs, *others)  # type: ignore[misc]
            return rewards
        _, rows = self._ready
        return torch.tensor([[row.reward] for row in rows], device=self.accelerator.device)

    def _tell(self: Any, groups: list[Group]) -> None:
        """Log what was sampled; TRL has only seen what was kept of it."""
        rows = [row for group in groups for row in group]
        rewards = torch.tensor([row.reward for row in rows])
        rewards = rewards[~rewards.isnan()]
        judged = [row.correct for row in rows if row.correct is not None]
        mean = rewards.mean().item() if len(rewards) else math.nan
        spread = rewards.std().item() if len(rewards) > 1 else 0.0
        name = self.reward_func_names[0]
        closed = sum(not is_open(group) for group in groups) / len(groups)
        log = self._metrics["train"]
        for key, value in {
            "reward": mean,
            "reward_std": spread,
            f"rewards/{name}/mean": mean,
            f"rewards/{name}/std": spread,
            "frac_reward_zero_std": closed,
        }.items():
            log[key][-1] = value
        log["accuracy"].append(sum(judged) / len(judged) if judged else math.nan)
        log["not_judged"].append(1 - len(judged) / len(rows))
        log["episodes"] = [self.sampled]
        for level, rate in self.pool.pass_rates().items():
            log[f"pass_rate/level_{level}"] = [rate]

    def _save_rng_state(self: Any, output_dir: str) -> None:
        super()._save_rng_state(output_dir)  # type: ignore[misc]
        if self.pool is not None:
            generate_every = self.args.steps_per_generation * self.num_iterations
            state = {
                "pool": self.pool.state(),
                "sampled": self.sampled,
                "replaced": self.replaced,
                "step": self._step,
                "buffered": self._buffered_inputs if self._step % generate_every else None,
            }
            torch.save(state, self._state_path(output_dir))

    def _load_optimizer_and_scheduler(self: Any, checkpoint: str | None) -> None:
        super()._load_optimizer_and_scheduler(checkpoint)  # type: ignore[misc]
        if self.pool is not None and checkpoint is not None:
            state = torch.load(self._state_path(checkpoint), map_location=self.accelerator.device)
            self.pool.restore(state["pool"])
            self.sampled = state["sampled"]
            self.replaced = state["replaced"]
            self._step = state["step"]
            self._buffered_inputs = state["buffered"]

    def _state_path(self: Any, folder: str) -> str:
        """Each process holds completions of its own."""
        return f"{folder}/{self.accelerator.process_index}.{STATE}"
