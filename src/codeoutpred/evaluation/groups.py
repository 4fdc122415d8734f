"""The groups that results are broken down by, and the one that shows whether a model computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from codeoutpred.evaluation.metrics import Metrics, Tally, measure
from codeoutpred.evaluation.scores import ScoredSample
from codeoutpred.records import Record, Sample

HARDER = "3 or more dependent statements, computed number, string or list"

_BOOLEANS = frozenset({"True", "False", "true", "false"})
_NOT_COMPUTED = frozenset({"bool", "boolean", "exception"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Record):
    """The metrics of the samples that share one value of one dimension."""

    dimension: str
    name: str
    metrics: Metrics


def is_harder(sample: Sample) -> bool:
    """Whether the answer hangs on three or more statements and cannot be guessed as a boolean.

    Booleans are left out since half of them are right by chance: in a script, where the answer
    is text, an output of nothing but truth values counts as one. So are exceptions' names.
    """
    if sample.dependent_statements < 3 or sample.answer_type in _NOT_COMPUTED:
        return False
    return not _BOOLEANS.issuperset(sample.answer.split())


DIMENSIONS: dict[str, Callable[[ScoredSample], Iterable[str]]] = {
    "language": lambda sample: (sample.language,),
    "kind": lambda sample: (sample.kind,),
    "difficulty": lambda sample: (str(sample.difficulty),),
    "answer_type": lambda sample: (sample.answer_type,),
    "operation": lambda sample: dict.fromkeys(sample.operations),
    "harder": lambda sample: (HARDER,) if sample.harder else (),
}
"""Dimension -> the names of the groups a sample is in; with several operations, in several."""


def break_down(
    samples: Sequence[ScoredSample], tallies: Sequence[Tally], whole: Metrics
) -> tuple[Group, ...]:
    """The groups of all dimensions that hold any sample.

    `tallies` are those of the samples, in their order, and `whole` is what they all come to.
    """
    groups = []
    for dimension, names_of in DIMENSIONS.items():
        members: dict[str, list[Tally]] = {}
        for sample, counted in zip(samples, tallies, strict=True):
            for name in names_of(sample):
                members.setdefault(name, []).append(counted)
        for name in sorted(members, key=_numbers_by_value):
            is_whole = len(members[name]) == len(tallies)
            metrics = whole if is_whole else measure(members[name])
            groups.append(Group(dimension=dimension, name=name, metrics=metrics))
    return tuple(groups)


def _numbers_by_value(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (0, name)
