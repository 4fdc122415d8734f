from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from data_toys import Bench, Fixed, make_program

from codeoutpred.data import FORMATS, DatasetStore, export_dataset
from codeoutpred.errors import DatasetError, UnknownNameError
from codeoutpred.records import Sample


@pytest.fixture
def store(bench: Bench) -> DatasetStore:
    texts = [f"{i} \r\n ' \" , ; é 漢 😀 \u2028" for i in range(30)]
    odd = [make_program(f"print({t!r})", i, operations=("a,b", '"')) for i, t in enumerate(texts)]
    bench.build(20, generator=Fixed(odd))
    return bench.store


def test_csv_gives_the_samples_back(store: DatasetStore, tmp_path) -> None:
    output = tmp_path / "train.csv"
    export_dataset(store, "d", "train", format="csv", output=output)
    rows = []
    for row in csv.DictReader(io.StringIO(output.read_bytes().decode(), newline="")):
        numbers = {name: int(row[name]) for name in ("difficulty", "dependent_statements")}
        rows.append(
            Sample.from_dict({**row, **numbers, "operations": json.loads(row["operations"])})
        )
    assert rows == list(store.samples("d", "train"))


def test_json_lines_give_the_samples_back(store: DatasetStore, tmp_path) -> None:
    output = tmp_path / "train.jsonl"
    export_dataset(store, "d", "train", format="jsonl", output=output)
    lines = output.read_bytes().decode().split("\n")
    assert lines.pop() == ""
    rows = [Sample.from_dict(json.loads(line)) for line in lines]
    assert rows == list(store.samples("d", "train"))


def test_parquet_gives_the_samples_back(store: DatasetStore, tmp_path) -> None:
    output = tmp_path / "train.parquet"
    export_dataset(store, "d", "train", format="parquet", output=output)
    rows = [Sample.from_dict(row) for row in pq.read_table(output).to_pylist()]
    assert rows == list(store.samples("d", "train"))


def test_an_existing_file_is_kept_unless_overwriting_is_allowed(store, tmp_path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("precious")
    with pytest.raises(DatasetError, match=r"out.jsonl exists"):
        export_dataset(store, "d", "train", format="jsonl", output=output)
    assert output.read_text() == "precious"
    export_dataset(store, "d", "train", format="jsonl", output=output, overwrite=True)
    assert output.read_text().startswith("{")


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_an_export_leaves_nothing_but_its_file(store: DatasetStore, tmp_path, format: str) -> None:
    folder = tmp_path / "new" / "folder"
    export_dataset(store, "d", "test", format=format, output=folder / "out")
    assert [path.name for path in folder.iterdir()] == ["out"]


def test_a_folder_as_output_is_refused(store: DatasetStore, tmp_path) -> None:
    with pytest.raises(DatasetError, match="is a folder"):
        export_dataset(store, "d", "train", format="csv", output=tmp_path, overwrite=True)


def test_an_output_below_a_file_is_refused(store: DatasetStore, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DatasetError, match="is no folder"):
        export_dataset(store, "d", "train", format="csv", output=tmp_path / "file" / "out.csv")


@pytest.mark.parametrize(
    ("name", "split", "format", "culprit"),
    [
        ("dd", "train", "csv", "dataset 'dd'; did you mean"),
        ("d", "tests", "csv", "split 'tests'; did you mean test"),
        ("d", "train", "json", "export format 'json'; did you mean jsonl"),
    ],
)
def test_an_unknown_name_is_named(store, tmp_path, name, split, format, culprit) -> None:
    with pytest.raises(UnknownNameError, match=culprit):
        export_dataset(store, name, split, format=format, output=tmp_path / "out")
    assert not (tmp_path / "out").exists()
