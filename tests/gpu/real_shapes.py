"""Models of a preset's real shape with random weights, and samples of a wanted length.

They are written as a folder like one of the hub, so that what loads a model of the hub loads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import architectures
from datasets import Dataset, DatasetDict

from codeoutpred.models.encoding import encode
from codeoutpred.prompts import build_prompt
from codeoutpred.records import Sample


def save_shape(config: Mapping[str, Any], folder: Path, *, device: str) -> Path:
    """Write a model of this `config.json`, its weights drawn at random, in bfloat16."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    fields = dict(config)
    shape = AutoConfig.for_model(fields.pop("model_type"), **fields)
    with torch.device(device):
        model = AutoModelForCausalLM.from_config(shape, dtype=torch.bfloat16)
    model.save_pretrained(folder, max_shard_size="2GB")
    architectures.build_tokenizer().save_pretrained(folder)
    return folder


def samples_of(count: int, length: int, tokenizer: Any) -> DatasetDict:
    """A dataset of samples of as many lines as fit `length` tokens, with answer and end."""

    def sample(number: int, lines: int) -> Sample:
        source = "".join(f"a{line % 10} = {line % 7}\n" for line in range(lines)) + "print(a0)\n"
        return Sample(
            id=f"p{number}/0", program_id=f"p{number}", language="python", kind="script",
            source=source, entry="", arguments="", answer="0", answer_type="text", status="ok",
            trace="", generator="", difficulty=1, operations=(), dependent_statements=1,
        )  # fmt: skip

    def tokens(lines: int) -> int:
        return len(encode(build_prompt(sample(1, lines), "direct"), tokenizer).input_ids)

    lines = 1
    while tokens(lines + 1) <= length:
        lines += 1
    rows = [sample(number, lines).to_dict() for number in range(count)]
    return DatasetDict({"train": Dataset.from_list(rows)})
