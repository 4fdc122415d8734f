"""The samples that a build has taken, on disk until the dataset is written.

They are kept as lines of JSON in temporary files, which go with the process: the journal holds what
it takes to make them again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from typing_extensions import Self

from codeoutpred.data.candidates import Candidate
from codeoutpred.data.specification import Part
from codeoutpred.data.split import SPLITS, Split, turns
from codeoutpred.data.tally import Tally
from codeoutpred.errors import storage_errors

_encode = json.JSONEncoder(sort_keys=True).encode


class TakenSamples:
    """The samples of each part and split, in files in `folder`; to be used in a `with` statement.

    `tallies` tells what was counted of each split.
    """

    def __init__(self, folder: Path, shares: Mapping[Part, int]) -> None:
        self.tallies: dict[Split, Tally] = {split: Tally() for split in SPLITS}
        self._folder = folder
        self._shares = shares
        self._files: dict[tuple[Part, Split], BinaryIO] = {}

    def add(self, candidate: Candidate, numbers: Sequence[int]) -> None:
        """Take the cases `numbers` of a candidate."""
        for number in numbers:
            sample = candidate.sample(number)
            self.tallies[candidate.split].count(sample)
            line = _encode(sample.to_dict()).encode() + b"\n"
            with storage_errors(str(self._folder)):
                self._file(candidate.part, candidate.split).write(line)

    def lines(self, split: Split) -> Iterator[bytes]:
        """The samples of `split` as JSON Lines with sorted keys, to be taken once: the parts in
        turn, each in the order of its candidates."""
        columns: dict[Part, Iterator[bytes]] = {}
        for part in self._shares:
            file = self._file(part, split)
            file.seek(0)
            columns[part] = iter(file)
        order = turns(self._shares)
        while columns:
            for part in order:
                if part in columns:
                    line = next(columns[part], None)
                    if line is None:
                        del columns[part]
                    else:
                        self.tallies[split].digest(line)
                        yield line

    def _file(self, part: Part, split: Split) -> BinaryIO:
        key = part, split
        if key not in self._files:
            self._files[key] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  # see exit
        return self._files[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            with suppress(OSError):  # of a full disk, for what nobody reads any more
                file.close()
