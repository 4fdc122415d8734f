"""Groups that teach something, and what becomes of the others."""

from __future__ import annotations

import itertools
import json
import logging
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from safetensors.torch import load_file  # noqa: E402

from codeoutpred.errors import TrainingError  # noqa: E402
from codeoutpred.rewards.ledger import Ledger  # noqa: E402
from codeoutpred.training.checkpoints import last_whole_checkpoint  # noqa: E402
from codeoutpred.training.reinforcement import FINAL, LEDGER, RLTrainer  # noqa: E402
from codeoutpred.training.rollouts import Completion, is_open  # noqa: E402
from codeoutpred.training.settings import ReinforcementSettings  # noqa: E402
from codeoutpred.verification.value import ValueVerifier  # noqa: E402

pytestmark = pytest.mark.heavy

Fresh = Callable[[], tuple[Any, Any]]
SETTINGS = ReinforcementSettings(
    episodes=64,
    batch_size=8,
    learning_rate=1e-3,
    lora_rank=0,
    prompt_format="trace",
    new_tokens=4,
    checkpoints=1,
    native={"logging_steps": 1},
)


class Pays:
    """A reward that a function of sample and text decides."""

    __name__ = "pays"

    def __init__(self, amount: Callable[[Any, str], Any]) -> None:
        self.amount = amount

    def __call__(self, sample: Any, prediction: Any, verdict: Any) -> Any:
        return self.amount(sample, prediction.text)


