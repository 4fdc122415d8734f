"""A small real flow for the data room: a generator, a language and an executor that runs code."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from codeoutpred.data import DatasetSpec, DatasetStore, Decontamination, Manifest, build_dataset
from codeoutpred.protocols import Language
from codeoutpred.records import Case, Execution, Job, Limits, Program
from codeoutpred.registry import Registry


class _Renamer(ast.NodeTransformer):
    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not hasattr(builtins, node.id):
            node.id = self.names.setdefault(node.id, f"n{len(self.names)}")
        return node


def fingerprint(source: str) -> str:
    try:
        return ast.unparse(_Renamer().visit(ast.parse(source)))
    except SyntaxError:
        return source


def parse(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except SyntaxError as error:
        raise ValueError(str(error)) from error


def make_language(name: str = "toy", version: str | None = "1.0") -> Language:
    return Language(
        name=name,
        suffix=".toy",
        parse_literal=parse,
        render_literal=repr,
        literal_type=lambda value: type(value).__name__,
        values_equal=lambda one, other: repr(one) == repr(other),
        fingerprint=fingerprint,
        find_literals=lambda text: [text],
        toolchain=lambda: version,
        install_hint="apt install toy",
    )


def make_program(source: str, index: int = 0, **fields: Any) -> Program:
    values = {"id": f"p{index}", "language": "toy", "source": source, "generator": "toys"}
    return Program(**{**values, **fields})


@dataclass
class Toys:
    """Two statements, or a function with two cases; program `i` is a function of (seed, i)."""

    language: str = "toy"
    end: int = 10**9
    starts: list[int] = field(default_factory=list)

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        self.starts.append(start)
        for index in range(start, min(start + count, self.end)):
            yield self.program(seed, index)

    def program(self, seed: int, index: int) -> Program:
        chance = random.Random(f"toys:{seed}:{index}")
        a, b = chance.randrange(100), chance.randrange(100)
        program_id = f"{self.language}:{seed}:{index}"
        if index % 5 == 0:
            return make_program(
                f"def f(x):\n    return [x * {a}, {b}]",
                id=program_id,
                language=self.language,
                kind="call",
                entry="f",
                cases=(Case(arguments=str(b)), Case(arguments=str(a), trace="x")),
                difficulty=2,
                operations=("list", "*"),
            )
        if index % 7 == 0:
            return make_program("print(1 // 0)", id=program_id, language=self.language)
        source = f"a = {a}\nb = a * {b}\nprint(a + b)"
        return make_program(source, id=program_id, language=self.language, difficulty=1)


@dataclass
class Fixed:
    """A generator of the programs in a list."""

    programs: list[Program]

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        yield from self.programs[start : start + count]


@dataclass
class Runner:
    """Runs what the tests wrote, in this process, `ahead` jobs ahead of what is asked of it.

    A source `# status` stands for a program that ends with that status.
    """

    ahead: int = 1
    runs: int = 0

    def run(self, program: Program, arguments: str = "", *, limits: Limits = Limits()) -> Execution:  # noqa: B008
        self.runs += 1
        if program.source.startswith("# "):
            return Execution(status=program.source[2:], detail="as told")  # type: ignore[arg-type]
        out, names = io.StringIO(), {}
        try:
            with contextlib.redirect_stdout(out):
                exec(program.source, names)
                value = ""
                if program.kind == "call":
                    value = repr(eval(f"{program.entry}({arguments})", names))
        except SyntaxError:
            return Execution(status="compile_error")
        except Exception as error:
            return Execution(status="exception", error=type(error).__name__)
        return Execution(status="ok", stdout=out.getvalue(), value=value, isolation="toy")

    def run_many(self, jobs: Iterable[Job], *, limits: Limits = Limits()) -> Iterator[Execution]:  # noqa: B008
        waiting: list[Execution] = []
        for job in jobs:
            waiting.append(self.run(job.program, job.arguments))
            if len(waiting) > self.ahead:
                yield waiting.pop(0)
        yield from waiting


@dataclass
class Bench:
    """A store with what it takes to build into it."""

    store: DatasetStore
    languages: Registry[Language]

    def build(
        self,
        num_samples: int = 40,
        *,
        generator: Any = None,
        executor: Any = None,
        decontamination: Decontamination | None = None,
        resume: bool = False,
        progress: Callable[[int, int], None] | None = None,
        **fields: Any,
    ) -> Manifest:
        spec = DatasetSpec(
            **{"name": "d", "languages": ("toy",), "num_samples": num_samples, **fields}
        )
        return build_dataset(
            spec,
            store=self.store,
            generators={part: generator or Toys(part.language) for part in spec.shares},
            languages=self.languages,
            executor=executor or Runner(),
            decontamination=decontamination,
            resume=resume,
            progress=progress,
        )

    def files(self, name: str = "d") -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.store.path(name).iterdir()}
