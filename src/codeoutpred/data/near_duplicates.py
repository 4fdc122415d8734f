"""How many programs nearly repeat an earlier one, by MinHash (Broder 1997) over token shingles.

    >>> found = NearDuplicates()
    >>> for text in ("a = 1; print(a + 2)", "x = 'no'; y = x * 3", "a = 1; print(a + 2)"):
    ...     found.add(text)
    >>> found.count()
    1

Two texts are near duplicates where at least `THRESHOLD` of all runs of `SHINGLE` tokens that
stand in either stand in both (the Jaccard index). It is estimated from `HASHES` hashes, with a
standard error of 0.035 at the threshold. Time and memory grow with the number of texts alone.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np

THRESHOLD = 0.8
SHINGLE = 5
HASHES = 128
_BAND = 4  # two texts are compared where a band of this many hashes is the same: at 0.8, always

_TOKEN = re.compile(r"\w+|[^\w\s]")
_chance = np.random.default_rng(20_261_124)
_FACTORS = _chance.integers(0, 2**64, HASHES, np.uint64) | np.uint64(1)
_TERMS = _chance.integers(0, 2**64, HASHES, np.uint64)
_PLACES = _chance.integers(0, 2**64, SHINGLE, np.uint64) | np.uint64(1)


class NearDuplicates:
    """The signatures of the texts added so far, 512 bytes each."""

    def __init__(self) -> None:
        self._signatures: list[np.ndarray[Any, Any]] = []
        self._tokens: dict[str, int] = {}

    def add(self, text: str) -> None:
        """Add a text, best one in which names and layout are normalised."""
        tokens = [self._number(token) for token in _TOKEN.findall(text)]
        tokens += [0] * (SHINGLE - len(tokens))
        windows = np.lib.stride_tricks.sliding_window_view(np.array(tokens, np.uint64), SHINGLE)
        shingles = (windows * _PLACES).sum(axis=1, dtype=np.uint64)
        shingles ^= shingles >> np.uint64(31)
        hashes = shingles[:, None] * _FACTORS + _TERMS
        self._signatures.append((hashes.min(axis=0) >> np.uint64(32)).astype(np.uint32))

    def count(self) -> int:
        """How many of the texts are near duplicates of an earlier one."""
        if not self._signatures:
            return 0
        signatures = np.stack(self._signatures)
        found: Any = np.zeros(len(signatures), bool)
        for band in range(0, HASHES, _BAND):
            keys = np.ascontiguousarray(signatures[:, band : band + _BAND])
            _, group = np.unique(keys.view(f"V{keys.itemsize * _BAND}"), return_inverse=True)
            order = np.argsort(group.ravel(), kind="stable")
            group = group.ravel()[order]
            starts = np.concatenate([[True], group[1:] != group[:-1]])
            first = order[np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))]
            for earlier, later in ((first, order), (order[:-1], order[1:])):
                same = (signatures[earlier] == signatures[later]).mean(axis=1) >= THRESHOLD
                found[later[same & (earlier < later)]] = True
        return int(found.sum())

    def _number(self, token: str) -> int:
        if token not in self._tokens:
            digest = hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8)
            self._tokens[token] = int.from_bytes(digest.digest(), "big")
        return self._tokens[token]
