"""Loading by the real hub code, on local folders."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from codeoutpred.errors import ModelError  # noqa: E402
from codeoutpred.models import presets, tiny  # noqa: E402
from codeoutpred.models.loading import load_model, resolve_preset  # noqa: E402

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model")
    model, tokenizer = tiny.build_untrained()
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


def test_a_custom_model_is_loaded_in_4_bit(folder: Path) -> None:
    preset = resolve_preset(presets.CUSTOM, str(folder))
    model, _ = load_model(preset)
    assert model.is_loaded_in_4bit
    kinds = {type(module).__name__ for module in model.modules()}
    assert "Linear4bit" in kinds


def test_a_model_that_is_nowhere_is_named(tmp_path: Path) -> None:
    preset = resolve_preset(presets.CUSTOM, str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match="nowhere"):
        load_model(preset)


def test_a_hub_id_without_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    preset = resolve_preset(presets.CUSTOM, "no-such-organisation/no-such-model")
    with pytest.raises(ModelError, match="no-such-model"):
        load_model(preset)


def test_an_empty_folder_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json"):
        load_model(presets.TINY, path=tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="no folder"):
        load_model(presets.TINY, path=tmp_path / "file")
