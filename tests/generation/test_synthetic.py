"""Synthetic programs: pure in (name, seed, index), the same in all languages, within bounds."""

from __future__ import annotations

import ast
import keyword
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeoutpred import ir, load_plugins
from codeoutpred.data.candidates import Outcome
from codeoutpred.data.review import is_trivial
from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.synthetic import LEVELS, SyntheticGenerator
from codeoutpred.generation.synthetic.levels import OutOfBoundsError
from codeoutpred.generation.synthetic.topics import LABELS, TOPICS
from codeoutpred.ir.meanings import APART
from codeoutpred.languages.python_constants import find_literals
from codeoutpred.languages.python_fingerprint import fingerprint
from codeoutpred.records import Program

ALL_LEVELS = tuple(LEVELS)
LANGUAGES = ("python", "javascript", "rust")
OPERATIONS = {**ir.OPERATIONS, **ir.MUTATIONS}


def programs(
    count: int, seed: int = 0, levels: tuple[int, ...] = ALL_LEVELS, language: str = "python"
) -> list[Program]:
    return list(
        SyntheticGenerator(language=language, levels=levels).generate(count=count, seed=seed)
    )


@pytest.fixture(scope="module")
def many() -> list[Program]:
    """What a dataset is made of by default."""
    return programs(4000, levels=(1, 2, 3))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_an_item_is_the_same_in_whatever_slice_it_is_made(seed: int, start: int) -> None:
    whole = list(SyntheticGenerator().generate(count=3, seed=seed, start=start))
    alone = list(SyntheticGenerator().generate(count=1, seed=seed, start=start + 2))
    assert whole[2:] == alone


def test_one_index_is_one_program_in_every_language() -> None:
    generators = [SyntheticGenerator(language=name, levels=ALL_LEVELS) for name in LANGUAGES]
    for index in range(150):
        modules = [generator.draw(7, index)[1].module for generator in generators]
        assert modules[0] == modules[1] == modules[2]


def test_programs_in_several_languages_differ_in_text_alone() -> None:
    columns = [programs(100, seed=3, language=name) for name in LANGUAGES]
    for row in zip(*columns):
        assert len({program.id for program in row}) == len({p.source for p in row}) == 3
        facts = {
            (
                *(program.kind, program.difficulty, program.operations),
                tuple(
                    (case.dependent_statements, case.trace.count("\n")) for case in program.cases
                ),
            )
            for program in row
        }
        assert len(facts) == 1


def test_neighbouring_seeds_share_hardly_any_program() -> None:
    first, second = ({fingerprint(p.source) for p in programs(500, seed=s)} for s in (1, 2))
    assert len(first & second) <= 5


@pytest.mark.parametrize("number", ALL_LEVELS)
def test_every_run_keeps_to_the_bounds_of_its_level(number: int) -> None:
    level = LEVELS[number]
    for program in programs(150, seed=number, levels=(number,)):
        assert program.difficulty == number
        deepest = max(map(_nesting, ast.parse(program.source).body))
        assert deepest <= level.nesting
        for case in program.cases:
            assert case.trace.count("\n") < level.steps


def _nesting(node: ast.AST, depth: int = 0, elif_of: ast.AST | None = None) -> int:
    is_elif = isinstance(elif_of, ast.If) and elif_of.orelse == [node]
    inside = depth + (isinstance(node, (ast.If, ast.For, ast.While)) and not is_elif)
    return max([inside, *(_nesting(child, inside, node) for child in ast.iter_child_nodes(node))])


def _operations(module: ir.Module) -> set[str]:
    used = set()
    for statement in ir.statements(module):
        if isinstance(statement, ir.Mutate):
            used.add(statement.operation)
        used |= {one.name for one in ir.all_expressions(statement) if isinstance(one, ir.Operation)}
    return used


@pytest.mark.parametrize("number", ALL_LEVELS)
def test_each_level_has_all_of_its_operations_and_no_others(number: int) -> None:
    generator = SyntheticGenerator(levels=(number,))
    allowed = {name for name, meaning in OPERATIONS.items() if meaning.level <= number}
    used: set[str] = set()
    for index in range(3000):
        _, drawn = generator.draw(number, index)
        used |= _operations(drawn.module)
        if index > 500 and used >= allowed:
            break
    assert used == allowed


