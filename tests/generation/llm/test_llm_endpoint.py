"""Servers that answer well, badly, late or not at all, over real HTTP."""

from __future__ import annotations

import email.utils
import json
import socket
import time
from collections import Counter

import pytest
from llm_server import Answering, good_text

from codeoutpred.errors import GenerationError
from codeoutpred.generation.llm.retries import Patience, retry_after, wait_seconds

pytest.importorskip("openai")

PATIENCE = Patience()


def programs(generator, count: int = 10):
    return list(generator.generate(count=count, seed=0))


def rejections(generator, count: int = 10) -> Counter[str]:
    return Counter(program.rejection for program in programs(generator, count))


def test_programs_come_in_order_and_all_are_asked_for_once(make, serve):
    server = serve()
    got = programs(make(server), 100)
    assert [program.id for program in got] == [f"openai-python-0-{n}" for n in range(100)]
    assert not any(program.rejection for program in got)
    assert len(server.requests) == len(set(server.keys)) == 20


def test_requests_are_under_way_together_up_to_the_limit(make, serve):
    server = serve(lambda body, before: Answering(delay=0.1))
    programs(make(server, concurrency=6), 200)
    assert server.busiest == 6


def test_replies_that_overtake_each_other_are_put_in_order(make, serve):
    server = serve(lambda body, before: Answering(delay=0.3 if before == 0 else 0.0))
    got = programs(make(server), 50)
    assert [program.id for program in got] == [f"openai-python-0-{n}" for n in range(50)]


@pytest.mark.parametrize(
    "bad",
    [
        Answering(status=429, text="slow down"),
        Answering(status=429, text="slow down", headers={"retry-after": "0"}),
        Answering(status=500, text="oops"),
        Answering(status=503, raw=b"<html>busy</html>", headers={"content-type": "text/html"}),
        Answering(status=408, text="too slow"),
        Answering(cut=20),
        Answering(cut=0),
        Answering(raw=b'{"choices": [{"mess'),
        Answering(raw=b"<html>hello</html>", headers={"content-type": "text/html"}),
        Answering(raw=b'{"choices": []}'),
        Answering(raw=b'{"error": "upstream"}'),
        Answering(raw=b"\xff\xfe"),
    ],
    ids=lambda bad: f"{bad.status} {bad.cut} {bad.raw}",
)
def test_what_may_pass_is_tried_again(make, serve, bad):
    server = serve([bad, bad])
    assert rejections(make(server, concurrency=1), 5) == {"": 5}
    assert len(server.requests) == 3


def test_a_reply_that_takes_too_long_is_asked_for_again(make, serve):
    server = serve([Answering(delay=3)])
    patience = Patience(attempts=2, timeout=0.3, first_wait=0.01)
    assert rejections(make(server, concurrency=1, patience=patience), 5) == {"": 5}


def test_what_fails_for_ever_is_counted_and_the_others_go_on(make, serve):
    def behave(body, before):
        bad = "variation" in json.dumps(body) and hash_of(body) % 3 == 0
        return Answering(status=500, text="oops") if bad else Answering()

    def hash_of(body) -> int:
        return int(body["messages"][1]["content"].split("variation ")[1][:8], 16)

    server = serve(behave)
    counted = rejections(make(server), 100)
    assert set(counted) == {"", "request_failed"}
    assert counted["request_failed"] % 5 == 0
    assert sum(counted.values()) == 100


def test_a_server_that_breaks_down_ends_the_build_and_nobody_sees_its_failures(make, serve):
    server = serve(lambda body, before: Answering(status=500 if before >= 4 else 200, text=None))
    seen = []
    with pytest.raises(GenerationError, match=r"5 requests in a row failed.*500.*--resume"):
        seen.extend(make(server, concurrency=1).generate(count=100, seed=0))
    assert len(seen) == 20
    assert not any(program.rejection for program in seen)


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (Answering(status=401, text="no such key"), r"refuses the key \(401: no such key\)"),
        (Answering(status=403, text="not for you"), r"refuses the key \(403"),
        (Answering(status=404, text="no model toy"), r"no model 'toy'.*404: no model toy"),
        (Answering(status=402, text="pay"), r"paid first \(402: pay\)"),
        (
            Answering(
                status=429, raw=b'{"error": {"code": "insufficient_quota", "message": "empty"}}'
            ),
            r"paid first \(429: empty\)",
        ),
        (
            Answering(status=429, text="tomorrow", headers={"retry-after": "86400"}),
            "left alone for 86400 s",
        ),
    ],
)
def test_what_never_passes_is_one_clear_error_at_once(make, serve, bad, complaint):
    server = serve(lambda body, before: bad)
    with pytest.raises(GenerationError, match=complaint) as caught:
        programs(make(server, concurrency=1))
    assert "\n" not in str(caught.value)
    assert len(server.requests) <= 2


