"""What importing loads: nothing heavy before it is needed."""

from __future__ import annotations

import pytest

import codeoutpred

HEAVY = {
    "accelerate",
    "bitsandbytes",
    "datasets",
    "numpy",
    "openai",
    "pandas",
    "peft",
    "pyarrow",
    "rich",
    "tokenizers",
    "torch",
    "transformers",
    "trl",
}

LOADED = "import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"


def test_importing_the_package_loads_no_heavy_library(run_python):
    loaded = run_python(LOADED.format(module="codeoutpred")).split()
    assert "pluggy" in loaded
    assert not HEAVY.intersection(loaded)


@pytest.mark.parametrize(
    "module",
    [
        "codeoutpred.cli",
        "codeoutpred.execution",
        "codeoutpred.generation.drills",
        "codeoutpred.generation.llm",
        "codeoutpred.generation.synthetic",
        "codeoutpred.languages.python",
        "codeoutpred.models.presets",
        "codeoutpred.prompts",
        "codeoutpred.rewards.staged",
        "codeoutpred.testing",
        "codeoutpred.training.settings",
        "codeoutpred.verification.value",
    ],
)
def test_a_light_room_loads_no_heavy_library(module, run_python):
    loaded = run_python(LOADED.format(module=module)).split()
    assert not (HEAVY - {"rich"}).intersection(loaded)


def test_loading_all_plugins_loads_no_heavy_library(run_python):
    code = "codeoutpred.default_plugins().info()"
    loaded = run_python(LOADED.format(module=f"codeoutpred; {code}")).split()
    assert not HEAVY.intersection(loaded)


def test_all_public_names_are_sorted_and_exist():
    assert codeoutpred.__all__ == sorted(codeoutpred.__all__)
    assert all(hasattr(codeoutpred, name) for name in codeoutpred.__all__)


def test_all_public_names_have_a_docstring():
    assert [n for n in codeoutpred.__all__ if not getattr(codeoutpred, n).__doc__] == []