@pytest.mark.parametrize("samples", [5_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_programs_are_unique_and_no_answer_is_frequent_or_trivial(samples: int) -> None:
    """What makes a dataset good, up to the number of samples; the shares are those promised."""
    language = load_plugins(use_entry_points=False).languages.get("python")
    made = cases = trivial = duplicates = 0
    answers: Counter[str] = Counter()
    trees: set[int] = set()
    questions: set[int] = set()
    for program in SyntheticGenerator().generate(count=samples, seed=0):
        tree = fingerprint(program.source)
        outcomes = [Outcome(answer=case.expected) for case in program.cases]
        trivial += len(outcomes) * is_trivial(outcomes, program, language)
        for case in program.cases:
            question = hash((tree, program.kind, case.arguments))
            duplicates += question in questions
            questions.add(question)
            answers[case.expected] += 1
        trees.add(hash(tree))
        made, cases = made + 1, cases + len(program.cases)
        if cases >= samples:
            break
    [(_, most)] = answers.most_common(1)
    print(f"{cases} samples of {made} programs: {len(trees) / made:.2%} unique trees,", end=" ")
    print(f"{most / cases:.2%} have one answer, {trivial} trivial, {duplicates} duplicates")
    assert len(trees) >= 0.99 * made
    assert most <= 0.02 * cases
    assert trivial + duplicates <= 0.02 * cases


def test_hardly_any_answer_stands_in_its_program(many: list[Program]) -> None:
    cases = copied = 0
    for program in many[:1500]:
        literals = set(find_literals(program.source))
        for case in program.cases:
            cases += 1
            copied += case.expected in literals or repr(case.expected) in literals
    assert copied <= 0.005 * cases


def test_both_kinds_and_every_kind_of_operation_come_up() -> None:
    made = programs(1500)
    assert {program.kind for program in made} == {"script", "call"}
    assert set().union(*(program.operations for program in made)) == set(ir.KINDS)


def test_every_answer_hangs_on_something_computed(many: list[Program]) -> None:
    assert all(case.dependent_statements > 0 for program in many for case in program.cases)


def test_a_function_is_asked_with_different_arguments_and_answers_differently(
    many: list[Program],
) -> None:
    for program in many[:500]:
        arguments = [case.arguments for case in program.cases]
        assert len(set(arguments)) == len(arguments)
        if program.kind == "call":
            assert 2 <= len(arguments) <= 4
            assert len({case.expected for case in program.cases}) > 1
        else:
            assert arguments == [""]


def test_the_last_step_of_a_trace_stands_on_a_line_of_the_program(many: list[Program]) -> None:
    for program in many[:500]:
        lines = program.source.split("\n")
        for case in program.cases:
            for step in case.trace.split("\n"):
                number, bar, said = step.partition("|")
                assert bar and said and lines[int(number) - 1].strip()
            kind = "return" if program.kind == "call" else "print("
            assert lines[int(number) - 1].strip().startswith(kind) and said.startswith(kind)


@pytest.mark.parametrize("levels", [(0,), (1, 9), ()])
def test_an_unknown_level_is_named(levels: tuple[int, ...]) -> None:
    with pytest.raises(InvalidValueError, match="level"):
        SyntheticGenerator(levels=levels)


def test_a_language_without_a_renderer_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(InvalidValueError, match=r"java.*python, javascript, rust"):
        SyntheticGenerator(language="java")


def test_a_language_object_may_stand_for_its_name() -> None:
    rust = load_plugins(use_entry_points=False).languages.get("rust")
    [program] = SyntheticGenerator(language=rust).generate(count=1, seed=0)
    assert program.id == "synthetic-rust-0-0"


def test_level_bounds_stay_where_all_languages_compute_alike() -> None:
    assert max(level.integer for level in LEVELS.values()) ** 2 < 2**63
    with pytest.raises(OutOfBoundsError, match="integer"):
        LEVELS[1].check(ir.INT)(LEVELS[1].integer + 1)  # type: ignore[misc]


RESERVED = {
    *keyword.kwlist,
    *("sum max min list dict set len range sorted str int map filter any all format print").split(),
    *("var let const function new delete switch case default this void typeof").split(),
    *("fn match type move ref box final loop mod where use impl enum struct crate path").split(),
    *("location process env net fs os stdin file include module exports require").split(),
}
"""Words that mean something in some language, or send a Rust program to a crate of its own."""


def test_no_name_means_something_in_a_language() -> None:
    generator = SyntheticGenerator(levels=ALL_LEVELS)
    names: set[str] = set()
    for index in range(1000):
        module = generator.draw(5, index)[1].module
        names.update(function.name for function in module.functions)
        for statement in ir.statements(module):
            if isinstance(statement, (ir.Assign, ir.Take, ir.Attempt)):
                names.add(statement.target.name)
            elif isinstance(statement, ir.For):
                names.update(variable.name for variable in statement.names)
    assert len(names) > 300
    assert not names & RESERVED
    assert all(name.isidentifier() and name.islower() for name in names)


def test_no_text_of_a_topic_has_characters_that_languages_write_apart() -> None:
    texts = [*LABELS, *(line for topic in TOPICS for line in (*topic.lines, *topic.words))]
    assert all(text.isascii() and not set(text) & set(APART) for text in texts)
