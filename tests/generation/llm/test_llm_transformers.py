"""The generator against a real server: `transformers serve` with the embedded model."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeoutpred.errors import GenerationError
from codeoutpred.generation.llm.protocol import worst_case
from codeoutpred.generation.llm.request import draw_request
from codeoutpred.generation.llm.retries import Patience

pytestmark = pytest.mark.heavy
NEEDED = ("openai", "torch", "transformers", "fastapi", "uvicorn")
TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"
REPLY_TOKENS = 24


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server, and the name of its model."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (transformers[serving])")
    from codeoutpred.models.tiny import build

    folder = tmp_path_factory.mktemp("served")
    model, tokenizer = build()
    tokenizer.chat_template = TEMPLATE
    model.save_pretrained(folder / "tiny")
    tokenizer.save_pretrained(folder / "tiny")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "transformers.cli.transformers", "serve"),
                *(str(folder / "tiny"), "--host", "127.0.0.1", "--port", str(port)),
                *("--device", "cpu"),
            ],
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, folder / "log")
        yield f"http://127.0.0.1:{port}/v1", str(folder / "tiny")
    finally:
        server.kill()
        server.wait()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")


def test_a_real_server_is_asked_and_what_the_small_model_says_is_counted(make, served, replies):
    url, model = served
    generator = make(
        url,
        model=model,
        reply_tokens=REPLY_TOKENS,
        concurrency=2,
        programs_per_request=2,
        patience=Patience(timeout=120),
    )
    programs = list(generator.generate(count=6, seed=0))
    # It was trained on traces, not on talk: no program is to be expected of it.
    assert {program.rejection for program in programs} <= {"truncated", "unparseable"}
    assert len(programs) == 6

    kept = [json.loads(line)["reply"] for line in replies.read_text().splitlines()[1:]]
    requests = [
        draw_request(generator.name, "python", seed=0, number=n, levels=(1, 2, 3), programs=2)
        for n in range(3)
    ]
    most = [worst_case(request, REPLY_TOKENS) for request in requests]
    assert 0 < max(reply["prompt_tokens"] for reply in kept) <= min(worst.prompt for worst in most)
    assert 0 < max(reply["reply_tokens"] for reply in kept) <= REPLY_TOKENS


def test_a_model_that_the_server_does_not_have_is_one_clear_error(make, served):
    url, _ = served
    with pytest.raises(GenerationError, match="requested 'no-such-model'"):
        list(make(url, model="no-such-model").generate(count=100, seed=0))


def test_an_endpoint_and_the_local_model_give_the_same_greedy_answers(served, replies):
    from codeoutpred import Prompt
    from codeoutpred.evaluation.endpoint import EndpointPredictor
    from codeoutpred.evaluation.huggingface import HuggingFacePredictor
    from codeoutpred.models.tiny import build

    url, name = served
    prompts = [
        Prompt(
            sample_id=str(number),
            text=f"1|a = {number}\n2|b = a + {number}\n3|print(b)\n[TRACE]",
            completion="",
            format="trace",
        )
        for number in (1, 2, 3)
    ]
    model, tokenizer = build()
    tokenizer.chat_template = TEMPLATE
    local = HuggingFacePredictor(model, tokenizer, max_new_tokens=40).predict(prompts)
    predictor = EndpointPredictor(
        name, replies=replies, base_url=url, max_new_tokens=40, patience=Patience(timeout=120)
    )
    asked = predictor.predict(prompts)
    answers = [[prediction.answer for prediction in found] for found in (local, asked)]
    assert answers[0] == answers[1] == ["2", "4", "6"]
    assert predictor.settings["log_probabilities"] == "with 0 of 3 replies"  # it tells none
