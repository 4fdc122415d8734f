from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from llm_server import Answering, Behaviour, LLMServer, serving

from codeoutpred.generation.llm import LLMGenerator
from codeoutpred.generation.llm.retries import Patience

SECRET = "sk-test-0123456789abcdef"
QUICK = Patience(attempts=4, timeout=5.0, first_wait=0.01, longest_wait=0.05)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of the environment, which nothing but the client may see."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return SECRET


@pytest.fixture
def serve() -> Iterator[Callable[..., LLMServer]]:
    """Servers that behave as told: by a function, or by a list for the first requests."""
    with ExitStack() as stack:

        def start(behave: Behaviour | list[Answering] | None = None) -> LLMServer:
            if not callable(behave):
                first = behave or []
                behave = lambda body, before: (  # noqa: E731
                    first[before] if before < len(first) else Answering()
                )
            return stack.enter_context(serving(behave))

        yield start


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    """The file that keeps replies."""
    return tmp_path / "replies.jsonl"


@pytest.fixture
def make(replies: Path) -> Callable[..., LLMGenerator]:
    """Generators that ask a server, quick to try again."""

    def make(server: LLMServer | str, **options: object) -> LLMGenerator:
        url = server if isinstance(server, str) else server.url
        defaults = {"model": "toy", "replies": replies, "base_url": url, "patience": QUICK}
        return LLMGenerator(**{**defaults, **options})  # type: ignore[arg-type]

    return make
