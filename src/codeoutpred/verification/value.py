"""The default verifier: compares typed values where there are literals, and text elsewhere.

It stands between the prediction and the reward:

    verdict = ValueVerifier().verify(sample, prediction)
    verdict.match, verdict.similarity  # "exact", 1.0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel

from codeoutpred.errors import InvalidValueError
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.plugins import default_plugins
from codeoutpred.protocols import Language
from codeoutpred.records import Match, Prediction, Sample, Verdict

# A literal takes at most ten characters for one (`\U0001f600`): whatever is longer than this many
# times the expected text, and not short anyway, is not worth parsing.
_PARSED_TIMES = 12
_PARSED_ANYWAY = 1_000

# Above this length (in characters) only what may still be `close` is measured.
_MEASURED = 10_000


@dataclass(frozen=True)
class ValueVerifier:
    """Judges an answer by the meanings of `Verdict.match`.

    - A `call` answer is a literal of the sample's language: `exact` where the text is the same
      but for white space around it, `equal` where the typed values are equal.
    - A `script` answer and the type name of an exception are text: `exact` where the same but
      for the form of newlines and white space at the very end.
    - Else the answer is `close` where rapidfuzz's normalised similarity of the two texts reaches
      `close_threshold`, unless it merely contains the expected text (spacing and quotes put
      aside): padding or listing the right answer is `wrong`.
    - An answer that is missing or blank is `unparseable`, with similarity 0.0. A sample whose
      expected answer is blank can therefore never be answered.

    The similarity of texts above 10,000 characters is reported as 0.0 where it is below the
    threshold. `languages` is the registry of languages, by default that of all plugins.
    """

    close_threshold: float = 0.8
    languages: LanguageRegistry | None = None

    def __post_init__(self) -> None:
        if not 0 < self.close_threshold <= 1:
            raise InvalidValueError(
                f"close_threshold is {self.close_threshold}; it must lie above 0 and at most at 1"
            )

    def verify(self, sample: Sample, prediction: Prediction) -> Verdict:
        """The verdict; never raises for what a model wrote, however long or odd."""
        text = prediction.answer
        if text is None or not text.strip():
            return _verdict("unparseable", 0.0, sample, prediction, "no answer was found")
        is_literal = sample.kind == "call" and sample.status != "exception"
        canonical = str.strip if is_literal else _canonical_text
        expected, answer = canonical(sample.answer), canonical(text)
        if expected == answer:
            return _verdict("exact", 1.0, sample, prediction, "same text")
        similarity = self._similarity(expected, answer)
        difference = f"expected {_short(expected)}, got {_short(answer)}"
        if is_literal:
            same, remark = _compare_literals(self._language(sample.language), expected, answer)
            if same:
                return _verdict("equal", similarity, sample, prediction, remark)
            difference = remark or difference
        if similarity < self.close_threshold:
            return _verdict("wrong", similarity, sample, prediction, difference)
        if _contains(answer, expected):
            reason = "the expected answer stands inside a longer one"
            return _verdict("wrong", similarity, sample, prediction, reason)
        reason = f"similar ({similarity:.2f}): {difference}"
        return _verdict("close", similarity, sample, prediction, reason)

    def _language(self, name: str) -> Language:
        languages = default_plugins().languages if self.languages is None else self.languages
        return languages.get(name)

    def _similarity(self, expected: str, answer: str) -> float:
        is_long = max(len(expected), len(answer)) > _MEASURED
        cutoff = self.close_threshold if is_long else 0.0
        return Indel.normalized_similarity(expected, answer, score_cutoff=cutoff)


def _verdict(
    match: Match, similarity: float, sample: Sample, prediction: Prediction, reason: str
) -> Verdict:
    return Verdict(
        match=match,
        similarity=similarity,
        expected=sample.answer,
        answer=prediction.answer,
        reason=reason,
    )


def _canonical_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _compare_literals(language: Language, expected: str, answer: str) -> tuple[bool, str]:
    """Whether both are literals of one typed value, and a remark for people (may be empty)."""
    if len(answer) > max(_PARSED_ANYWAY, _PARSED_TIMES * len(expected)):
        return False, f"the answer has {len(answer)} characters, far more than expected"
    wanted = _parse(language, expected)
    given = _parse(language, answer)
    if wanted is None:
        return False, ""
    if given is None:
        return False, f"{_short(answer)} is not a literal of {language.name}"
    try:
        if language.values_equal(wanted[0], given[0]):
            return True, "same value, written differently"
    except RecursionError:
        return False, "the answer is nested too deeply"
    wanted_type, given_type = language.literal_type(wanted[0]), language.literal_type(given[0])
    if wanted_type == given_type:
        return False, ""
    return False, f"expected {wanted_type} {_short(expected)}, got {given_type} {_short(answer)}"


def _parse(language: Language, text: str) -> tuple[Any] | None:
    """The value in a tuple (it may itself be None), or None where the text is no literal."""
    try:
        return (language.parse_literal(text),)
    except (ValueError, RecursionError, MemoryError):  # the latter two: absurd nesting
        return None


def _contains(answer: str, expected: str) -> bool:
    """Whether the answer is more than the expected text, spacing and quotes put aside."""
    inner, outer = ("".join(text.split()).replace('"', "'") for text in (expected, answer))
    return inner != outer and inner in outer


def _short(text: str, width: int = 60) -> str:
    line = text.replace("\n", "\\n")
    return line if len(line) <= width else f"{line[:width]}… ({len(text)} characters)"
