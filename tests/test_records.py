"""Records: frozen, and the same after a way through JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred import Case, Execution, Job, Limits, Prediction, Program, Prompt, Sample, Verdict
from codeoutpred.errors import InvalidValueError

positive = st.integers(min_value=1, max_value=10**12)
seconds = st.floats(min_value=0.001, max_value=1e6)
records = st.one_of(
    st.builds(Case),
    st.builds(Program),
    st.builds(Job),
    st.builds(
        Limits,
        cpu_seconds=seconds,
        wall_seconds=seconds,
        memory_bytes=positive,
        output_bytes=positive,
        file_bytes=positive,
        processes=positive,
    ),
    st.builds(Execution, cpu_seconds=seconds),
    st.builds(Sample),
    st.builds(Prompt),
    st.builds(Prediction),
    st.builds(Verdict, similarity=st.floats(min_value=0, max_value=1)),
)


@given(records)
def test_a_record_comes_back_from_json_as_it_was(record):
    text = json.dumps(record.to_dict())
    assert type(record).from_dict(json.loads(text)) == record


@given(records)
def test_a_record_cannot_be_changed(record):
    field = dataclasses.fields(record)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, field, None)


@given(records)
def test_a_record_has_a_hash(record):
    assert hash(record) == hash(dataclasses.replace(record))


def test_a_program_nests_its_cases_both_ways():
    program = Program(
        id="p", language="python", source="", kind="call", entry="f", cases=(Case(arguments="1"),)
    )
    row = program.to_dict()
    assert row["cases"][0]["arguments"] == "1"
    assert Program.from_dict(row).cases == program.cases


def test_an_unknown_field_is_an_error_that_names_it():
    with pytest.raises(InvalidValueError, match=r"not a Case: .*'argument'"):
        Case.from_dict({"argument": "1"})


def test_a_missing_field_is_an_error_that_names_it():
    with pytest.raises(InvalidValueError, match=r"not a Prediction: .*'answer'"):
        Prediction.from_dict({"sample_id": "s", "text": ""})


@pytest.mark.parametrize("limit", [field.name for field in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, float("nan"), "2", None])
def test_a_limit_that_is_not_above_zero_is_refused(limit, value):
    with pytest.raises(InvalidValueError, match=rf"limit {limit} is {value}"):
        Limits(**{limit: value})


@pytest.mark.parametrize(
    ("match", "correct"),
    [
        ("exact", True),
        ("equal", True),
        ("close", False),
        ("wrong", False),
        ("unparseable", False),
    ],
)
def test_only_exact_and_equal_verdicts_are_correct(match, correct):
    verdict = Verdict(match=match, similarity=1.0, expected="1", answer="1")
    assert verdict.correct is correct
