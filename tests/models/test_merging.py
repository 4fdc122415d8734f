"""Adapters trained on 4-bit weights, merged into the original base, for every architecture."""

from __future__ import annotations

import json
from pathlib import Path

import architectures
import pytest

torch = pytest.importorskip("torch")
load_file = pytest.importorskip("safetensors.torch").load_file

from codeoutpred.cli import main  # noqa: E402
from codeoutpred.errors import ModelError  # noqa: E402
from codeoutpred.models import presets  # noqa: E402
from codeoutpred.models.loading import load_model, resolve_preset  # noqa: E402
from codeoutpred.models.merging import merge_adapter  # noqa: E402

pytestmark = pytest.mark.heavy


def trained_adapter(base: Path, folder: Path) -> Path:
    """A 4-bit base's adapter after a step of training, its base unchanged."""
    from peft import LoraConfig, get_peft_model

    model, tokenizer = load_model(resolve_preset(presets.CUSTOM, str(base)))
    model = get_peft_model(model, LoraConfig(r=4, target_modules="all-linear"))
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    kept = {n: w.clone() for n, w in model.named_parameters() if not w.requires_grad}
    ids = tokenizer("def f(a):\n    return a", return_tensors="pt").input_ids
    optimizer = torch.optim.SGD(trained, lr=1.0)
    model(input_ids=ids, labels=ids).loss.backward()
    optimizer.step()
    assert all(torch.equal(w, kept[n]) for n, w in model.named_parameters() if n in kept)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("name", architectures.ARCHITECTURES)
def test_the_merged_model_writes_what_base_and_adapter_wrote(name: str, tmp_path: Path) -> None:
    base = architectures.save_architecture(name, tmp_path / "base")
    adapter = trained_adapter(base, tmp_path / "adapter")
    check = merge_adapter(presets.CUSTOM, adapter, tmp_path / "merged")
    assert check.same == check.probes
    assert check.largest_difference < 1e-4 * check.logit_range
    merged, _ = load_model(resolve_preset(presets.CUSTOM, str(tmp_path / "merged")))
    assert merged.is_loaded_in_4bit
    before, after = (
        load_file(folder / "model.safetensors") for folder in (base, tmp_path / "merged")
    )
    assert before.keys() == after.keys()
    changed = {n for n in before if not torch.equal(before[n], after[n])}
    assert changed and all(".layers." in name for name in changed)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return architectures.save_architecture("llama", tmp_path_factory.mktemp("base"))


def test_the_command_merges_and_reports(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    adapter = trained_adapter(base, tmp_path / "adapter")
    words = ["merge", "--model-path", str(adapter), "--output", str(tmp_path / "out"), "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["same"] == 3
    assert main(words) == 1
    assert "not empty" in capsys.readouterr().err
    assert main([*words, "--quantization", "4bit"]) == 2


def test_a_whole_model_has_nothing_to_merge(base: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no adapter"):
        merge_adapter(presets.CUSTOM, base, tmp_path / "out")
