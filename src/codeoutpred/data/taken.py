"""The samples that a build has taken: where they stand in its journal, not what they hold.

A sample costs twelve bytes here, whatever its texts weigh; they are read back from the journal when
the dataset is written.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from codeoutpred.data.candidates import Candidate
from codeoutpred.data.journal import Journal
from codeoutpred.data.specification import Part
from codeoutpred.data.split import Split, turns
from codeoutpred.records import Sample


class TakenSamples:
    """The samples taken from the candidates in `journal`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._places: dict[tuple[Part, Split], tuple[array[int], array[int]]] = {}

    def add(self, candidate: Candidate, numbers: Sequence[int], position: int) -> None:
        """Take the cases `numbers` of the candidate at `position` of the journal."""
        if not numbers:
            return
        key = candidate.part, candidate.split
        positions, cases = self._places.setdefault(key, (array("Q"), array("I")))
        positions.extend([position] * len(numbers))
        cases.extend(numbers)

    def samples(self, split: Split) -> Iterator[Sample]:
        """The samples of `split`, the parts in turn, each in the order of its candidates."""
        shares = self._journal.spec.shares
        columns = {part: self._column(part, split) for part in shares}
        order = turns(shares)
        while columns:
            for part in order:
                if part in columns:
                    sample = next(columns[part], None)
                    if sample is None:
                        del columns[part]
                    else:
                        yield sample

    def _column(self, part: Part, split: Split) -> Iterator[Sample]:
        positions, cases = self._places.get((part, split), (array("Q"), array("I")))
        for candidate, number in zip(self._journal.candidates(positions), cases):
            yield candidate.sample(number)
