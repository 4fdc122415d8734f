from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.data import DatasetSpec, check_dataset_name
from codeoutpred.data.specification import spec_difference
from codeoutpred.errors import InvalidValueError

SPEC = DatasetSpec(name="d", languages=("toy",), num_samples=10, levels=(1, 2))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_samples", 0),
        ("num_samples", -5),
        ("languages", ()),
        ("languages", ("toy", "toy")),
        ("max_answer_chars", 0),
    ],
)
def test_a_value_that_makes_no_sense_is_named(field: str, value: Any) -> None:
    with pytest.raises(InvalidValueError, match=field):
        dataclasses.replace(SPEC, **{field: value})


def test_fewer_samples_than_languages_is_an_error() -> None:
    with pytest.raises(InvalidValueError, match="fewer than the 3 languages"):
        DatasetSpec(name="d", languages=("a", "b", "c"), num_samples=2)


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\\b", "-x", "a\0b", "x" * 201])
def test_a_name_that_is_no_folder_of_its_own_is_refused(name: str) -> None:
    with pytest.raises(InvalidValueError, match="cannot name a dataset"):
        check_dataset_name(name)


@pytest.mark.parametrize("name", ["a", "my-data_2.1", "données", "2024"])
def test_an_ordinary_name_is_taken(name: str) -> None:
    check_dataset_name(name)


@given(seed=st.integers(), levels=st.lists(st.integers(1, 5)), keep=st.booleans())
def test_a_specification_survives_a_dictionary(seed: int, levels: list[int], keep: bool) -> None:
    spec = dataclasses.replace(SPEC, seed=seed, levels=tuple(levels), keep_exceptions=keep)
    assert DatasetSpec.from_dict(spec.to_dict()) == spec


def test_a_difference_names_the_field_and_both_values() -> None:
    other = dataclasses.replace(SPEC, seed=7)
    assert spec_difference(other, SPEC) == "seed is 7 here but was 0"


def test_equal_specifications_have_no_difference() -> None:
    assert spec_difference(SPEC, DatasetSpec.from_dict(SPEC.to_dict())) == ""
