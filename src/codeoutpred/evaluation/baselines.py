"""What a lazy model reaches without computing anything, scored by the same path as any model.

A literal in sight is one that stands in the program or in the arguments of the call. For a
script, whose answer is text, it is written as the language would print it: `'ab'` as `ab`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from codeoutpred.evaluation.evaluate import score
from codeoutpred.evaluation.report import EvaluationReport
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.plugins import default_plugins
from codeoutpred.protocols import Language, RewardFn, Verifier
from codeoutpred.records import Prediction, Sample

MOST_FREQUENT = "most frequent training answer"
LAST_LITERAL = "last literal of the program"
VALUE_IN_SIGHT = "one of the values in sight"
ANY_VALUE_IN_SIGHT = "any value in sight (upper bound)"


def baseline_reports(
    samples: Sequence[Sample],
    training_samples: Sequence[Sample],
    *,
    verifier: Verifier,
    reward: RewardFn,
    languages: LanguageRegistry | None = None,
    seed: int = 0,
) -> list[EvaluationReport]:
    """The reports of the three lazy baselines, and of the upper bound on guessing, last."""
    known = default_plugins().languages if languages is None else languages
    predictions = {
        MOST_FREQUENT: most_frequent_answer(samples, training_samples),
        LAST_LITERAL: last_literal(samples, known),
        VALUE_IN_SIGHT: value_in_sight(samples, known, seed=seed),
        ANY_VALUE_IN_SIGHT: any_value_in_sight(samples, known, verifier),
    }
    return [
        score(samples, given, name=name, verifier=verifier, reward=reward, languages=known)
        for name, given in predictions.items()
    ]


def most_frequent_answer(
    samples: Sequence[Sample], training_samples: Sequence[Sample]
) -> list[Prediction]:
    """The most frequent answer of the training samples of the same language and kind.

    Of equally frequent ones the first to appear; none where nothing of the sort was trained on.
    """
    counts: dict[tuple[str, str], Counter[str]] = {}
    for sample in training_samples:
        counts.setdefault((sample.language, sample.kind), Counter())[sample.answer] += 1
    best = {key: counter.most_common(1)[0][0] for key, counter in counts.items()}
    return [_prediction(sample, best.get((sample.language, sample.kind))) for sample in samples]


def last_literal(samples: Sequence[Sample], languages: LanguageRegistry) -> list[Prediction]:
    """The last literal in sight: of a call, which stands below the program, its last argument."""
    return [
        _prediction(sample, next(reversed(literals_in_sight(sample, languages)), None))
        for sample in samples
    ]


def value_in_sight(
    samples: Sequence[Sample], languages: LanguageRegistry, *, seed: int = 0
) -> list[Prediction]:
    """One of the literals in sight, drawn at random for each sample by (seed, sample id)."""
    return [
        _prediction(sample, _draw(literals_in_sight(sample, languages), seed, sample.id))
        for sample in samples
    ]


def any_value_in_sight(
    samples: Sequence[Sample], languages: LanguageRegistry, verifier: Verifier
) -> list[Prediction]:
    """The right answer wherever it is in sight, else the first literal.

    No model can do this without knowing the answer: its accuracy is the share of samples that
    copying could solve at all.
    """
    predictions = []
    for sample in samples:
        guesses = [_prediction(sample, text) for text in literals_in_sight(sample, languages)]
        right = (guess for guess in guesses if verifier.verify(sample, guess).correct)
        predictions.append(next(right, guesses[0] if guesses else _prediction(sample, None)))
    return predictions


def literals_in_sight(sample: Sample, languages: LanguageRegistry) -> list[str]:
    """The literals of the program, then those of the call's arguments, as answers."""
    language = languages.get(sample.language)
    found = language.find_literals(sample.source)
    if sample.kind == "script":
        return [_as_printed(language, text) for text in found]
    # As a call, since the bare arguments could be read as one tuple.
    return [*found, *language.find_literals(f"{sample.entry}({sample.arguments})")]


def _as_printed(language: Language, literal: str) -> str:
    try:
        value = language.parse_literal(literal)
    except ValueError:  # a constant of the program that only looks like a literal
        return literal
    text = getattr(value, "content", value)
    return text if isinstance(text, str) else language.render_literal(value)


def _draw(texts: Sequence[str], seed: int, sample_id: str) -> str | None:
    return random.Random(f"in-sight:{seed}:{sample_id}").choice(texts) if texts else None


def _prediction(sample: Sample, answer: str | None) -> Prediction:
    return Prediction(sample_id=sample.id, text=answer or "", answer=answer)
