"""Breakdowns, and the group that guessing does not solve."""

from __future__ import annotations

import pytest

from codeoutpred.evaluation.groups import HARDER, is_harder


@pytest.mark.parametrize(
    ("changes", "harder"),
    [
        ({"answer": "12"}, True),
        ({"answer": "[True, 1]"}, True),
        ({"answer": "abc"}, True),
        ({"answer": "1\nTrue"}, True),
        ({"answer": "12", "dependent_statements": 2}, False),
        ({"answer": "True"}, False),
        ({"answer": "False\nTrue\n"}, False),
        ({"answer": "false"}, False),
        ({"answer": "True", "kind": "call", "answer_type": "bool"}, False),
        ({"answer": "12", "kind": "call", "answer_type": "int"}, True),
        ({"answer": "KeyError", "status": "exception", "answer_type": "exception"}, False),
    ],
)
def test_the_harder_group_holds_computed_values_that_are_no_booleans(changes, harder, make_sample):
    assert is_harder(make_sample(**{"dependent_statements": 3, **changes})) == harder


def test_the_difficulty_groups_are_in_the_order_of_numbers(make_sample, make_report):
    levels = [10, 9, 2]
    samples = [make_sample(id=str(level), difficulty=level) for level in levels]
    report = make_report("r", samples, ["1"] * 3)
    assert list(report.group("difficulty")) == ["2", "9", "10"]


def test_every_dimension_counts_each_sample_once_but_operations(samples, make_report):
    report = make_report("r", samples, [sample.answer for sample in samples])
    for dimension in ("difficulty", "kind", "answer_type"):
        assert sum(metrics.n for metrics in report.group(dimension).values()) == 6
    by_operation = report.group("operation")
    assert {name: metrics.n for name, metrics in by_operation.items()} == {
        "addition": 3,
        "assignment": 6,
    }


def test_an_operation_named_twice_counts_once(make_sample, make_report):
    report = make_report("r", [make_sample(operations=("loop", "loop"))], ["1"])
    assert report.group("operation")["loop"].n == 1


def test_groups_measure_only_their_own_samples(samples, make_report):
    answers = [sample.answer if sample.difficulty == 1 else None for sample in samples]
    groups = make_report("r", samples, answers).group("difficulty")
    accuracies = {name: metrics.exact_accuracy.value for name, metrics in groups.items()}
    assert accuracies == {"1": 1.0, "2": 0.0, "3": 0.0}


def test_the_harder_group_is_named_and_measured(samples, make_report):
    report = make_report("r", samples, [None] * 3 + [sample.answer for sample in samples[3:]])
    assert list(report.group("harder")) == [HARDER]
    assert report.harder.n == 3
    assert report.harder.exact_accuracy.value == 1.0


def test_a_report_without_harder_samples_has_no_harder_group(make_sample, make_report):
    assert make_report("r", [make_sample()], ["1"]).harder is None
