from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from codeoutpred.cli import main


@dataclass(frozen=True)
class Done:
    """What one command line came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run_main(*argv: object) -> Done:
    """The command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(word) for word in argv])
    return Done(status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def cli() -> Callable[..., Done]:
    return run_main


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a dataset `small` of 60 samples; nobody writes into it."""
    folder = tmp_path_factory.mktemp("home")
    done = run_main(
        *("generate-data", "--num-samples", 60, "--dataset-name", "small", "--seed", 5),
        *("--workers", 1, "--output-dir", folder),
    )
    assert done.status == 0, done.err
    return folder
