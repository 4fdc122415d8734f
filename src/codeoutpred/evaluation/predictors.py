"""Predictions that were made elsewhere, read from a file.

The local model has a file of its own, `huggingface.py`, since it needs torch, and so has a model
behind an endpoint, `endpoint.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.prediction_files import Complain, Given, read_predictions, refuse
from codeoutpred.prompts import extract_answer
from codeoutpred.records import Prediction, Prompt


class FilePredictor:
    """The predictions of a file (see `codeoutpred.evaluation.prediction_files`), in any order.

    A text is what a model wrote: answers are extracted from it as from any model's, by the format
    of the prompt; but those of CRUXEval's `generations.json` are answers already.

    What cannot be used is told to `complain`, a line each that names the file and the line; by
    default the first of these is raised as an `InvalidValueError`. Where `complain` returns, the
    others are used: whatever is missing then is an empty prediction, so that no denominator
    shrinks. `known` are ids that may be there without being asked for.
    """

    def __init__(
        self, path: Path, complain: Complain = refuse, *, known: Collection[str] = ()
    ) -> None:
        self.path = path
        self._tell = complain
        self._first_problem = ""
        self._known = frozenset(known)
        self._given, self._are_answers = read_predictions(path, self._complain)
        counts = Counter(len(given.texts) for given in self._given.values())
        self.predictions_per_sample = counts.most_common(1)[0][0] if counts else 1
        """How many predictions most samples have, and every sample should."""
        self.settings = {
            "predictor": "file",
            "predictions": path.name,
            "samples_per_prompt": str(self.predictions_per_sample),
        }
        """What a report says of the file."""

    def predict(self, prompts: Sequence[Prompt]) -> Iterator[Prediction]:
        """The file's predictions, in the order of the prompts; every id must be among them.

        `InvalidValueError` where none of the prompts has any.
        """
        asked = {prompt.sample_id for prompt in prompts}
        usable = {
            sample_id: self._right_number(given)
            for sample_id, given in self._given.items()
            if self._is_asked(sample_id, given, asked)
        }
        if prompts and not usable:
            problem = self._first_problem and f"; {self._first_problem}"
            raise InvalidValueError(
                f"{self.path} holds no prediction for any of the {len(asked)} samples asked for"
                f"{problem}"
            )
        missing = [prompt.sample_id for prompt in prompts if prompt.sample_id not in usable]
        if missing:
            self._complain(
                f"{self.path}: {len(missing)} of {len(prompts)} samples have no prediction, the "
                f"first is {missing[0]!r}; write a line for each (the text may be empty)"
            )
        nothing = ("",) * self.predictions_per_sample
        return (
            prediction
            for prompt in prompts
            for prediction in self._predictions(prompt, usable.get(prompt.sample_id, nothing))
        )

    def _complain(self, problem: str) -> None:
        self._first_problem = self._first_problem or problem
        self._tell(problem)

    def _is_asked(self, sample_id: str, given: Given, asked: set[str]) -> bool:
        if sample_id not in asked and sample_id not in self._known:
            self._complain(
                f"{self.path}:{given.line}: id {sample_id!r} is none of the {len(asked)} samples "
                "asked for; evaluate on the dataset that was predicted"
            )
        return sample_id in asked

    def _right_number(self, given: Given) -> tuple[str, ...]:
        """As many texts as the other samples have: those behind are left out or empty."""
        wanted, texts = self.predictions_per_sample, given.texts
        if len(texts) != wanted:
            self._complain(
                f"{self.path}:{given.line}: {len(texts)} predictions, where most samples have "
                f"{wanted}; give the same number for each"
            )
        return (*texts, *[""] * (wanted - len(texts)))[:wanted]

    def _predictions(self, prompt: Prompt, texts: Sequence[str]) -> Iterator[Prediction]:
        """A prediction for each text; one that stands there again is the same prediction."""
        prompt_format = "direct" if self._are_answers else prompt.format
        made = {
            text: Prediction(
                sample_id=prompt.sample_id, text=text, answer=extract_answer(text, prompt_format)
            )
            for text in set(texts)
        }
        return (made[text] for text in texts)
