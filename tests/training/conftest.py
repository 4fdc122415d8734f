"""A small dataset and a small model, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import commands
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from datasets import Dataset, DatasetDict

from codeoutpred.data.candidates import Outcome, sample_of
from codeoutpred.generation.drills import DrillGenerator
from codeoutpred.models.tiny import CONTEXT, build_tokenizer
from codeoutpred.models.untrained import build_model
from codeoutpred.records import Sample


@pytest.fixture(scope="session")
def samples() -> list[Sample]:
    return [
        sample_of(program, 0, Outcome(answer=program.cases[0].expected, answer_type="text"))
        for program in DrillGenerator(levels=(1,)).generate(count=24, seed=5)
    ]


@pytest.fixture(scope="session")
def dataset(samples: list[Sample]) -> DatasetDict:
    rows = [sample.to_dict() for sample in samples]
    return DatasetDict({"train": Dataset.from_list(rows), "test": Dataset.from_list(rows[:4])})


def build_small() -> tuple[Any, Any]:
    """A Llama of two narrow layers with random weights, and the tokenizer of `tiny`."""
    tokenizer = build_tokenizer()
    config = {
        "model_type": "llama",
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": CONTEXT,
        "tie_word_embeddings": False,
    }
    return build_model(config, tokenizer), tokenizer


@pytest.fixture
def fresh() -> Callable[[], tuple[Any, Any]]:
    """A new untrained model, always the same, and its tokenizer."""
    return build_small


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of datasets with `small`, on which real processes train `tiny`."""
    folder = tmp_path_factory.mktemp("data")
    done = commands.run(
        *("generate-data", "--generator", "drills", "--levels", 1, 2, "--num-samples", 150),
        *("--dataset-name", "small", "--workers", 1, "--data-dir", folder),
    )
    assert done.status == 0, done.err
    return folder
