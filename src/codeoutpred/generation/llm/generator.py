"""`LLMGenerator`: programs that a language model wrote, item by item a function of the journal.

    generator = LLMGenerator(model="gpt-5-mini", replies=Path("replies.jsonl"), max_tokens=200_000)
    for program in generator.generate(count=20, seed=0):
        print(program.source)

Programs number `5 n` to `5 n + 4` are the reply to request number `n`. A reply that is in the
journal is never asked for again, so the same call gives the same programs.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from codeoutpred.errors import GenerationError, InvalidValueError
from codeoutpred.generation.llm.budget import Account, Prices
from codeoutpred.generation.llm.journal import ReplyJournal
from codeoutpred.generation.llm.reply import Failure, read_programs
from codeoutpred.generation.llm.request import LEVELS, TOPICS, Request, draw_request
from codeoutpred.generation.llm.retries import Patience
from codeoutpred.generation.llm.source import AnswerSource
from codeoutpred.protocols import Estimate
from codeoutpred.records import Program, Provenance

HOPELESS = 20
"""Replies without a usable program, from the first on, before the model is given up."""

FAILURES_IN_A_ROW = 5
"""Requests that fail one after another, each in spite of all tries, before the build stops."""


class LLMGenerator:
    """Programs of `language` from `model`, behind any endpoint that speaks as OpenAI's does.

    `replies` is the file that keeps every reply, of other languages as well; `max_cost` and
    `max_tokens` bound all that is in it. Prices are for a million tokens. `reply_tokens` bounds a
    single reply. The key is that of `OPENAI_API_KEY`; a `base_url` may need none.

    Raises `InvalidValueError` for settings that make no sense.
    """

    def __init__(
        self,
        *,
        language: str = "python",
        levels: Sequence[int] = (1, 2, 3),
        model: str = "",
        replies: Path | None = None,
        base_url: str = "",
        topics: Sequence[str] = (),
        concurrency: int = 8,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        input_price: float | None = None,
        output_price: float | None = None,
        reply_tokens: int = 4096,
        programs_per_request: int = 5,
        patience: Patience = Patience(),  # noqa: B008  # frozen
    ) -> None:
        if not model:
            raise InvalidValueError(
                "the openai generator needs the name of a model that the endpoint has "
                "(generate-data --llm-model NAME)"
            )
        if replies is None:
            raise InvalidValueError(
                "the openai generator needs a file that keeps its replies: give replies=Path(...)"
            )
        unknown = [level for level in levels if level not in LEVELS]
        if unknown or not levels:
            raise InvalidValueError(
                f"unknown difficulty level {unknown[0] if unknown else '(none given)'}; "
                f"choose from {', '.join(map(str, LEVELS))}"
            )
        for name, value in (
            ("concurrency", concurrency),
            ("reply_tokens", reply_tokens),
            ("programs_per_request", programs_per_request),
        ):
            if value < 1:
                raise InvalidValueError(f"{name} is {value}; it must be at least 1")
        self.name = f"openai-{language}"
        self.language = language
        self.levels = tuple(levels)
        self.topics = tuple(topics) or tuple(TOPICS)
        self.model = model
        self.settings = (f"model {model}", f"topics {', '.join(self.topics)}")
        self.provenance = Provenance(origin=f"asked of the language model {model}")
        self.programs_per_request = programs_per_request
        requests = {
            "model": model,
            "levels": self.levels,
            "topics": self.topics,
            "programs_per_request": programs_per_request,
        }
        self._source = AnswerSource(
            journal=ReplyJournal(replies, requests),
            account=Account(
                prices=Prices.of(input_price, output_price),
                max_cost=max_cost,
                max_tokens=max_tokens,
            ),
            base_url=base_url,
            model=model,
            concurrency=concurrency,
            reply_tokens=reply_tokens,
            patience=patience,
        )
        self._failures = 0
        self._is_useful = False
        self._useless: Counter[str] = Counter()

    def check(self) -> None:
        """Raise `InvalidValueError` where there is neither a key nor a `base_url`."""
        self._source.check()

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        """Programs number `start` to `start + count - 1`; replies that are missing are paid for.

        Leaving the iterator early waits a while for the replies under way, so that they are kept.
        Raises `GenerationError` where the endpoint or the model is of no use, a limit is reached,
        or the file of replies is damaged or in use.
        """
        if count < 1:
            return
        size = self.programs_per_request
        numbers = range(start // size, -(-(start + count) // size))
        held: list[Program] = []
        requests = (self._request(seed, number) for number in numbers)
        with contextlib.closing(self._source.answers(requests)) as answers:
            for number, (request, answer) in zip(numbers, answers):
                first = number * size
                programs = read_programs(
                    answer,
                    request,
                    name=self.name,
                    seed=seed,
                    start=first,
                    generator=f"openai:{self.model}",
                )
                held += list(programs)[max(0, start - first) : start + count - first]
                # Failures are held back until a request succeeds: should the build stop because
                # of them, nobody has seen these items, and they are asked for again.
                if isinstance(answer, Failure):
                    self._count_failure(answer)
                    continue
                self._failures = 0
                self._count_useless(held)
                yield from held
                held.clear()
        yield from held

    def estimate(self, *, samples: int, seed: int) -> Estimate:
        """What it takes to get `samples` samples from the start, if every program is good."""
        requests: list[Request] = []
        missing = samples
        while missing > 0:
            requests.append(self._request(seed, len(requests)))
            missing -= requests[-1].samples
        return self._source.estimate(requests)

    def spending(self) -> str:
        """Replies, tokens and cost of all that the file of replies holds; empty before any use."""
        account = self._source.account
        return account.summary() if account.replies else ""

    def _request(self, seed: int, number: int) -> Request:
        return draw_request(
            self.name,
            self.language,
            seed=seed,
            number=number,
            levels=self.levels,
            topics=self.topics,
            programs=self.programs_per_request,
        )

    def _count_failure(self, failure: Failure) -> None:
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            raise GenerationError(
                f"{self._failures} requests in a row failed, the last with: {failure.reason}; "
                f"all replies so far are kept in {self._source.journal.path}: run again with "
                "--resume when that is mended"
            )

    def _count_useless(self, programs: Sequence[Program]) -> None:
        """Give the model up where its first replies hold nothing that can be used."""
        self._is_useful |= any(not program.rejection for program in programs)
        if self._is_useful:
            return
        self._useless.update(program.rejection for program in programs[-1:])
        if self._useless.total() >= HOPELESS:
            reasons = ", ".join(f"{name} {number}" for name, number in self._useless.most_common())
            raise GenerationError(
                f"model {self.model!r} gave no program in its first replies: {reasons}; see "
                f"them in {self._source.journal.path}, and choose another model or other levels"
            )
