"""The order of the samples: those of like length together, and everything else left to chance."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.training.sft import ByLength

pytestmark = pytest.mark.heavy

RNG = random.Random(0)
LENGTHS = [int(RNG.lognormvariate(4.5, 0.7)) for _ in range(1003)]
BATCH = 8


def batches(epoch: int, lengths: list[int] = LENGTHS) -> list[list[int]]:
    sampler = ByLength(lengths, BATCH, seed=3)
    sampler.set_epoch(epoch)
    order = list(sampler)
    assert len(order) == len(sampler) == len(lengths)
    return [order[at : at + BATCH] for at in range(0, len(order), BATCH)]


def test_every_epoch_has_each_sample_once_in_batches_of_its_own() -> None:
    first, second = batches(0), batches(1)
    for found in (first, second):
        assert sorted(row for batch in found for row in batch) == list(range(len(LENGTHS)))
    assert first == batches(0)
    assert not {tuple(sorted(batch)) for batch in first} & {tuple(sorted(b)) for b in second}


@pytest.mark.parametrize("count", [100, 1003])
def test_little_is_padding_however_few_samples_there_are(count: int) -> None:
    lengths = LENGTHS[:count]
    widths = [max(lengths[row] for row in batch) for batch in batches(0, lengths)]
    padded = sum(width * BATCH for width in widths)
    assert padded < 1.25 * sum(lengths)
    assert widths[0] == max(lengths)


def test_the_order_does_not_go_from_long_to_short() -> None:
    widths = [max(LENGTHS[row] for row in batch) for batch in batches(0)]
    falls = sum(one > other for one, other in pairwise(widths))
    assert 0.3 < falls / len(widths) < 0.7


def test_fewer_samples_than_a_batch_are_one() -> None:
    assert [sorted(batch) for batch in batches(0, [3, 1, 2])] == [[0, 1, 2]]
