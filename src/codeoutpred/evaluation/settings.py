"""What a paper must cite of an evaluation, as short texts.

>>> cited(StagedReward())
'StagedReward(exact=10.0, close=5.0, threshold=0.0)'
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable

from codeoutpred.records import Sample


def cited(judge: object) -> str:
    """A verifier or a reward with its options, or its name alone where it does not tell them."""
    if dataclasses.is_dataclass(judge):
        return repr(judge)
    return str(getattr(judge, "__name__", type(judge).__name__))


def questions_sha256(samples: Iterable[Sample]) -> str:
    """The SHA-256 of what was asked and of the right answers, in order: the same from any file."""
    digest = hashlib.sha256()
    for sample in samples:
        asked = (sample.id, sample.language, sample.kind, sample.source, sample.entry)
        digest.update(repr((*asked, sample.arguments, sample.answer)).encode())
    return digest.hexdigest()
