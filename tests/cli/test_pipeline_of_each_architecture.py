"""`full-pipeline` on a folder of each architecture, as a user would run it."""

from __future__ import annotations

import json
from pathlib import Path

import architectures
import commands
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("bitsandbytes")

pytestmark = [pytest.mark.heavy, pytest.mark.long]


@pytest.mark.parametrize("name", architectures.ARCHITECTURES)
def test_the_pipeline_trains_reinforces_and_compares(name: str, tmp_path: Path) -> None:
    model = architectures.save_architecture(
        name, tmp_path / "model", max_position_embeddings=4096, ends_soon=True
    )
    done = commands.run(
        *("full-pipeline", "--model", "custom", "--custom-model-id", model),
        *("--num-samples", 60, "--epochs", 0.2, "--rl-episodes", 8, "--eval-programs", 2),
        *("--workers", 1, "--output-dir", tmp_path / "run", "--json"),
    )
    assert done.status == 0, done.err
    report = json.loads(done.out)
    names = [row["name"] for row in report["greedy"]["reports"]]
    assert names[-3:] == ["untrained model", "supervised", "reinforced"]
    checkpoints = tmp_path / "run" / "checkpoints"
    for adapter in (checkpoints / "supervised", checkpoints / "rl" / "final_model"):
        assert (adapter / "adapter_model.safetensors").is_file()
    assert "Traceback" not in done.err
