"""The economical trainers give the gradients of TRL's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
trl = pytest.importorskip("trl")

from codeoutpred.training.economy import parts_of_like_length  # noqa: E402
from codeoutpred.training.policy import EconomicalGRPOTrainer, EconomicalRLOOTrainer  # noqa: E402

pytestmark = pytest.mark.heavy


def batch(rows: int = 40) -> dict[str, Any]:
    """Rows of many lengths as TRL makes them; every third has no advantage."""
    torch.manual_seed(0)
    prompts, completions = torch.randint(3, 20, (rows,)), torch.randint(1, 15, (rows,))
    advantages = torch.randn(rows)
    advantages[::3] = 0
    places = torch.arange(32)
    return {
        "prompt_ids": torch.randint(2, 400, (rows, 32)),
        "prompt_mask": (places >= 32 - prompts[:, None]).long(),
        "completion_ids": torch.randint(2, 400, (rows, 32)),
        "completion_mask": (places < completions[:, None]).long(),
        "advantages": advantages,
        "num_items_in_batch": completions.sum(),
    }


def gradients(
    fresh: Any,
    trainer_class: type,
    folder: Path,
    config_class: type = trl.GRPOConfig,
    **settings: Any,
) -> tuple[float, Any]:
    from datasets import Dataset

    model, tokenizer = fresh()
    config = config_class(
        output_dir=str(folder), use_cpu=True, bf16=False, report_to="none", beta=0.0, **settings
    )
    trainer = trainer_class(
        model=model,
        processing_class=tokenizer,
        args=config,
        reward_funcs=lambda completions, **_: [0.0] * len(completions),
        train_dataset=Dataset.from_dict({"prompt": ["1|a = 3\n"]}),
    )
    trainer.current_gradient_accumulation_steps = trainer.args.gradient_accumulation_steps
    trainer.model.train()
    rows = batch()
    rows["old_logps"] = -4.0 * rows["completion_mask"].sum(1)  # read by RLOO alone
    loss = trainer.compute_loss(trainer.model, rows)
    loss.backward()
    return loss.item(), [parameter.grad.clone() for parameter in trainer.model.parameters()]


@pytest.mark.parametrize("loss_type", ["dapo", "grpo", "rloo"])
def test_loss_and_gradients_are_those_of_trl(fresh: Any, tmp_path: Path, loss_type: str) -> None:
    if loss_type == "rloo":
        expected, expected_gradients = gradients(fresh, trl.RLOOTrainer, tmp_path, trl.RLOOConfig)
        loss, found = gradients(fresh, EconomicalRLOOTrainer, tmp_path, trl.RLOOConfig)
    else:
        expected, expected_gradients = gradients(
            fresh, trl.GRPOTrainer, tmp_path, loss_type=loss_type
        )
        loss, found = gradients(fresh, EconomicalGRPOTrainer, tmp_path, loss_type=loss_type)
    assert loss == pytest.approx(expected, rel=1e-4, abs=1e-6)
    largest = max(float(gradient.abs().max()) for gradient in expected_gradients)
    assert largest > 0
    for one, other in zip(found, expected_gradients, strict=True):
        assert torch.allclose(one, other, atol=1e-4 * largest)


def test_rows_without_advantage_and_padding_that_no_row_needs_are_left_out() -> None:
    whole = batch()
    parts = parts_of_like_length(whole)
    kept = torch.cat([part["advantages"] for part in parts])
    assert sorted(kept.tolist()) == sorted(whole["advantages"][whole["advantages"] != 0].tolist())
    for part in parts:
        assert part["prompt_mask"].any(0).all() and part["completion_mask"].any(0).all()
        assert part["num_items_in_batch"] == whole["num_items_in_batch"]


def test_where_no_row_has_an_advantage_one_is_kept() -> None:
    whole = {**batch(), "advantages": torch.zeros(40)}
    [part] = parts_of_like_length(whole)
    assert part["advantages"].tolist() == [0.0]
    assert len(part["prompt_ids"]) == 1
