"""The commands `list-models`, `plugins` and `doctor`."""

from __future__ import annotations

import importlib.util
import json

import pytest

from codeoutpred.cli.doctor import packages

MODELS = [
    "tiny",
    "phi-2",
    "codellama-7b",
    "deepseek-coder-6.7b",
    "starcoder2-7b",
    "mistral-7b",
    "custom",
]


def test_every_model_is_listed_on_a_line_of_its_own(cli):
    lines = cli("list-models").out.splitlines()
    assert [line.split()[0] for line in lines[2:]][: len(MODELS)] == MODELS
    assert lines[3].split()[1:8] == ["2.8", "B", "1.4", "GB", "1.8", "GB", "microsoft/phi-2"]


def test_models_as_json_hold_numbers(cli):
    phi = cli("list-models", "--json").json[1]
    assert (phi["name"], phi["parameters"]) == ("phi-2", 2_779_683_840)
    assert phi["memory_4bit_gb"] == pytest.approx(1.434, abs=0.001)


@pytest.mark.parametrize("command", ["list-models", "plugins"])
def test_information_needs_no_heavy_library(command, run_python):
    code = (
        "import sys\n"
        "heavy = ('torch', 'transformers', 'trl', 'peft', 'datasets', 'pyarrow', 'openai')\n"
        "for name in heavy: sys.modules[name] = None\n"
        "from codeoutpred.cli import main\n"
        f"assert main(['{command}', '--json']) == 0"
    )
    assert "phi-2" in str(json.loads(run_python(code)))


def test_plugins_show_where_they_come_from_and_what_they_register(cli):
    done = cli("plugins")
    assert done.status == 0
    for text in ("codeoutpred (built in)", "languages: python", "rewards: staged"):
        assert text in done.out


def test_plugins_as_json_list_names_by_kind(cli):
    builtin = cli("plugins", "--json").json[-1]
    assert builtin["distribution"] == "codeoutpred"
    assert builtin["registered"]["generators"] == ["drills", "synthetic", "corpus", "openai"]
    assert builtin["error"] == ""


@pytest.fixture(scope="module")
def doctor(cli):
    """What the doctor found; he runs a program in every language there is."""
    return cli("doctor", "--json")


def test_the_doctor_looks_at_everything(doctor):
    checks = {row["check"]: row for row in doctor.json}
    for name in ("Python", "pluggy", "execution", "language python", "GPU", "cores", "memory"):
        assert name in checks
    assert checks["execution"]["found"].startswith("programs run, isolation: ")
    assert "free disk" in checks


def test_the_doctor_fails_only_where_something_required_is_missing(doctor):
    missing = [row["check"] for row in doctor.json if row["state"] == "missing"]
    assert doctor.status == int(bool(missing))
    if importlib.util.find_spec("torch") is None:
        assert "torch" in missing


def test_a_missing_package_comes_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(
        "importlib.metadata.requires",
        lambda name: [
            "pluggy>=1",
            "nothing-of-this-name>=2.1",
            "pluggy[x]>=999; python_version>'3'",
        ],
    )
    found = list(packages())
    assert [finding.state for finding in found] == ["ok", "missing", "missing"]
    assert found[1].mend == "pip install 'nothing-of-this-name>=2.1'"
    assert found[2].mend == "pip install --upgrade 'pluggy>=999'"
