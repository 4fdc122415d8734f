"""What goes over the wire: the parameters of a request, and a response's body made a `Reply`.

Servers differ in what they take beside model and messages; the richest form is tried first:

>>> Dialect().simpler("400: 'response_format' is not supported").options(100)
{'max_tokens': 100}
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any, Protocol

from codeoutpred.generation.llm.budget import Tokens
from codeoutpred.generation.llm.reply import Reply
from codeoutpred.generation.llm.request import SCHEMA

OLD_BOUND, NEW_BOUND = "max_tokens", "max_completion_tokens"

TOKENS_A_MESSAGE = 64
"""More than any chat template puts around a message."""

SHOWN = 60
"""Characters of a body that are shown where it makes no sense."""


class Question(Protocol):
    """What can be asked: messages of a chat, under a key of its own in the journal."""

    @property
    def key(self) -> str:
        """The same for the same question."""
        ...

    @property
    def messages(self) -> tuple[dict[str, str], ...]:
        """The chat so far."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the server takes, and how it calls the bound on a reply's tokens.

    Without a `temperature` the server chooses its own. With `tells_logprobs` it is asked for the
    log-probability of each token that it wrote.
    """

    takes_schema: bool = True
    tells_logprobs: bool = False
    bound: str = OLD_BOUND
    temperature: float | None = None

    def options(self, reply_tokens: int) -> dict[str, Any]:
        """The parameters of a request in this dialect."""
        options: dict[str, Any] = {self.bound: reply_tokens}
        if self.temperature is not None:
            options["temperature"] = self.temperature
        if self.tells_logprobs:
            options["logprobs"] = True
        if self.takes_schema:
            schema = {"name": "programs", "strict": True, "schema": SCHEMA}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        return options

    def simpler(self, complaint: str) -> Dialect | None:
        """The dialect to try after the server refused this one; None where none is left."""
        if NEW_BOUND in complaint and self.bound == OLD_BOUND:  # models that reason want this
            return dataclasses.replace(self, bound=NEW_BOUND)
        if self.tells_logprobs and ("logprobs" in complaint or not self.takes_schema):
            return dataclasses.replace(self, tells_logprobs=False)
        if self.takes_schema:
            return dataclasses.replace(self, takes_schema=False)
        return None


def worst_case(request: Question, reply_tokens: int) -> Tokens:
    """What a request can cost at most: a token is at least a byte of the text sent."""
    sent = json.dumps([request.messages, Dialect().options(reply_tokens)], ensure_ascii=False)
    return Tokens(len(sent.encode()) + TOKENS_A_MESSAGE * len(request.messages), reply_tokens)


def idempotency_key(model: str, request: Question) -> str:
    """The same for the same request: a server that honours it bills a repetition once."""
    text = json.dumps([model, request.key, request.messages])
    return f"codeoutpred-{hashlib.sha256(text.encode()).hexdigest()}"


class BadReplyError(Exception):
    """A response of status 200 that is no chat completion; never leaves this room."""


def read_completion(body: str, worst: Tokens) -> Reply:
    """The reply in a response's body; where tokens are not told, they are taken as `worst`."""
    try:
        completion = json.loads(body)
        choice = completion["choices"][0]
        text, refusal = choice["message"].get("content"), choice["message"].get("refusal")
        finish, usage = choice.get("finish_reason"), completion.get("usage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BadReplyError(f"no chat completion but {body[:SHOWN]!r}") from None
    return Reply(
        text=text if isinstance(text, str) else "",
        finish=finish if isinstance(finish, str) else "",
        refused=bool(refusal) or finish == "content_filter",
        prompt_tokens=_count(usage, "prompt_tokens", worst.prompt),
        reply_tokens=_count(usage, "completion_tokens", worst.reply),
        logprob=_logprob(choice.get("logprobs")),
    )


def _logprob(told: Any) -> float | None:
    """The log-probability of a whole reply, the sum over its tokens; None where it is not told."""
    try:
        found = [float(token["logprob"]) for token in told["content"]]
    except (LookupError, TypeError, ValueError):
        return None
    whole = math.fsum(found) if found else math.nan
    return whole if math.isfinite(whole) else None


def _count(usage: Any, name: str, otherwise: int) -> int:
    value: Any = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and value >= 0 else otherwise
