from __future__ import annotations

import pytest

from codeoutpred import Sample


@pytest.fixture(scope="session")
def sample() -> Sample:
    return Sample(
        id="s",
        program_id="p",
        language="python",
        kind="call",
        source="def f(a, b):\n    return [a, b, a + b, a * b]\n",
        entry="f",
        arguments="3, 4",
        answer="[3, 4, 7, 12]",
        answer_type="list",
        status="ok",
        trace="",
        generator="",
        difficulty=1,
        operations=(),
        dependent_statements=1,
    )
