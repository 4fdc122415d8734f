"""Predictions of a model behind any endpoint that speaks as OpenAI's does.

predictor = EndpointPredictor("my-model", base_url="http://localhost:8000/v1",
                              replies=Path("replies.jsonl"))
report = evaluate(samples, predictor, name="my-model", prompt_format="cot", ...)
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from codeoutpred.errors import GenerationError, InvalidValueError
from codeoutpred.generation.llm.access import Access
from codeoutpred.generation.llm.budget import Account
from codeoutpred.generation.llm.endpoint import Endpoint
from codeoutpred.generation.llm.journal import ReplyJournal
from codeoutpred.generation.llm.protocol import Dialect, worst_case
from codeoutpred.generation.llm.reply import Failure, Reply
from codeoutpred.generation.llm.retries import Patience
from codeoutpred.prompts import to_prediction
from codeoutpred.records import Prediction, Prompt

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Question:
    """One prompt, asked for the `number`th time, as one message of a user."""

    prompt: Prompt
    number: int

    @property
    def key(self) -> str:
        """Another text is another question, though the sample be the same."""
        digest = hashlib.sha256(self.prompt.text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.prompt.sample_id}:{digest[:16]}:{self.number}"

    @property
    def messages(self) -> tuple[dict[str, str], ...]:
        """What a chat model is shown for a prompt, here as with a local model."""
        return ({"role": "user", "content": self.prompt.text},)


class EndpointPredictor:
    """Asks `model` at `base_url` (empty: that of the environment) for each prompt, `k` times.

    `concurrency` requests are under way at a time, each tried again as `patience` allows. Every
    reply is kept in the file `replies` before it is used, and asked for once only: after a server
    that died half way, the same call goes on where it was. At temperature 0, and unless the model
    reasons freely (`cot`), the server is asked for log-probabilities, too: where it tells them, a
    prediction has the probability of its whole text as confidence, else none. Raises
    `GenerationError` for questions that have no reply in the end, `InvalidValueError` for numbers
    that make no sense.
    """

    def __init__(
        self,
        model: str,
        *,
        replies: Path,
        base_url: str = "",
        concurrency: int = 8,
        max_new_tokens: int = 1024,
        temperature: float = 0.0,
        k: int = 1,
        patience: Patience = Patience(),  # noqa: B008  # immutable
        progress: Progress | None = None,
    ) -> None:
        for name, value in (
            ("concurrency", concurrency),
            ("max_new_tokens", max_new_tokens),
            ("k", k),
        ):
            if value < 1:
                raise InvalidValueError(f"{name} is {value}; it must be at least 1")
        if not temperature >= 0:
            raise InvalidValueError(f"temperature is {temperature}; it must not be negative")
        if k > 1 and not temperature:
            raise InvalidValueError(f"k is {k} at temperature 0, where all are the same; raise it")
        self._model = model
        self._access = Access(base_url)
        self._concurrency = concurrency
        self._max_new_tokens = max_new_tokens
        self._k = k
        self._patience = patience
        self._progress = progress
        self._temperature = temperature
        self._replies = self._told = 0
        settings = {"model": model, "temperature": temperature, "max_new_tokens": max_new_tokens}
        self._journal = ReplyJournal(replies, settings)

    def predict(self, prompts: Sequence[Prompt]) -> Iterator[Prediction]:
        """`k` predictions a prompt, in the order of the prompts."""
        questions = [_Question(prompt, number) for prompt in prompts for number in range(self._k)]
        with self._journal:
            self._ask([question for question in questions if question.key not in self._journal])
            for question in questions:
                reply = self._journal.get(question.key)
                self._replies += 1
                self._told += reply.logprob is not None
                yield _prediction(question.prompt, reply)

    @property
    def settings(self) -> dict[str, str]:
        """What a report says of how the model was asked, and what the server kept to itself."""
        return {
            "predictor": "endpoint",
            "model": self._model,
            "base_url": self._access.place,
            "temperature": str(self._temperature),
            "samples_per_prompt": str(self._k),
            "max_new_tokens": str(self._max_new_tokens),
            "log_probabilities": f"with {self._told} of {self._replies} replies",
        }

    def _ask(self, questions: Sequence[_Question]) -> None:
        """Get a reply for each into the journal; raise where some have none."""
        if not questions:
            return
        account = Account()
        failures = []
        with Endpoint(
            self._access,
            model=self._model,
            concurrency=self._concurrency,
            reply_tokens=self._max_new_tokens,
            journal=self._journal,
            account=account,
            patience=self._patience,
            dialect=Dialect(
                takes_schema=False,
                temperature=self._temperature,
                tells_logprobs=not self._temperature
                and any(question.prompt.format != "cot" for question in questions),
            ),
        ) as endpoint:
            futures = []
            for question in questions:
                account.reserve(worst_case(question, self._max_new_tokens))
                futures.append(endpoint.ask(question))
            for done, future in enumerate(futures, start=1):
                answer = future.result()
                if isinstance(answer, Failure):
                    failures.append(answer.reason)
                if self._progress is not None:
                    self._progress(done, len(futures))
        if failures:
            raise GenerationError(
                f"{len(failures)} of {len(questions)} questions have no reply from "
                f"{self._access.place}, the first because of {failures[0]}; all others are kept in "
                f"{self._journal.path}: run again, and only those are asked"
            )


def _prediction(prompt: Prompt, reply: Reply) -> Prediction:
    confidence = None
    if reply.logprob is not None and prompt.format != "cot":
        confidence = math.exp(min(reply.logprob, 0.0))
    prediction = to_prediction(prompt, reply.text)
    return dataclasses.replace(prediction, confidence=confidence, clipped=reply.finish == "length")
