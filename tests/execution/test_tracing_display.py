"""Values in traces: shown as `repr` shows them, and nothing of the program runs for it."""

from __future__ import annotations

import pytest
from execution_programs import script
from traced_programs import steps_of, traced

from codeoutpred.execution import LocalExecutor
from codeoutpred.execution.sandbox.display import MAX_CHARACTERS

HOSTILE_TO_BEING_SHOWN = """
class Meta(type):
    def __eq__(self, other): print('eq'); return True
    def __hash__(self): print('hash'); return 1
    __name__ = property(lambda self: print('name'))
class A(metaclass=Meta):
    __class__ = property(lambda self: print('class'))
    def __repr__(self): print('repr'); return ''
    def __getattribute__(self, name): print('get'); return 1
    def __eq__(self, other): print('eq')
class B(list):
    def __iter__(self): print('iter'); return iter(())
    def __repr__(self): print('repr')
a, b, c = A(), B([1]), [A()]
"""


def test_to_show_a_value_runs_nothing_of_the_program(executor: LocalExecutor) -> None:
    done = traced(executor, script(HOSTILE_TO_BEING_SHOWN))
    assert (done.status, done.stdout) == ("ok", "")
    assert dict(done.trace[-1].changed) == {"a": "A()", "b": "B()", "c": "[A()]"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("(1,)", "(1,)"),
        ("set()", "set()"),
        ("frozenset({2, 1})", "frozenset({1, 2})"),
        ("{'a': [True, None, -0.0]}", "{'a': [True, None, -0.0]}"),
        ("range(3)", "range(0, 3)"),
        ("ValueError('x', 1)", "ValueError('x', 1)"),
        ("object()", "<object>"),
        ("[[[[[1]]]]]", "[[[[...]]]]"),
        ("1 << 9999", "<int of 10000 bits>"),
        ("'\\ud800'", "'\\ud800'"),
    ],
)
def test_a_value_is_shown_as_text(executor: LocalExecutor, value: str, text: str) -> None:
    assert steps_of(traced(executor, script(f"a = {value}"))) == [(1, {"a": text})]


def test_a_long_value_is_cut(executor: LocalExecutor) -> None:
    [(_, changed)] = steps_of(traced(executor, script("a = list(range(10_000))")))
    assert changed["a"].startswith("[0, 1, 2, ")
    assert changed["a"].endswith("...")
    assert len(changed["a"]) == MAX_CHARACTERS + 3


def test_a_list_in_itself_is_shown_to_a_depth(executor: LocalExecutor) -> None:
    assert steps_of(traced(executor, script("a = []; a.append(a)"))) == [(1, {"a": "[[[[...]]]]"})]
