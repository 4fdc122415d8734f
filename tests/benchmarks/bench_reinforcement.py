"""Reinforcement learning beside a script written by hand over TRL, and what the reward takes of it.

Usage: bench_reinforcement.py [ROUNDS], by default 5. Each run has a process and one thread of its
own; the sides take turns. `like with like` leaves out what changes the algorithm, the replaced
groups and the curriculum; `as it comes` has both. `training` is from the samples to the saved
model, in processor seconds; `process` counts its start and the loading as well; `reward` is what
verdicts and rewards take of the training, in per cent. Ratios are medians over the rounds, with the
lowest and the highest.
"""

from __future__ import annotations

import functools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drawn import drills, keep, kept
from pairs import Figures, complaint, in_turn, measured, print_table

if TYPE_CHECKING:
    from codeoutpred.records import Sample

EPISODES, BATCH, GROUP, RATE, NEW_TOKENS = 192, 64, 8, 1e-4, 320
DRAWN, LEVELS = 300, (1, 2)
LENGTH = "completions/mean_length"
COLUMNS = {
    "processor": "training, s",
    "clock": "by the clock, s",
    "process": "process, s",
    "peak": "peak, MB",
    "tokens": "tokens a completion",
    "reward": "reward, %",
}


def ours(
    samples: Sequence[Sample], folder: Path, model: Any, tokenizer: Any, **changes: Any
) -> dict[str, float]:
    """The trainer of the library."""
    from datasets import Dataset, DatasetDict

    from codeoutpred.rewards.staged import StagedReward
    from codeoutpred.training.reinforcement import RLTrainer
    from codeoutpred.training.settings import ReinforcementSettings
    from codeoutpred.verification.value import ValueVerifier

    settings = ReinforcementSettings(
        episodes=EPISODES, batch_size=BATCH, group_size=GROUP, learning_rate=RATE, lora_rank=0,
        prompt_format="trace", new_tokens=NEW_TOKENS, **changes,
    )  # fmt: skip
    trainer = RLTrainer(
        model, tokenizer, settings, output_dir=folder,
        verifier=ValueVerifier(), reward=StagedReward(),
    )  # fmt: skip
    spent = timed(trainer.reward, "score")
    rows = Dataset.from_list([sample.to_dict() for sample in samples])
    trainer.train(DatasetDict({"train": rows}))
    curves = [json.loads(line) for line in (folder / "training_log.jsonl").open()]
    return {"reward": sum(spent), "tokens": mean_length(curves)}


def by_hand(
    samples: Sequence[Sample], folder: Path, model: Any, tokenizer: Any
) -> dict[str, float]:
    """What one would write who knows TRL, with the same settings and the same judge."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    from codeoutpred.prompts import build_prompt
    from codeoutpred.rewards.staged import StagedReward
    from codeoutpred.training.scoring import VerificationReward
    from codeoutpred.verification.value import ValueVerifier

    rows = [
        {"prompt": build_prompt(sample, "trace").text, "sample": json.dumps(sample.to_dict())}
        for sample in samples
    ]
    config = GRPOConfig(
        output_dir=str(folder), max_steps=EPISODES // BATCH, per_device_train_batch_size=BATCH,
        num_generations=GROUP, max_completion_length=NEW_TOKENS, temperature=1.0, beta=0.0,
        learning_rate=RATE, lr_scheduler_type="linear", warmup_steps=0.05, weight_decay=0.0,
        bf16=False, use_cpu=True, gradient_checkpointing=False, save_strategy="steps",
        save_steps=0.1, save_total_limit=2, logging_steps=0.02, report_to="none",
        disable_tqdm=True, seed=0,
    )  # fmt: skip
    reward = VerificationReward(ValueVerifier(), StagedReward(), "trace")
    spent = timed(reward, "score")
    trainer = GRPOTrainer(
        model=model, processing_class=tokenizer, args=config,
        reward_funcs=reward, train_dataset=Dataset.from_list(rows),
    )  # fmt: skip
    trainer.train()
    trainer.save_model(str(folder))
    tokenizer.save_pretrained(str(folder))
    return {"reward": sum(spent), "tokens": mean_length(trainer.state.log_history)}


def timed(owner: Any, name: str) -> list[float]:
    """The processor seconds of every call of a method from now on."""
    method, spent = getattr(owner, name), []

    @functools.wraps(method)
    def call(*arguments: Any) -> Any:
        began = time.process_time()
        try:
            return method(*arguments)
        finally:
            spent.append(time.process_time() - began)

    setattr(owner, name, call)
    return spent


def mean_length(log: Sequence[Mapping[str, float]]) -> float:
    """The tokens of a completion, on average over what was logged."""
    lengths = [row[LENGTH] for row in log if LENGTH in row]
    return sum(lengths) / len(lengths)


SIDES: dict[str, tuple[Callable[..., dict[str, float]], dict[str, Any]]] = {
    "by hand": (by_hand, {}),
    "like with like": (ours, {"resampling": 0, "curriculum": False}),
    "as it comes": (ours, {}),
}


def run(side: str, file: Path) -> None:
    """Reinforce as the side does on the samples in the file; print what it took."""
    from codeoutpred.models.tiny import build

    [samples] = kept(file)
    train, settings = SIDES[side]
    model, tokenizer = build()
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, measured(figures):
        figures.update(train(samples, Path(folder), model, tokenizer, **settings))
    figures["reward"] *= 100 / figures["processor"]
    print(json.dumps(figures))


def main(rounds: int) -> None:
    """Print the table."""
    if missing := complaint():
        print(missing)
        return
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        keep(Path(file.name), drills("train", DRAWN, levels=LEVELS, seed=1))
        runs = in_turn(__file__, list(SIDES), rounds, file.name)
    print(f"{EPISODES} completions in batches of {BATCH}, groups of {GROUP}, {rounds} rounds")
    print_table(runs, "by hand", COLUMNS)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 5)
