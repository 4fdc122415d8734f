"""`generate-data --generator openai`, from the command line to the dataset."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from llm_server import Answering, write_programs

from codeoutpred.cli import main
from codeoutpred.data import DatasetStore

pytest.importorskip("openai")

HOSTILE = [
    "import os; print(sorted(os.environ.items()))",
    "import glob\nfor p in glob.glob('/proc/*/environ'):\n"
    "    try: print(open(p, 'rb').read())\n    except OSError: pass\nprint('done')",
    "while True: pass",
    "print(",
    "const a = 1; console.log(a)",
]


@pytest.fixture
def words(tmp_path: Path) -> Callable[..., list[str]]:
    """The command line that builds `d` from a server's programs."""

    def words(server, *more: object, num_samples: int = 40) -> list[str]:
        fixed = ("generate-data", "--generator", "openai", "--llm-model", "toy")
        given = ("--num-samples", num_samples, "--dataset-name", "d", "--output-dir", tmp_path)
        return [
            *map(str, (*fixed, *given, "--workers", 1, "--base-url", server.url, "--json", *more))
        ]

    return words


def test_a_dataset_is_built_and_what_was_left_out_and_spent_is_told(serve, words, tmp_path, capsys):
    def behave(body, before):
        programs = write_programs(body["messages"][-1]["content"])
        programs[0]["language"] = "cobol"
        return Answering(text=json.dumps({"programs": programs[:4]}))

    server = serve(behave)
    assert main(words(server)) == 0
    row = json.loads(capsys.readouterr().out)
    left_out = row["rejections"]["python"]
    assert left_out["wrong_language"] >= left_out["missing"] > 0
    assert row["counts"]["train"]["samples"] == 34
    assert row["spent"].startswith(f"{len(server.requests)} replies, ")
    sample = next(DatasetStore(tmp_path / "datasets").samples("d", "train"))
    assert sample.generator == "openai:toy"
    assert (tmp_path / "datasets" / "d.replies.jsonl").is_file()


def test_hostile_programs_are_contained_and_counted_and_find_no_key(
    serve, words, tmp_path, capsys, secret
):
    def behave(body, before):
        programs = write_programs(body["messages"][-1]["content"])
        if before == 0:
            programs = [{"source": source, "entry": ""} for source in HOSTILE]
        return Answering(text=json.dumps({"programs": programs}))

    assert main(words(serve(behave), "--concurrency", 1)) == 0
    done = capsys.readouterr()
    left_out = json.loads(done.out)["rejections"]["python"]
    assert left_out["timeout"] == 1
    assert left_out["compile_error"] == 2
    kept = [path.read_bytes() for path in (tmp_path / "datasets").rglob("*") if path.is_file()]
    assert len(kept) > 4
    assert not [
        data for data in [*kept, done.out.encode(), done.err.encode()] if secret.encode() in data
    ]


def test_a_dry_run_tells_the_cost_and_sends_and_writes_nothing(
    serve, words, tmp_path, capsys, monkeypatch
):
    monkeypatch.delenv("OPENAI_API_KEY")
    server = serve()
    more = ("--dry-run", "--languages", "python", "rust", "--input-price", 2, "--output-price", 8)
    assert main(words(server, *more)) == 0
    rows = json.loads(capsys.readouterr().out)
    assert set(rows) == {"python", "rust", "all"}
    assert rows["all"]["requests"] == rows["python"]["requests"] + rows["rust"]["requests"] > 0
    assert 0 < rows["all"]["cost"] < rows["all"]["most_cost"]
    assert main([word for word in words(server, "--dry-run") if word != "--json"]) == 0
    assert "unknown" in capsys.readouterr().out
    assert (server.requests, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize(
    ("more", "culprit"),
    [
        (["--max-cost", 1], "max_cost needs prices"),
        (["--max-cost", "nan"], "nan is not possible"),
        (["--levels", 9], "level 9"),
        (["--base-url", "localhost"], "must start with http"),
        (["--generator", "synthetic"], "'synthetic' takes no model"),
        (["--languages", "pyton"], "did you mean python?"),
    ],
)
def test_wrong_usage_is_one_line_and_writes_nothing(serve, words, tmp_path, capsys, more, culprit):
    assert main(words(serve(), *more)) == 2
    done = capsys.readouterr()
    assert culprit in done.err
    assert (done.out, done.err.count("\n"), list(tmp_path.iterdir())) == ("", 1, [])


def test_without_a_key_one_line_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    command = ("generate-data", "--generator", "openai", "--llm-model", "toy", "--output-dir")
    assert main([*command, str(tmp_path)]) == 2
    assert "set the environment variable OPENAI_API_KEY" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_of_what_costs_nothing_says_so(tmp_path, capsys):
    assert main(["generate-data", "--dry-run", "--output-dir", str(tmp_path)]) == 2
    assert "synthetic cost nothing" in capsys.readouterr().err


def test_a_build_that_reached_its_limit_goes_on_with_a_higher_one(serve, words, capsys):
    server = serve()
    assert main(words(server, "--max-tokens", 9_000)) == 1
    assert "the limit is reached" in capsys.readouterr().err
    asked = len(server.requests)
    assert main(words(server, "--max-tokens", 200_000, "--resume")) == 0
    assert 0 < asked < len(server.requests) == len(set(server.keys))


def test_a_killed_build_goes_on_to_the_same_dataset_and_pays_nothing_twice(
    serve, words, tmp_path, capsys
):
    server = serve(lambda body, before: Answering(delay=0.05))
    command = words(server, num_samples=80)
    process = subprocess.Popen(
        [sys.executable, "-m", "codeoutpred", *command], stderr=subprocess.PIPE
    )
    journal = tmp_path / "datasets" / ".d.partial" / "journal.jsonl"
    deadline = time.monotonic() + 60
    while not (journal.is_file() and journal.stat().st_size > 5_000):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert main([*command, "--resume"]) == 0
    resumed = json.loads(capsys.readouterr().out)
    assert set(server.billed.values()) == {1}
    ids = [
        sample.id
        for split in ("train", "validation", "test")
        for sample in DatasetStore(tmp_path / "datasets").samples("d", split)
    ]
    assert len(ids) == len(set(ids)) == 80

    asked = len(server.requests)
    other = words(server, "--replies", tmp_path / "datasets" / "d.replies.jsonl", num_samples=80)
    other[other.index("d")] = "e"
    assert main(other) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["checksum"] == resumed["checksum"]
    assert len(server.requests) - asked <= 8  # no more than was asked ahead of the need
