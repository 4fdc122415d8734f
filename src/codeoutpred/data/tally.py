"""What is counted of samples as they are taken, and their checksum as they are written."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from codeoutpred.records import Sample

DIMENSIONS = ("language", "generator", "kind", "difficulty", "answer_type")
"""The fields of a sample by which a manifest counts."""


class Tally:
    """Counts and checksum of the samples of one split."""

    def __init__(self) -> None:
        self.samples = 0
        self._groups: dict[str, Counter[Any]] = {name: Counter() for name in DIMENSIONS}
        self._digest = hashlib.sha256()

    def count(self, sample: Sample) -> None:
        """Count one more sample."""
        self.samples += 1
        for name, counter in self._groups.items():
            counter[getattr(sample, name)] += 1

    def digest(self, line: bytes) -> None:
        """Add a sample to the checksum, as a line of JSON with sorted keys."""
        self._digest.update(line)

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
