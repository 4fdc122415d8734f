from __future__ import annotations

import pytest

from codeoutpred import Sample

SAMPLE = Sample(
    id="s1",
    program_id="p1",
    language="python",
    kind="call",
    source="def f(a, b):\n    return [a, a + b]\n",
    entry="f",
    arguments="3, 4",
    answer="[3, 7]",
    answer_type="list",
    status="ok",
    trace="",
    generator="drills",
    difficulty=1,
    operations=(),
    dependent_statements=1,
)


@pytest.fixture(scope="session")
def sample() -> Sample:
    return SAMPLE


@pytest.fixture
def benchmark_file(tmp_path):
    """Two questions in the form of CRUXEval."""
    path = tmp_path / "benchmark.jsonl"
    path.write_text(
        '{"id": "a", "code": "def f(x):\\n    return x + 1", "input": "1", "output": "2"}\n'
        '{"id": "b", "code": "def f(x):\\n    return x * 2", "input": "4", "output": "8"}\n'
    )
    return path