def train(
    fresh: Fresh, dataset: Any, folder: Path, amount: Callable[[Any, str], Any], **changes: Any
) -> list[dict[str, float]]:
    """The log of a training that pays by `amount`."""
    model, tokenizer = fresh()
    subject = RLTrainer(
        model,
        tokenizer,
        replace(SETTINGS, **changes),
        output_dir=folder,
        verifier=ValueVerifier(),
        reward=Pays(amount),
    )
    subject.train(dataset)
    log = (folder / "training_log.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, log) if "reward" in row]


def group(*rewards: float) -> list[Completion]:
    return [Completion(0, (), reward, True) for reward in rewards]


def test_a_group_is_open_where_what_was_judged_differs() -> None:
    assert is_open(group(0.0, 1.0))
    assert not is_open(group(1.0, 1.0))
    assert not is_open(group(1.0, math.nan))
    assert is_open(group(1.0, math.nan, 0.5))


@pytest.mark.parametrize("algorithm", ["grpo", "rloo"])
def test_groups_of_equal_rewards_are_replaced_and_count_as_episodes(
    fresh: Fresh, dataset: Any, tmp_path: Path, samples: Any, algorithm: str
) -> None:
    dull = {sample.id for sample in samples[::2]}

    def amount(sample: Any, text: str) -> float:
        return 0.0 if sample.id in dull else float(len(set(text)))

    kept = train(fresh, dataset, tmp_path / "kept", amount, resampling=0, algorithm=algorithm)
    assert len(kept) == 8
    assert any(row["frac_reward_zero_std"] > 0 for row in kept)
    replaced = train(fresh, dataset, tmp_path / "new", amount, algorithm=algorithm)
    assert 2 <= len(replaced) < 8
    assert replaced[-1]["episodes"] == 64
    assert replaced[-1]["learning_rate"] < max(row["learning_rate"] for row in kept) / 2


def test_what_cannot_be_judged_is_masked_and_told(
    fresh: Fresh, dataset: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "codeoutpred"):
        log = train(fresh, dataset, tmp_path, lambda sample, text: None, episodes=16, resampling=0)
    assert [row["not_judged"] for row in log] == [1.0, 1.0]
    assert log[0]["grad_norm"] == 0
    told = [record.message for record in caplog.records if record.name == "codeoutpred"]
    assert sum("could not be judged" in line for line in told) == 1
    assert not any("earned the same" in line for line in told)


def test_a_policy_that_cannot_learn_is_told_with_the_cure(
    fresh: Fresh, dataset: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "codeoutpred"):
        train(fresh, dataset, tmp_path, lambda sample, text: 0.0, episodes=16)
    told = "\n".join(record.message for record in caplog.records if record.name == "codeoutpred")
    assert "cut off at 4 tokens" in told and "--new-tokens" in told
    assert "all completions earned the same" in told and "easier samples" in told


class Killed(Exception):
    pass


@pytest.mark.parametrize("algorithm", ["grpo", "rloo"])
def test_a_training_that_was_cut_off_ends_with_the_same_weights(
    fresh: Fresh, dataset: Any, tmp_path: Path, algorithm: str
) -> None:
    settings = replace(
        SETTINGS, episodes=48, checkpoints=4, algorithm=algorithm, native={"num_iterations": 2}
    )

    def subject(folder: Path) -> RLTrainer:
        model, tokenizer = fresh()
        pays = Pays(lambda sample, text: float(len(set(text)) > 3))
        judges: dict[str, Any] = {"verifier": ValueVerifier(), "reward": pays}
        return RLTrainer(model, tokenizer, settings, output_dir=folder, **judges)

    def kill(done: int, total: int) -> None:
        if done >= 24:
            raise Killed

    subject(tmp_path / "whole").train(dataset)
    cut = subject(tmp_path / "cut")
    cut.progress = kill
    with pytest.raises(Killed):
        cut.train(dataset)
    last = last_whole_checkpoint(tmp_path / "cut")
    assert last is not None and last.name == "checkpoint-3"  # half of what was sampled is learnt
    subject(tmp_path / "cut").train(dataset, resume=True)
    whole, found = (
        load_file(tmp_path / name / FINAL / "model.safetensors") for name in ("whole", "cut")
    )
    assert all(torch.equal(whole[name], found[name]) for name in whole)
    one, other = (Ledger(tmp_path / name / LEDGER).entries() for name in ("whole", "cut"))
    assert list(one) == list(other)


def alternating() -> Callable[[Any, str], float]:
    """Pays one completion and not the next, so that every group is open."""
    turns = itertools.cycle([0.0, 1.0])
    return lambda sample, text: next(turns)


def test_a_rate_that_wrecks_the_policy_stops_with_the_last_good_checkpoint(
    fresh: Fresh, dataset: Any, tmp_path: Path
) -> None:
    """The first step takes no rate yet, the second ruins all, and both leave a checkpoint."""
    changes = {"learning_rate": 1e30, "checkpoints": 8}
    native = {"warmup_steps": 1}
    with pytest.raises(TrainingError, match=r"nan or infinite in step 3; .*checkpoint-1; .*lower"):
        train(fresh, dataset, tmp_path, alternating(), native=native, **changes)


def test_a_batch_that_never_fits_is_one_line_with_the_cure(
    fresh: Fresh, dataset: Any, tmp_path: Path
) -> None:
    def crowded() -> tuple[Any, Any]:
        model, tokenizer = fresh()

        def allocate(module: Any, arguments: Any, settings: Any, output: Any) -> None:
            if module.training:
                raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate 2 GiB")

        model.register_forward_hook(allocate, with_kwargs=True)
        return model, tokenizer

    with pytest.raises(TrainingError, match=r"out of memory in step 1 .*--batch-size") as caught:
        train(crowded, dataset, tmp_path, alternating())
    assert "\n" not in str(caught.value)


def fails(sample: Any, text: str) -> Any:
    raise ZeroDivisionError("division\nby zero")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (fails, "ZeroDivisionError: division by zero"),
        (lambda sample, text: [1.0, 2.0], r"gave \[1.0, 2.0\]"),
        (lambda sample, text: math.nan, "gave nan"),
    ],
)
def test_a_reward_that_breaks_its_contract_is_named_with_the_sample(
    fresh: Fresh, dataset: Any, samples: Any, tmp_path: Path, amount: Any, words: str
) -> None:
    with pytest.raises(TrainingError, match=words) as caught:
        train(fresh, dataset, tmp_path, amount)
    line = str(caught.value)
    assert "'pays'" in line and any(sample.id in line for sample in samples)
    assert "\n" not in line
