"""A split of a dataset as one file for other tools: CSV, JSON Lines or Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from codeoutpred.data.store import SCHEMA, DatasetStore, read_samples
from codeoutpred.errors import DatasetError, UnknownNameError, storage_errors

Writer = Callable[[Path, BinaryIO], None]
"""Writes the samples of a Parquet file of ours to a file in another format."""


def _csv(source: Path, file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(SCHEMA.names)
    for sample in read_samples(source):
        writer.writerow(
            json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
            for value in sample.to_dict().values()
        )
    text.flush()
    text.detach()


def _jsonl(source: Path, file: BinaryIO) -> None:
    for sample in read_samples(source):
        file.write(json.dumps(sample.to_dict(), ensure_ascii=False).encode() + b"\n")


def _parquet(source: Path, file: BinaryIO) -> None:
    with source.open("rb") as samples:
        shutil.copyfileobj(samples, file)


FORMATS: dict[str, Writer] = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}


def export_dataset(
    store: DatasetStore,
    name: str,
    split: str,
    *,
    format: str,
    output: Path,
    overwrite: bool = False,
) -> None:
    """Write `split` of dataset `name` to the file `output`, whole or not at all.

    All formats are UTF-8 and hold the fields of `Sample`; in CSV, a list is JSON text. Raises
    `UnknownNameError` for an unknown dataset, split or format, and `DatasetError` where `output`
    exists, unless `overwrite` is given.
    """
    if format not in FORMATS:
        raise UnknownNameError("export format", format, FORMATS)
    output = Path(output)
    if output.is_dir():
        raise DatasetError(f"{output} is a folder; name a file to export to")
    if output.exists() and not overwrite:
        raise DatasetError(f"{output} exists; choose another file, or allow it to be overwritten")
    source = store.file(name, split)
    unfinished = output.with_name(f".{output.name}.{os.getpid()}.partial")
    with storage_errors(str(output)):
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise DatasetError(f"{output.parent} is no folder; name another file") from error
        try:
            with unfinished.open("wb") as file:
                FORMATS[format](source, file)
            unfinished.replace(output)
        finally:
            unfinished.unlink(missing_ok=True)
