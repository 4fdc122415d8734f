"""Programs read out of whatever a model wrote."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.generation.llm.reply import MAX_INPUTS, Failure, Reply, find_items, read_programs
from codeoutpred.generation.llm.request import Request

ITEMS = [
    {"language": "python", "source": "print('{')", "entry": "", "arguments": []},
    {
        "language": "python",
        "source": "def f(x):\n    return {x: 1}",
        "entry": "f",
        "arguments": ["1"],
    },
]
WHOLE = json.dumps({"programs": ITEMS})
REQUEST = Request(
    key="python:0:0", language="python", level=2, programs=2, is_call=False, messages=()
)


def reply(text: str, **fields: object) -> Reply:
    made = Reply(text=text, finish="stop", refused=False, prompt_tokens=1, reply_tokens=1)
    return dataclasses.replace(made, **fields)


def read(answer: Reply | Failure | str, request: Request = REQUEST):
    answer = reply(answer) if isinstance(answer, str) else answer
    return list(read_programs(answer, request, name="n", seed=3, start=10, generator="openai:toy"))


def rejections(answer: Reply | Failure | str, request: Request = REQUEST) -> list[str]:
    return [program.rejection for program in read(answer, request)]


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        json.dumps(ITEMS),
        f"Sure! Here you are {{as asked}}:\n\n{WHOLE}\n\nAsk me for more {{}}.",
        f"```json\n{json.dumps({'programs': ITEMS}, indent=2)}\n```",
        "\n".join(map(json.dumps, ITEMS)),
        WHOLE[:-2],
        WHOLE.replace("\\n", "\n"),
        '{"thought": "a { b"} ' + WHOLE,
    ],
    ids=["plain", "list", "prose", "fence", "lines", "cut", "raw newlines", "thought first"],
)
def test_programs_are_found_wherever_they_stand(text):
    assert find_items(text) == ITEMS


@given(st.integers(min_value=0, max_value=len(WHOLE)))
def test_of_a_reply_that_was_cut_off_all_whole_programs_are_saved(length):
    found = find_items(WHOLE[:length])
    ends = [WHOLE.index(json.dumps(item)) + len(json.dumps(item)) for item in ITEMS]
    assert found == [item for item, end in zip(ITEMS, ends) if end <= length]


@given(st.text())
def test_no_text_is_too_strange(text):
    programs = read(text)
    assert len(programs) == 2


@pytest.mark.parametrize("text", ["{" * 200_000, '{"a":' * 100_000, '[{"a":[' * 60_000])
def test_a_hostile_reply_is_given_up(text):
    assert rejections(text) == ["unparseable"] * 2


def test_without_json_blocks_of_code_are_programs():
    text = "First:\n```python\nprint(1)\n```\nthen:\n```py\nprint(2)\n```\n"
    assert [program.source for program in read(text)] == ["print(1)\n", "print(2)\n"]
    assert rejections(text) == ["", ""]


def test_a_program_has_its_number_kind_and_inputs():
    script, call = read(WHOLE)
    assert (script.id, call.id) == ("n-3-10", "n-3-11")
    assert (script.kind, script.entry, len(script.cases)) == ("script", "", 1)
    assert (call.kind, call.entry, call.cases[0].arguments) == ("call", "f", "1")
    assert (call.difficulty, call.generator) == (2, "openai:toy")


@pytest.mark.parametrize(
    ("answer", "reasons"),
    [
        (reply("I cannot help with that."), ["unparseable"] * 2),
        (reply("", refused=True), ["refusal"] * 2),
        (reply("", finish="length"), ["truncated"] * 2),
        (reply(json.dumps(ITEMS[:1]), finish="length"), ["", "truncated"]),
        (reply(json.dumps(ITEMS[:1])), ["", "missing"]),
        (Failure(reason="500"), ["request_failed"] * 2),
        (reply("null"), ["unparseable"] * 2),
        (reply('{"programs": 3}'), ["unparseable"] * 2),
        (reply('{"programs": [3, {"source": 7}]}'), ["unparseable", "missing"]),
        (reply('{"programs": [{"source": null}, {"source": " \\n"}]}'), ["empty", "empty"]),
    ],
)
def test_what_is_no_program_keeps_its_place_with_a_reason(answer, reasons):
    assert rejections(answer) == reasons


@pytest.mark.parametrize(
    ("language", "reason"),
    [("Python", ""), ("py", ""), (" python3 ", ""), ("", ""), ("JavaScript", "wrong_language")],
)
def test_a_program_in_another_language_is_rejected(language, reason):
    text = json.dumps({"language": language, "source": "print(1)"})
    assert rejections(text)[0] == reason


def test_the_mark_of_a_fence_in_the_source_tells_the_language():
    text = json.dumps({"source": "```javascript\nconsole.log(1)\n```"})
    assert rejections(text)[0] == "wrong_language"
    [program, _] = read(json.dumps({"source": "```python\nprint(1)\n```"}))
    assert program.source == "print(1)\n"


@pytest.mark.parametrize(
    ("arguments", "inputs"),
    [
        ("1, 2", ["1, 2"]),
        (["1", "1", "2"], ["1", "2"]),
        (["", 5, None, "2"], ["", "2"]),
        ([str(number) for number in range(99)], [str(number) for number in range(MAX_INPUTS)]),
    ],
)
def test_inputs_are_different_texts_and_not_too_many(arguments, inputs):
    text = json.dumps({"source": "def f(x): pass", "entry": "f", "arguments": arguments})
    assert [case.arguments for case in read(text)[0].cases] == inputs


@pytest.mark.parametrize("arguments", [[], None, 5, [5], {}])
def test_a_function_without_inputs_is_rejected(arguments):
    text = json.dumps({"source": "def f(x): pass", "entry": "f", "arguments": arguments})
    assert rejections(text)[0] == "no_inputs"


def test_an_entry_is_a_name_and_nothing_else():
    text = json.dumps({"source": "x", "entry": "f); evil(", "arguments": ["1"]})
    assert rejections(text)[0] == "unparseable"


def test_where_functions_cannot_be_called_a_program_is_a_script():
    request = dataclasses.replace(REQUEST, language="lua")
    text = json.dumps({"source": "print(1)", "entry": "f", "arguments": ["1"]})
    assert read(text, request)[0].kind == "script"
