"""A reward is a function of a sample, a prediction and the verdict on it."""

from __future__ import annotations

from codeoutpred import Prediction, Sample, Verdict


class VerbatimReward:
    """1.0 for the very text, 0.5 for the same value written otherwise, nothing for all else."""

    __name__ = "verbatim"

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float:
        return {"exact": 1.0, "equal": 0.5}.get(verdict.match, 0.0)
