"""The whole flow on a model from nothing: tokenizer, random weights, data, training, reinforcement.

    python tests/from_scratch.py small FOLDER
    python tests/from_scratch.py full FOLDER      # 43 million parameters, for a GPU of 80 GB

A folder that holds a run already is gone on with. All is of the public API, and the flow is that of
`full-pipeline`: what is done here is the model's folder, and the preset that says how to train it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeoutpred import ModelPreset, load_plugins
from codeoutpred.evaluation.run_report import RunReport
from codeoutpred.models.untrained import save_untrained, train_tokenizer
from codeoutpred.pipeline import PipelineSettings, run_pipeline

TOKENIZER_SEED = 20261125
"""Of the programs that the tokenizer is learnt from: others than those of the dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The sizes of a run. `programs` are what the tokenizer is learnt from."""

    config: Mapping[str, Any]
    tokens: int
    programs: int
    generator: str
    levels: tuple[int, ...]
    samples: int
    asked: int
    new_tokens: int
    supervised: Mapping[str, Any]
    reinforcement: Mapping[str, Any]


def llama(*, width: int, layers: int, heads: int) -> dict[str, Any]:
    """The shape of a Llama whose embedding and head are two."""
    return {
        "model_type": "llama",
        "hidden_size": width,
        "intermediate_size": width * 11 // 4,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": heads,
        "max_position_embeddings": 4096,
        "tie_word_embeddings": False,
    }


FULL = Trial(
    config=llama(width=512, layers=12, heads=8),
    tokens=4096,
    programs=20_000,
    generator="synthetic",
    levels=(1, 2, 3),
    samples=500_000,
    asked=2_000,
    new_tokens=1_024,
    supervised={"epochs": 3, "batch_size": 128, "learning_rate": 1e-3, "validation_samples": 256},
    reinforcement={
        "episodes": 20_480,
        "batch_size": 256,
        "group_size": 8,
        "learning_rate": 2e-5,
        "candidates": 4_000,
    },
)
SMALL = Trial(
    config=llama(width=128, layers=2, heads=4),
    tokens=512,
    programs=500,
    generator="drills",
    levels=(1,),
    samples=6_000,
    asked=200,
    new_tokens=96,
    supervised={"epochs": 4, "batch_size": 32, "learning_rate": 2e-3, "validation_samples": 0},
    reinforcement={
        "episodes": 768,
        "batch_size": 64,
        "group_size": 8,
        "learning_rate": 1e-4,
        "candidates": 256,
    },
)


def run(trial: Trial, folder: Path) -> RunReport:
    """Make the model and run the pipeline on it, or go on with the run in `folder`."""
    plugins = load_plugins(use_entry_points=False)
    model = folder / "untrained"
    if not model.is_dir():
        make = plugins.generators.get(trial.generator)
        drawn = make(language="python", levels=trial.levels).generate(
            count=trial.programs, seed=TOKENIZER_SEED
        )
        texts = (f"{program.source}\n{program.cases[0].trace}\n" for program in drawn)
        save_untrained(trial.config, train_tokenizer(texts, size=trial.tokens), model)
    plugins.models.register(
        ModelPreset(
            name="from-scratch",
            description="random weights and a tokenizer learnt here",
            hub_id=str(model),
            quantization="none",
            prompt_format="trace",
            new_tokens=trial.new_tokens,
            prediction_batch_size=128,
            supervised={"lora_rank": 0, **trial.supervised},
            reinforcement={"lora_rank": 0, **trial.reinforcement},
            generator=trial.generator,
            levels=trial.levels,
        )
    )
    settings = PipelineSettings(
        model="from-scratch", num_samples=trial.samples, eval_programs=trial.asked
    )
    output = folder / "run"
    return run_pipeline(settings, output, plugins=plugins, resume=output.is_dir())


if __name__ == "__main__":
    size, where = sys.argv[1:]
    print(run({"small": SMALL, "full": FULL}[size], Path(where)).text())
