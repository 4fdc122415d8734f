"""Datasets on disk: a folder each, with a Parquet file a split, a manifest and a card.

    >>> import tempfile
    >>> DatasetStore(Path(tempfile.mkdtemp())).names()
    []

A dataset appears whole or not at all: it is written into a partial folder beside its place, which
also holds the journal of the build, and then renamed.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from codeoutpred.data.card import render_card
from codeoutpred.data.filters import Selection
from codeoutpred.data.manifest import Manifest, describe
from codeoutpred.data.specification import check_dataset_name
from codeoutpred.data.split import SPLITS
from codeoutpred.errors import (
    CodeOutPredError,
    DatasetError,
    InvalidValueError,
    UnknownNameError,
    storage_errors,
)
from codeoutpred.records import Sample

if TYPE_CHECKING:
    from datasets import DatasetDict

SCHEMA = pa.schema(
    [
        (
            name,
            pa.int64()
            if hint is int
            else pa.list_(pa.string())
            if typing.get_origin(hint) is tuple
            else pa.string(),
        )
        for name, hint in typing.get_type_hints(Sample).items()
    ]
)


class DatasetStore:
    """The datasets under the folder `root`, which is made when the first one is written."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, name: str) -> Path:
        """The folder of dataset `name`, whether there is one or not."""
        check_dataset_name(name)
        return self.root / name

    def partial_path(self, name: str) -> Path:
        """The folder in which dataset `name` is being built."""
        check_dataset_name(name)
        return self.root / f".{name}.partial"

    def names(self) -> list[str]:
        """The names of all finished datasets."""
        try:
            return sorted(
                path.name
                for path in self.root.iterdir()
                if not path.name.startswith(".") and (path / "manifest.json").is_file()
            )
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DatasetError(f"{self.root} cannot be listed: {error.strerror}") from error

    def manifest(self, name: str) -> Manifest:
        """The manifest of dataset `name`.

        Raises `UnknownNameError` where there is no such dataset, and `DatasetError` where there
        is one that cannot be read or is not finished.
        """
        folder = self._existing(name)
        text = _read(folder / "manifest.json")
        try:
            return Manifest.from_dict(json.loads(text))
        except (ValueError, TypeError, AttributeError, CodeOutPredError) as error:
            raise DatasetError(f"{folder / 'manifest.json'} is damaged: {error}") from error

    def table(self, name: str, split: str) -> pa.Table:
        """The samples of a split as an Arrow table; the file's checksum is verified."""
        # Without threads: pyarrow's may abort a process that ends right after reading.
        return pq.read_table(io.BytesIO(self.read(name, split)), use_threads=False)

    def samples(self, name: str, split: str) -> Iterator[Sample]:
        """The samples of a split, in order."""
        for batch in self.table(name, split).to_batches():
            yield from map(Sample.from_dict, batch.to_pylist())

    def load(self, name: str) -> DatasetDict:
        """All splits of dataset `name`; the checksum of each file is verified."""
        from datasets import Dataset, DatasetDict  # heavy: a second of import time

        return DatasetDict({split: Dataset(self.table(name, split)) for split in SPLITS})

    def read(self, name: str, split: str) -> bytes:
        """The Parquet file of a split; `DatasetError` names it where its checksum is wrong."""
        manifest = self.manifest(name)
        if split not in SPLITS:
            raise UnknownNameError("split", split, SPLITS)
        path = self.path(name) / f"{split}.parquet"
        data = _read(path)
        if _sha256(data) != manifest.files.get(path.name):
            raise DatasetError(
                f"{path} is damaged: its checksum is not that of manifest.json; "
                "remove the folder and build the dataset again"
            )
        return data

    def make_partial(self, name: str) -> Path:
        """The partial folder of dataset `name`, made where there is none."""
        folder = self.partial_path(name)
        try:
            with storage_errors(str(folder)):
                folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise DatasetError(
                f"{folder} cannot be made: a file stands in the way; move it, or choose another "
                "folder for datasets"
            ) from error
        return folder

    def save(self, selection: Selection, *, toolchains: Mapping[str, str]) -> Manifest:
        """Write a complete selection, and put it in its place in one step."""
        name = selection.spec.name
        folder = self.make_partial(name) / "dataset"
        with storage_errors(str(folder)):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            files = {}
            for split in SPLITS:
                data = to_parquet(selection.samples(split))
                files[f"{split}.parquet"] = _sha256(data)
                (folder / f"{split}.parquet").write_bytes(data)
            manifest = describe(selection, toolchains=toolchains, files=files)
            (folder / "README.md").write_text(render_card(manifest), encoding="utf-8")
            (folder / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
            folder.rename(self.path(name))
        self.remove_partial(name)
        return manifest

    def remove_partial(self, name: str) -> None:
        """Remove what a build of dataset `name` left behind."""
        shutil.rmtree(self.partial_path(name), ignore_errors=True)

    def _existing(self, name: str) -> Path:
        try:
            folder, partial = self.path(name), self.partial_path(name)
        except InvalidValueError:
            raise UnknownNameError("dataset", name, self.names()) from None
        if (folder / "manifest.json").is_file():
            return folder
        if folder.exists():
            raise DatasetError(
                f"{folder} is no whole dataset: it has no manifest.json; remove it and build the "
                "dataset again"
            )
        if partial.exists():
            raise DatasetError(
                f"dataset {name!r} is not finished; run generate-data again with --resume, or "
                f"remove {partial}"
            )
        raise UnknownNameError("dataset", name, self.names())


def to_parquet(samples: Sequence[Sample]) -> bytes:
    """The samples as a Parquet file: the same bytes for the same samples."""
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([s.to_dict() for s in samples], schema=SCHEMA), sink)
    return sink.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}") from error
