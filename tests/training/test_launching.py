"""The files for accelerate in the documentation: taken as they stand, and what comes of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from accelerate.commands.launch import _validate_launch_command, launch_command_parser
from accelerate.utils import FullyShardedDataParallelPlugin
from accelerate.utils.launch import prepare_deepspeed_cmd_env, prepare_multi_gpu_env

pytestmark = pytest.mark.heavy

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "processes.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
FILES = {block.split("distributed_type: ")[1].split("\n")[0]: block for block in BLOCKS}
TRAINING = ("-m", "codeoutpred", "train-supervised")


def launched(kind: str, folder: Path) -> Namespace:
    """What `accelerate launch` makes of the file of a kind."""
    file = folder / "accelerate.yaml"
    file.write_text(FILES[kind])
    words = ["--config_file", str(file), *TRAINING]
    options, read, _ = _validate_launch_command(launch_command_parser().parse_args(words))
    options.deepspeed_fields_from_accelerate_config = ",".join(read.deepspeed_config)
    return options


@pytest.mark.parametrize("kind", ["MULTI_GPU", "FSDP", "DEEPSPEED"])
def test_each_file_starts_four_processes_of_its_kind(kind: str, tmp_path: Path) -> None:
    options = launched(kind, tmp_path)
    kinds = {
        "MULTI_GPU": options.multi_gpu,
        "FSDP": options.use_fsdp,
        "DEEPSPEED": options.use_deepspeed,
    }
    assert [name for name, is_meant in kinds.items() if is_meant] == [kind]
    assert (options.num_processes, options.num_machines) == (4, 1)
    assert options.mixed_precision == "bf16"
    assert (options.module, options.training_script) == (True, "codeoutpred")


def test_fsdp_wraps_blocks_and_saves_whole_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = prepare_multi_gpu_env(launched("FSDP", tmp_path))
    for name in environment.keys() - os.environ.keys():
        monkeypatch.setenv(name, environment[name])
    assert environment["ACCELERATE_USE_FSDP"] == "true"
    plugin = FullyShardedDataParallelPlugin()
    assert plugin.fsdp_version == 2
    assert plugin.state_dict_type.name == "FULL_STATE_DICT"
    assert plugin.auto_wrap_policy.__name__ == "transformer_auto_wrap_policy"


def test_zero_takes_the_accumulation_of_the_trainer(tmp_path: Path) -> None:
    _, environment = prepare_deepspeed_cmd_env(launched("DEEPSPEED", tmp_path))
    assert environment["ACCELERATE_USE_DEEPSPEED"] == "true"
    assert environment["ACCELERATE_DEEPSPEED_ZERO_STAGE"] == "2"
    assert environment["ACCELERATE_GRADIENT_ACCUMULATION_STEPS"] == "auto"


@pytest.mark.long
def test_two_processes_train_on_a_cpu(tmp_path: Path) -> None:
    file = tmp_path / "accelerate.yaml"
    text = FILES["MULTI_GPU"].replace("bf16", "'no'").replace("processes: 4", "processes: 2")
    file.write_text(text + "use_cpu: true\n")
    folders = ("--output-dir", str(tmp_path / "run"))
    python = (sys.executable, "-m")
    data = ("generate-data", "--num-samples", "60", "--generator", "drills", "--workers", "1")
    subprocess.run([*python, "codeoutpred", *data, *folders], check=True)
    launch = (*python, "accelerate.commands.launch", "--config_file", str(file))
    steps = ("--native", "max_steps=2", "--skip-preflight", "--json")
    command = [*launch, *TRAINING, "--model", "tiny", *steps, *folders]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)  # one process prints
    assert result["steps"] == 2
    kept = json.loads((Path(result["path"]) / "configuration.json").read_text())
    assert kept["processes"] == 2