def test_a_wrong_path_is_one_clear_error(make, serve):
    server = serve()
    with pytest.raises(GenerationError, match="mostly ends in /v1"):
        programs(make(server.url.removesuffix("/v1")))


def test_a_server_that_is_down_is_one_clear_error(make):
    with socket.socket() as taken:  # a port where nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"http://user:password@127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(GenerationError, match="no server answers at http://127") as caught:
            programs(make(url))
    assert "password" not in str(caught.value)


def test_retry_after_is_waited_for_by_all_requests(make, serve):
    busy = Answering(status=429, text="slow down", headers={"retry-after": "1"})
    server = serve([busy])
    began = time.monotonic()
    assert rejections(make(server, concurrency=1), 10) == {"": 10}
    assert server.times[1] - server.times[0] >= 1
    assert time.monotonic() - began >= 1


def test_retry_after_is_seconds_or_a_date():
    date = email.utils.formatdate(time.time() + 100, usegmt=True)
    assert retry_after({"retry-after": "7.5"}) == 7.5
    assert 90 < retry_after({"retry-after": date}) <= 100
    assert retry_after({"retry-after": email.utils.formatdate(0)}) == 0


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf", "Mon, 99 Foo 2020"])
def test_a_retry_after_that_makes_no_sense_is_none(text):
    assert retry_after({"retry-after": text}) is None


def test_the_backoff_doubles_up_to_its_longest_and_is_spread():
    waits = [
        wait_seconds({}, attempt=attempt, patience=PATIENCE, chance=1.0) for attempt in range(9)
    ]
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert wait_seconds({}, attempt=3, patience=PATIENCE, chance=0.0) == 2


def test_a_server_without_schemas_is_asked_without_from_then_on(make, serve):
    def behave(body, before):
        refuses = "response_format" in body
        return Answering(status=400, text="unknown response_format") if refuses else Answering()

    server = serve(behave)
    assert rejections(make(server, concurrency=1), 25) == {"": 25}
    assert ["response_format" in body for body in server.requests] == [True] + [False] * 5


def test_a_server_that_calls_the_bound_otherwise_is_asked_so_from_then_on(make, serve):
    def behave(body, before):
        refuses = "max_tokens" in body
        text = "'max_tokens' is not supported, use 'max_completion_tokens'"
        return Answering(status=400, text=text) if refuses else Answering()

    server = serve(behave)
    assert rejections(make(server, concurrency=1), 10) == {"": 10}
    assert [body.get("max_completion_tokens") for body in server.requests] == [None, 4096, 4096]
    assert all("response_format" in body for body in server.requests)


def test_a_request_that_is_refused_in_every_form_is_not_tried_again(make, serve):
    server = serve(
        lambda body, before: Answering(status=400, text="bad") if before < 2 else Answering()
    )
    assert rejections(make(server, concurrency=1), 10) == {"request_failed": 5, "": 5}
    assert ["response_format" in body for body in server.requests] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I am sorry, I cannot do that.", "unparseable"),
        ("", "unparseable"),
        ('{"programs": [{"language": "javascript", "source": "1"}]}', "wrong_language"),
    ],
)
def test_a_model_of_no_use_is_given_up(make, serve, text, reason):
    server = serve(lambda body, before: Answering(text=text))
    generator = make(server, concurrency=1, programs_per_request=1)
    with pytest.raises(GenerationError, match=rf"'toy' gave no program.*{reason} 20.*replies"):
        programs(generator, 1000)
    assert len(server.requests) <= 22


def test_a_model_that_refuses_is_given_up(make, serve):
    server = serve(lambda body, before: Answering(text="", refusal="I must not"))
    with pytest.raises(GenerationError, match="refusal 20"):
        programs(make(server, programs_per_request=1), 1000)


def test_a_model_that_is_useful_now_and_then_is_not_given_up(make, serve):
    server = serve(lambda body, before: Answering(text=None if before == 5 else "no"))
    assert rejections(make(server, concurrency=1, programs_per_request=1), 60) == {
        "": 1,
        "unparseable": 59,
    }


def test_prose_and_half_replies_are_read_as_far_as_they_go(make, serve):
    def behave(body, before):
        whole = good_text(body["messages"][-1]["content"])
        third = whole[: whole.index('"source"', len(whole) // 2)]
        return [Answering(text=f"Sure:\n{whole}\nBye"), Answering(text=third, finish="length")][
            before
        ]

    counted = rejections(make(serve(behave), concurrency=1), 10)
    assert counted[""] > 5
    assert counted["truncated"] == 10 - counted[""]
