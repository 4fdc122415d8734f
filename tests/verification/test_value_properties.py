"""What holds for any value and any text: gold verifies, everything else does not."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)))
    | st.binary()
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text("ab"), inner)
    ),
    max_leaves=8,
)


@given(values)
def test_gold_always_verifies(call_sample, judge, value):
    assert judge(call_sample(repr(value)), repr(value)).match == "exact"


@given(values)
def test_gold_with_other_spacing_verifies(call_sample, judge, value):
    assert judge(call_sample(repr(value)), f" ( {value!r} )").correct


@given(values, values)
def test_a_value_that_differs_in_text_and_type_never_verifies(call_sample, judge, gold, other):
    # repr tells 1 from 1.0 and True, and 0.0 from -0.0; only a dictionary's order must go.
    def canonical(value):
        if isinstance(value, dict):
            return sorted((repr(key), canonical(item)) for key, item in value.items()), dict
        if isinstance(value, (list, tuple)):
            return [canonical(item) for item in value], type(value)
        return repr(value)

    assume(canonical(gold) != canonical(other))
    assert not judge(call_sample(repr(gold)), repr(other)).correct


@given(st.lists(st.integers(), min_size=1), st.data())
def test_a_list_with_one_element_changed_never_verifies(call_sample, judge, gold, data):
    changed = list(gold)
    changed[data.draw(st.integers(0, len(gold) - 1))] += data.draw(st.sampled_from([-1, 1, 10]))
    assert not judge(call_sample(repr(gold)), repr(changed)).correct


@given(st.text(), st.text())
def test_outputs_that_differ_in_more_than_newlines_and_end_never_verify(
    script_sample, judge, gold, other
):
    assume(gold.strip() and other.strip())
    same = gold.replace("\r\n", "\n").replace("\r", "\n").rstrip() == (
        other.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    )
    assert judge(script_sample(gold), other).correct == same


@given(st.text(), st.text())
def test_any_text_gets_a_verdict_with_a_similarity_between_zero_and_one(
    call_sample, script_sample, judge, gold, answer
):
    for sample in (call_sample(gold), script_sample(gold)):
        assert 0.0 <= judge(sample, answer).similarity <= 1.0


@given(values, st.text(min_size=1), st.text())
def test_gold_inside_a_longer_text_is_never_close(
    call_sample, script_sample, judge, gold, before, after
):
    assume(before.strip() or after.strip())
    for sample in (call_sample(repr(gold)), script_sample(repr(gold))):
        assert judge(sample, f"{before}{gold!r}{after}").match != "close"
