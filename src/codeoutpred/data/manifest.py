"""What a finished dataset says of itself: `manifest.json`.

Nothing in it depends on when, where or by how many workers the dataset was built; `checksum`
depends on the samples alone, so that it can be compared across versions of the libraries.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from codeoutpred.data.filters import Selection
from codeoutpred.data.specification import DatasetSpec
from codeoutpred.data.split import SPLITS
from codeoutpred.plugins import library_version
from codeoutpred.records import Record, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Record):
    """The specification (seed included) of a dataset, and what came of it.

    `counts` holds for each split `samples`, `programs`, and the samples by `language`, `kind` and
    `difficulty`. `candidates` counts by language the cases looked at, `rejections` by language
    and reason those left out. `isolation` names the containment that the answers were found
    under. `files` holds the SHA-256 of each file, `checksum` that of the samples themselves.
    """

    spec: DatasetSpec
    counts: Mapping[str, Mapping[str, Any]]
    candidates: Mapping[str, int]
    rejections: Mapping[str, Mapping[str, int]]
    isolation: str
    versions: Mapping[str, str]
    toolchains: Mapping[str, str]
    files: Mapping[str, str]
    checksum: str

    def to_json(self) -> str:
        """The text of `manifest.json`."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"


def describe(
    selection: Selection, *, toolchains: Mapping[str, str], files: Mapping[str, str]
) -> Manifest:
    """The manifest of a complete selection that is stored in `files` (name to SHA-256)."""
    return Manifest(
        spec=selection.spec,
        counts={split: _counts(selection.samples(split)) for split in SPLITS},
        candidates=_sorted(selection.candidates),
        rejections={name: _sorted(table) for name, table in selection.rejections.items()},
        isolation=", ".join(sorted(selection.isolation)),
        versions={
            "codeoutpred": library_version(),
            "python": platform.python_version(),
            "datasets": version("datasets"),
            "pyarrow": version("pyarrow"),
        },
        toolchains=toolchains,
        files=files,
        checksum=checksum({split: selection.samples(split) for split in SPLITS}),
    )


def checksum(splits: Mapping[str, Sequence[Sample]]) -> str:
    """The SHA-256 of the samples as JSON Lines, split after split, each headed by its name."""
    digest = hashlib.sha256()
    for split in SPLITS:
        digest.update(f"{split}\n".encode())
        for sample in splits[split]:
            digest.update(json.dumps(sample.to_dict(), sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def _counts(samples: Sequence[Sample]) -> dict[str, Any]:
    return {
        "samples": len(samples),
        "programs": len({sample.program_id for sample in samples}),
        "language": _sorted(Counter(sample.language for sample in samples)),
        "kind": _sorted(Counter(sample.kind for sample in samples)),
        "difficulty": {
            str(level): number
            for level, number in sorted(Counter(s.difficulty for s in samples).items())
        },
    }


def _sorted(counter: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counter.items()))
