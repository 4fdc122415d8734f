"""What TRL hands to a chat model: the answer and its end token are learnt, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import architectures
import pytest

torch = pytest.importorskip("torch")
trl = pytest.importorskip("trl")

from codeoutpred.models import presets  # noqa: E402
from codeoutpred.models.loading import load_model, resolve_preset  # noqa: E402
from codeoutpred.prompts import build_prompt  # noqa: E402
from codeoutpred.training.settings import SupervisedSettings  # noqa: E402
from codeoutpred.training.supervised import SupervisedTrainer  # noqa: E402

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("prompt_format", ["direct", "trace"])
def test_the_labels_are_the_answer_and_its_end_token(
    samples: Any, tmp_path: Path, prompt_format: str
) -> None:
    tokenizer = architectures.build_tokenizer(
        pad=architectures.END, chat_template=architectures.CHAT_TEMPLATE
    )
    folder = architectures.save_architecture("qwen2", tmp_path / "chat", tokenizer=tokenizer)
    model, tokenizer = load_model(resolve_preset(presets.CUSTOM, str(folder), quantization="none"))
    settings = SupervisedSettings(lora_rank=4, batch_size=4, prompt_format=prompt_format)
    subject = SupervisedTrainer(model, tokenizer, settings, output_dir=tmp_path / "out")
    native = trl.SFTTrainer(
        model=model,
        processing_class=tokenizer,
        args=subject.native_config(),
        train_dataset=subject._rows(samples[:4]),
    )
    [batch] = native.get_train_dataloader()
    wanted = {}
    for sample in samples[:4]:
        prompt = build_prompt(sample, prompt_format)
        shown = f"<|user|>\n{prompt.text}{architectures.END}\n<|assistant|>\n"
        wanted[shown] = prompt.completion + architectures.END
    found = {}
    for ids, labels, mask in zip(batch["input_ids"], batch["labels"], batch["attention_mask"]):
        is_learnt = labels != -100
        assert torch.equal(ids[is_learnt], labels[is_learnt])
        assert not is_learnt[mask == 0].any()
        found[tokenizer.decode(ids[(mask == 1) & ~is_learnt])] = tokenizer.decode(ids[is_learnt])
        assert labels[is_learnt].tolist().count(tokenizer.eos_token_id) == 1
    assert found == wanted
