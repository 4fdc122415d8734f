"""What is counted of samples as they pass by on their way to a file."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from codeoutpred.records import Sample

DIMENSIONS = ("language", "generator", "kind", "difficulty", "answer_type")
"""The fields of a sample by which a manifest counts."""

_encode = json.JSONEncoder(sort_keys=True).encode


class Tally:
    """Counts and checksum of the samples of one split."""

    def __init__(self) -> None:
        self.samples = 0
        self._groups: dict[str, Counter[Any]] = {name: Counter() for name in DIMENSIONS}
        self._digest = hashlib.sha256()

    def lines(self, samples: Iterable[Sample]) -> Iterator[bytes]:
        """The samples as JSON Lines with sorted keys, counted as they are taken."""
        for sample in samples:
            self.samples += 1
            for name, counter in self._groups.items():
                counter[getattr(sample, name)] += 1
            line = _encode(sample.to_dict()).encode() + b"\n"
            self._digest.update(line)
            yield line

    @property
    def checksum(self) -> str:
        """The SHA-256 of the lines so far."""
        return self._digest.hexdigest()

    def counts(self) -> dict[str, Any]:
        """The samples, and how many there are of each value of each of `DIMENSIONS`."""
        groups = {
            name: {str(value): number for value, number in sorted(counter.items())}
            for name, counter in self._groups.items()
        }
        return {"samples": self.samples, **groups}
