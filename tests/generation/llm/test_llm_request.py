"""What is asked of the model."""

from __future__ import annotations

import pytest

from codeoutpred.generation.llm.request import LEVELS, draw_request


def draw(number: int = 0, language: str = "python", seed: int = 0, **options):
    return draw_request(
        f"openai-{language}",
        language,
        seed=seed,
        number=number,
        **{"levels": (1, 2, 3), **options},
    )


def text(request) -> str:
    return request.messages[-1]["content"]


def test_a_request_hangs_on_name_seed_and_number_alone():
    assert [draw(number) for number in range(20)] == [draw(number) for number in range(20)]


def test_no_two_requests_are_alike():
    asked = {text(draw(number, seed=seed)) for number in range(200) for seed in range(3)}
    assert len(asked) == 600


@pytest.mark.parametrize("level", LEVELS)
def test_language_level_topic_and_number_are_asked_for(level):
    request = draw(language="rust", levels=(level,), topics=("bees",), programs=7)
    assert "7 different programs in rust about bees" in text(request)
    assert LEVELS[level] in text(request)
    assert request.level == level


def test_functions_with_inputs_are_asked_for_where_they_can_be_called():
    kinds = {
        language: {draw(n, language).is_call for n in range(50)} for language in ("python", "lua")
    }
    assert kinds == {"python": {True, False}, "lua": {False}}
