"""Model cards: the `README.md` that tells what a model was made of, by training or by a merge.

text = training_card(configuration, metrics, is_adapter=True)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

CARD = "README.md"

LICENCES = {
    "microsoft/phi-2": "mit",
    "codellama/CodeLlama-7b-hf": "llama2",
    "deepseek-ai/deepseek-coder-6.7b-base": "other",
    "bigcode/starcoder2-7b": "bigcode-openrail-m",
    "mistralai/Mistral-7B-v0.1": "apache-2.0",
}
"""What the hub's pages of the presets say; a model that is trained on keeps it."""

_TRAINED = "# Predicts the output of code"


def training_card(
    configuration: Mapping[str, Any], metrics: Mapping[str, float], *, is_adapter: bool
) -> str:
    """The card of a trained model: its base, the data, the settings and the last figures.

    `configuration` is what `codeoutpred.training.configuration` resolves. Local folders are named
    without what stands above them.
    """
    model, data, settings = (configuration[part] for part in ("model", "data", "settings"))
    base, licence = _origin(model["path"])
    shown = f"`{base}`" if base else f"a `{model['class']}` that is built in code"
    what = "A LoRA adapter for" if is_adapter else "All weights of"
    kept = ", whose linear layers were quantised in training" if model["quantized"] else ""
    name = settings["dataset_name"]
    counts = {"samples": data["samples"], **data["made_of"], "SHA-256": data["sha256"]}
    parts = (
        _front_matter(base, licence, is_adapter=is_adapter),
        _TRAINED,
        f"{what} {shown}{kept}. Trained to predict the exact output of programs.",
        "## Data",
        f"The train split{f' of the dataset `{name}`' if name else ''}; the checksum is that of "
        "ids and answers, in order.",
        _table(("data", "value"), _flat(counts)),
        "## Settings",
        _table(("setting", "value"), _flat({**settings, "processes": configuration["processes"]})),
        "## Results",
        "The last figure of each kind that was logged.",
        _table(("metric", "value"), ((key, f"{value:.4g}") for key, value in metrics.items())),
    )
    return "\n\n".join(parts) + "\n"


def merged_card(adapter: Path, base: str, check: Mapping[str, Any]) -> str:
    """The card of an adapter merged into its base, with all that the adapter's own card tells."""
    base, licence = _origin(base)
    own = adapter / CARD
    told = own.read_text(encoding="utf-8") if own.is_file() else ""
    _, is_ours, rest = told.partition(f"{_TRAINED}\n\n")
    merged = (
        f"A LoRA adapter merged into `{base}` in 16 bits. Of {check['probes']} greedy completions, "
        f"{check['same']} are those of base and adapter; logits differ by at most "
        f"{check['largest_difference']:.2g} of {check['logit_range']:.2g}."
    )
    parts = [_front_matter(base, licence, is_adapter=False), f"{_TRAINED}\n\n{merged}"]
    return "\n\n".join([*parts, *([rest.strip()] if is_ours else [])]) + "\n"


def _origin(base: str) -> tuple[str, str]:
    """The name and licence of a model by its hub id; of a folder, what its card says."""
    from huggingface_hub import ModelCard

    folder = Path(base)
    if not base or not folder.is_dir():
        return base, LICENCES.get(base, "unknown" if base else "mit")
    if not (folder / CARD).is_file():
        return folder.name, "unknown"
    told = ModelCard.load(folder / CARD).data
    named = told.base_model if isinstance(told.base_model, str) else ""
    return named or folder.name, told.license or "unknown"


def _front_matter(base: str, licence: str, *, is_adapter: bool) -> str:
    from huggingface_hub import ModelCardData

    data = ModelCardData(
        base_model=base or None,
        library_name="peft" if is_adapter else "transformers",
        license=licence,
        pipeline_tag="text-generation",
        tags=["code", "output-prediction", "codeoutpred", *(["lora"] if is_adapter else [])],
    )
    return f"---\n{data.to_yaml()}\n---"


def _flat(values: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}: ")
        elif value not in ("", (), []):
            yield f"{before}{name}".replace("_", " "), str(value)


def _table(columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"| {name} | {value} |" for name, value in [columns, ("---", "---"), *rows])
