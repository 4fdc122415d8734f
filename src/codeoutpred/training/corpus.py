"""The text that `tiny` is pre-trained on: programs with their traces, and drills of single steps.

Programs come from the train split alone; a drill is no program, but lines such as those of which
traces are made, drawn without end, so that arithmetic is met more often than programs show it.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from codeoutpred.data.split import program_fingerprint, split_of
from codeoutpred.generation.drills import LEVELS, DrillGenerator
from codeoutpred.generation.drills.grammar import Grammar, Scope
from codeoutpred.generation.drills.interpreter import Interpreter, OutOfBoundsError
from codeoutpred.languages.python import PYTHON
from codeoutpred.prompts import question

SEED = 20261123
CHUNK = 4096
"""Programs a chunk; a chunk is drawn, sorted by length and shuffled as a whole."""
DRILL_STEPS = 16
DRILL_KINDS = {"int": 6, "bool": 3, "str": 1, "list": 2, "words": 1}


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the curriculum: what chunks before number `end` are made of."""

    end: int
    levels: tuple[int, ...]
    drills: int


CURRICULUM = (
    Stage(end=4, levels=(1,), drills=0),
    Stage(end=8, levels=(1, 2), drills=500),
    Stage(end=10**9, levels=(1, 2), drills=1000),
)


@dataclass(frozen=True, slots=True)
class Document:
    """Token ids, and for each whether it is to be learnt."""

    ids: list[int]
    learnt: list[bool]


def batches(tokenizer: Any, tokens: int) -> Iterator[list[Document]]:
    """Batches of about `tokens` tokens without end, documents of like length together."""
    for chunk in count():
        stage = next(stage for stage in CURRICULUM if chunk < stage.end)
        documents = [*_traces(tokenizer, chunk, stage), *_drills(tokenizer, chunk, stage)]
        documents.sort(key=lambda document: len(document.ids))
        cut = []
        while documents:
            taken = max(1, tokens // len(documents[-1].ids))
            cut.append(documents[-taken:])
            del documents[-taken:]
        random.Random(f"{SEED}:{chunk * CHUNK}").shuffle(cut)
        yield from cut


def _traces(tokenizer: Any, chunk: int, stage: Stage) -> Iterator[Document]:
    """Program, trace and answer; the program is not learnt."""
    generator = DrillGenerator(levels=stage.levels)
    for program in generator.generate(count=CHUNK, seed=SEED, start=chunk * CHUNK):
        if split_of(program_fingerprint(PYTHON, program.source)) != "train":
            continue
        for case in program.cases:
            text = question(program.source, program.entry, case.arguments, "trace")
            prompt = tokenizer(text)["input_ids"]
            text = f"{case.trace}\n[ANSWER]{case.expected}[/ANSWER]"
            completion = [*tokenizer(text)["input_ids"], tokenizer.eos_token_id]
            learnt = [False] * len(prompt) + [True] * len(completion)
            yield Document([*prompt, *completion], learnt)


def _drills(tokenizer: Any, chunk: int, stage: Stage) -> Iterator[Document]:
    """Single steps of traces, many a document; only their results are learnt."""
    for number in range(stage.drills):
        rng = random.Random(f"drill:{SEED}:{chunk}:{number}")
        lines: list[str] = []
        while len(lines) < DRILL_STEPS:
            lines += _steps(rng)
        ids, learnt = [], []
        for line in lines:
            pieces = tokenizer.tokenize(f"{line}\n")
            result = max(at for at, piece in enumerate(pieces) if piece.endswith(":")) + 1
            ids += tokenizer.convert_tokens_to_ids(pieces)
            learnt += [at >= result for at in range(len(pieces))]
        yield Document(ids, learnt)


def _steps(rng: random.Random) -> list[str]:
    """The steps of one random assignment, over a few random variables."""
    grammar = Grammar(rng, LEVELS[2])
    scope: Scope = {}
    kind = rng.choices(list(DRILL_KINDS), weights=list(DRILL_KINDS.values()))[0]
    for needed in (kind if kind != "bool" else "int", rng.choice(["int", "list", "str", "dict"])):
        name = grammar.fresh_name(needed, scope)
        if name:
            scope[name] = rng.randint(-20, 99) if needed == "int" else grammar.literal(needed)
    expression = grammar.expression(kind, scope)
    receiver = grammar.fresh_name(kind, scope)
    run = Interpreter(LEVELS[2])
    try:
        run.execute(
            ast.parse("\n".join(f"{name} = {value!r}" for name, value in scope.items())).body
        )
        declared = len(run.trace)
        run.execute(ast.parse(f"{receiver} = {expression}").body)
    except OutOfBoundsError:
        return []
    return [line for line in run.trace[declared:] if ":" in line and "~" not in line]
