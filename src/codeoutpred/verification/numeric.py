"""The tolerant verifier: numbers with a fraction may differ by a little.

verdict = NumericVerifier(relative=1e-3).verify(sample, prediction)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from codeoutpred.errors import InvalidValueError
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Prediction, Sample, Verdict
from codeoutpred.verification.judging import make_verdict
from codeoutpred.verification.value import ValueVerifier

_MEASURED = 10_000
_PIECES = re.compile(
    r"""
    "(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?  # an end is not asked for: none is looked for twice
    | [^\W\d]\w* | -?\d[\w.]*(?:(?<=[eE])[+-]\d+)? | \S
    """,
    re.VERBOSE,
)
_FRACTION = re.compile(r"-?\d+(?:\.\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)")


@dataclass(frozen=True)
class NumericVerifier:
    """As the `value` verifier, but numbers with a fraction are `equal` within a tolerance.

    A number differs by at most `relative` times the larger of the two, or by `absolute`. Only
    numbers written with a point or an exponent are held against others so written: whole numbers,
    the texts within quotes and all that stands around must be the same, in the same order.
    """

    relative: float = 1e-6
    absolute: float = 0.0
    close_threshold: float = 0.8
    languages: LanguageRegistry | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, tolerance in (("relative", self.relative), ("absolute", self.absolute)):
            if not 0 <= tolerance < 1:
                raise InvalidValueError(f"{name} is {tolerance}; it must be 0 or more and below 1")
        ValueVerifier(close_threshold=self.close_threshold)

    def verify(self, sample: Sample, prediction: Prediction) -> Verdict:
        """The verdict; never raises for what a model wrote."""
        by_value = ValueVerifier(self.close_threshold, self.languages)
        verdict = by_value.verify(sample, prediction)
        if verdict.match in ("exact", "equal", "unparseable") or prediction.answer is None:
            return verdict
        expected, answer = sample.answer.strip("\n"), prediction.answer.strip("\n")
        if max(len(expected), len(answer)) <= _MEASURED and self._within(expected, answer):
            reason = "same within the tolerance"
            return make_verdict("equal", verdict.similarity, sample, prediction, reason)
        return verdict

    def _within(self, expected: str, answer: str) -> bool:
        wanted, given = _PIECES.findall(expected), _PIECES.findall(answer)
        return len(wanted) == len(given) and all(map(self._same, wanted, given))

    def _same(self, wanted: str, given: str) -> bool:
        if wanted == given:
            return True
        if not (_FRACTION.fullmatch(wanted) and _FRACTION.fullmatch(given)):
            return False
        one, other = float(wanted), float(given)
        return math.isfinite(one) and math.isclose(
            one, other, rel_tol=self.relative, abs_tol=self.absolute
        )
