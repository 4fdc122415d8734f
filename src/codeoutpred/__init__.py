"""Train open language models to predict the exact output of code, and measure how well they do.

The flow, one noun a stage: `Program` -> `Execution` -> `Sample` -> dataset -> `Prompt` ->
model -> `Prediction` -> `Verdict` -> reward -> report. Importing this package loads no heavy
library; each stage loads what it needs when it is used.
"""

from codeoutpred.errors import CodeOutPredError
from codeoutpred.hookspecs import hookimpl
from codeoutpred.plugins import Plugins, default_plugins, load_plugins
from codeoutpred.protocols import (
    Executor,
    Generator,
    Language,
    Predictor,
    Renderer,
    RewardFn,
    Trainer,
    Verifier,
)
from codeoutpred.records import (
    Case,
    Execution,
    Job,
    Limits,
    Prediction,
    Program,
    Prompt,
    Provenance,
    Sample,
    Step,
    TrainingResult,
    Verdict,
)
from codeoutpred.registry import ModelPreset, ModelRegistry, Registry

__all__ = [
    "Case",
    "CodeOutPredError",
    "Execution",
    "Executor",
    "Generator",
    "Job",
    "Language",
    "Limits",
    "ModelPreset",
    "ModelRegistry",
    "Plugins",
    "Prediction",
    "Predictor",
    "Program",
    "Prompt",
    "Provenance",
    "Registry",
    "Renderer",
    "RewardFn",
    "Sample",
    "Step",
    "Trainer",
    "TrainingResult",
    "Verdict",
    "Verifier",
    "default_plugins",
    "hookimpl",
    "load_plugins",
]
