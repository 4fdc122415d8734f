"""Predictions of a model behind an endpoint: asked once, kept, and gone on from."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from llm_server import Answering

from codeoutpred import Prompt
from codeoutpred.errors import GenerationError, InvalidValueError
from codeoutpred.evaluation.endpoint import EndpointPredictor
from codeoutpred.generation.llm.retries import Patience

pytest.importorskip("openai")

QUICK = Patience(attempts=4, timeout=5.0, first_wait=0.01, longest_wait=0.05)
PROMPTS = [
    Prompt(sample_id=f"s{number}", text=f"print({number})", completion="", format="cot")
    for number in range(6)
]


def echo(body, before):
    """The last digit of the question as the answer."""
    text = body["messages"][-1]["content"]
    return Answering(text=f"so [ANSWER]{text[6:-1]}[/ANSWER]")


def predictor(server, replies, **options):
    return EndpointPredictor(
        "toy", replies=replies, base_url=server.url, patience=QUICK, concurrency=3, **options
    )


def test_predictions_come_in_the_order_of_the_prompts(serve, replies):
    server = serve(echo)
    found = list(predictor(server, replies).predict(PROMPTS))
    assert [(p.sample_id, p.answer) for p in found] == [(f"s{n}", str(n)) for n in range(6)]
    assert {body["temperature"] for body in server.requests} == {0.0}
    assert not any("response_format" in body for body in server.requests)


def test_what_was_answered_is_not_asked_again(serve, replies):
    server = serve(echo)
    first = list(predictor(server, replies).predict(PROMPTS[:4]))
    again = list(predictor(server, replies).predict(PROMPTS))
    assert again[:4] == first
    assert len(server.requests) == 6


def test_after_a_server_that_died_half_way_the_same_call_goes_on(serve, replies):
    dying = serve(lambda body, before: echo(body, before) if before < 3 else Answering(status=500))
    with pytest.raises(GenerationError, match=r"3 of 6 questions have no reply.*run again"):
        list(predictor(dying, replies).predict(PROMPTS))
    healthy = serve(echo)
    found = list(predictor(healthy, replies).predict(PROMPTS))
    assert [p.answer for p in found] == [str(n) for n in range(6)]
    assert len(healthy.requests) == 3


def test_a_question_may_be_asked_several_times(serve, replies):
    found = list(predictor(serve(echo), replies, temperature=0.8, k=2).predict(PROMPTS[:2]))
    assert [p.sample_id for p in found] == ["s0", "s0", "s1", "s1"]


def test_a_reply_that_was_cut_off_is_marked(serve, replies):
    server = serve(lambda body, before: Answering(text="let me th", finish="length"))
    [found] = predictor(server, replies).predict(PROMPTS[:1])
    assert (found.clipped, found.answer) == (True, None)


DIRECT = [dataclasses.replace(prompt, format="direct") for prompt in PROMPTS[:2]]


def test_log_probabilities_of_a_reply_become_the_confidence_in_it(serve, replies):
    server = serve(lambda body, before: Answering(text="1", logprobs=[-0.5, -0.25]))
    asked = predictor(server, replies)
    found = list(asked.predict(DIRECT))
    assert [body["logprobs"] for body in server.requests] == [True, True]
    assert [p.confidence for p in found] == [pytest.approx(math.exp(-0.75))] * 2
    assert asked.settings["log_probabilities"] == "with 2 of 2 replies"
    again = predictor(server, replies)
    assert list(again.predict(DIRECT)) == found
    assert len(server.requests) == 2


def refuse_logprobs(body, before):
    if "logprobs" in body:
        return Answering(status=400, text="unknown field: logprobs")
    return Answering(text="1")


@pytest.mark.parametrize(
    "behave",
    [
        refuse_logprobs,
        lambda body, before: Answering(text="1"),
        lambda body, before: Answering(text="1", logprobs=[]),
        lambda body, before: Answering(text="1", logprobs=[float("nan")]),
    ],
)
def test_a_server_without_log_probabilities_gives_predictions_without_confidence(
    serve, replies, behave
):
    asked = predictor(serve(behave), replies)
    assert [(p.answer, p.confidence) for p in asked.predict(DIRECT)] == [("1", None)] * 2
    assert asked.settings["log_probabilities"] == "with 0 of 2 replies"


@pytest.mark.parametrize(("prompts", "temperature"), [(PROMPTS[:2], 0.0), (DIRECT, 0.5)])
def test_free_reasoning_and_sampling_are_not_asked_for_log_probabilities(
    serve, replies, prompts, temperature
):
    server = serve(echo)
    list(predictor(server, replies, temperature=temperature).predict(prompts))
    assert not any("logprobs" in body for body in server.requests)


def test_a_report_cites_model_server_and_settings(serve, replies):
    asked = predictor(serve(echo), replies, temperature=0.8, k=2, max_new_tokens=99)
    list(asked.predict(PROMPTS[:1]))
    cited = {
        "predictor": "endpoint",
        "model": "toy",
        "temperature": "0.8",
        "samples_per_prompt": "2",
        "max_new_tokens": "99",
    }
    assert cited.items() <= asked.settings.items()
    assert asked.settings["base_url"].startswith("http://127.0.0.1:")


def test_replies_to_other_settings_are_not_mixed_in(serve, replies):
    server = serve(echo)
    list(predictor(server, replies).predict(PROMPTS[:1]))
    with pytest.raises(GenerationError, match="temperature"):
        list(predictor(server, replies, temperature=0.5).predict(PROMPTS[:1]))


@pytest.mark.parametrize("option", [{"k": 2}, {"k": 0}, {"temperature": -1.0}])
def test_numbers_that_make_no_sense_are_named(serve, replies, option):
    with pytest.raises(InvalidValueError, match=next(iter(option))):
        predictor(serve(echo), replies, **option)


@pytest.fixture
def evaluate_at(tmp_path):
    """(server) -> the exit status of `evaluate` on three questions that are answered by 1."""
    from codeoutpred.cli import main

    benchmark = tmp_path / "b.jsonl"
    row = {"code": "def f(x):\n    return x", "input": "1", "output": "1"}
    benchmark.write_text("".join(json.dumps({"id": name, **row}) + "\n" for name in "abc"))
    words = ["evaluate", "--endpoint-model", "toy", "--replies", str(tmp_path / "r.jsonl")]
    words += ["--benchmark", "cruxeval", "--benchmark-path", str(benchmark), "--concurrency", "1"]
    return lambda server: main([*words, "--base-url", server.url])


def test_the_command_asks_an_endpoint(serve, evaluate_at, capsys):
    server = serve(lambda body, before: Answering(text="[ANSWER]1[/ANSWER]"))
    assert evaluate_at(server) == 0
    assert "100.0" in capsys.readouterr().out


def test_after_an_endpoint_that_died_the_command_says_so_in_a_line_and_goes_on(
    serve, evaluate_at, capsys
):
    right = Answering(text="[ANSWER]1[/ANSWER]")
    dying = serve(lambda body, before: right if before < 2 else Answering(status=400, text="dead"))
    assert evaluate_at(dying) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "1 of 3 questions have no reply" in line
    assert "r.jsonl: run again, and only those are asked" in line
    healthy = serve(lambda body, before: right)
    assert evaluate_at(healthy) == 0
    assert len(healthy.requests) == 1
