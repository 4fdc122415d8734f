"""One line, with its cure, for each way in which a model cannot be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeoutpred.errors import CodeOutPredError, ModelError, causes

_CURES = {
    "GatedRepoError": "is gated: accept its terms on its page at huggingface.co, then "
    "`hf auth login`",
    "RepositoryNotFoundError": "is not on the Hugging Face hub: check the id; a private model "
    "needs `hf auth login`",
    "LocalEntryNotFoundError": "is not in the local cache and the hub cannot be reached: check "
    "the network, or give the folder of a downloaded model",
    "OfflineModeIsEnabled": "is not in the local cache, and HF_HUB_OFFLINE forbids to fetch it: "
    "unset that, or give the folder of a downloaded model",
    "ConnectError": "cannot be fetched: the hub cannot be reached; check the network",
    "ConnectionError": "cannot be fetched: the hub cannot be reached; check the network",
    "OutOfMemoryError": "does not fit into the memory of the device: load it in 4-bit, or see "
    "`codeoutpred plan` for what fits",
}
"""By the type of an error anywhere in its chain of causes."""


@contextmanager
def loading(model_id: str) -> Iterator[None]:
    """Turn what libraries raise while they load `model_id` into one `ModelError`."""
    try:
        yield
    except CodeOutPredError:
        raise
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        for cause in causes(error):
            cure = _CURES.get(type(cause).__name__)
            if cure:
                raise ModelError(f"model {model_id!r} {cure}") from error
        first_line = str(error).strip().split("\n")[0]
        raise ModelError(
            f"cannot load model {model_id!r}: {first_line} (check the id or folder)"
        ) from error


def check_folder(folder: Path, *, adapter_config: str) -> None:
    """Raise `ModelError` where a folder holds neither a whole model nor an adapter."""
    if not folder.is_dir():
        raise ModelError(f"{folder} is no folder; give the folder that training wrote")
    is_adapter = (folder / adapter_config).is_file()
    if not is_adapter and not (folder / "config.json").is_file():
        raise ModelError(
            f"{folder} holds no model: neither config.json nor {adapter_config}; "
            "give the folder that training wrote, once it has finished"
        )
    if not any(folder.glob("*.safetensors")) and not any(folder.glob("*.bin")):
        raise ModelError(
            f"{folder} holds no weights (*.safetensors): the download or the training was cut "
            "short; fetch the model again, or go on with the training by --resume"
        )
