from __future__ import annotations

import codeoutpred_awk
import pytest

from codeoutpred import Program, load_plugins
from codeoutpred.execution import make_executor
from codeoutpred.testing import check_language, check_reward

PLUGINS = load_plugins([codeoutpred_awk], use_entry_points=False)


def test_the_language_keeps_its_contract():
    check_language(
        PLUGINS.languages.get("awk"),
        renamed=[('BEGIN { x = 1; print x }  # "one"', "BEGIN{total=1;print total}")],
    )


def test_the_reward_keeps_its_contract():
    check_reward(PLUGINS.rewards.get("verbatim")())


@pytest.mark.skipif(PLUGINS.languages.get("awk").toolchain() is None, reason="awk is missing")
def test_an_awk_program_runs():
    source = 'BEGIN { n = split("3 4", part, " "); print part[1] * part[2], n }'
    with make_executor(PLUGINS.languages, workers=1) as executor:
        execution = executor.run(Program(id="awk", language="awk", source=source))
    assert (execution.status, execution.stdout) == ("ok", "12 2\n")
