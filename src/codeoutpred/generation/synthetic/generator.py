"""`SyntheticGenerator`: draws a program, runs it in the interpreter, has it written in a language.

>>> next(SyntheticGenerator().generate(count=1, seed=0)).id
'synthetic-python-0-0'
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import partial

from codeoutpred import ir
from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.processes import drawn
from codeoutpred.generation.synthetic.cases import Drawn, try_out
from codeoutpred.generation.synthetic.levels import LEVELS, Level, OutOfBoundsError
from codeoutpred.generation.synthetic.programs import draw_program
from codeoutpred.plugins import default_plugins
from codeoutpred.protocols import Language, Renderer
from codeoutpred.records import Program, Provenance

NAME = "synthetic"


class SyntheticGenerator:
    """Programs of the given levels in any language that has a renderer.

    Pure in (name, seed, index): program `index` of a seed is the same program in every language.
    Many are drawn by `workers` processes, by default one a core.
    Raises `InvalidValueError` for a language without a renderer and for an unknown level.
    """

    provenance = Provenance(licence="mit", origin="drawn by codeoutpred's synthetic generator")

    def __init__(
        self,
        *,
        language: str | Language = "python",
        levels: Sequence[int] = (1, 2, 3),
        workers: int | None = None,
    ) -> None:
        unknown = [level for level in levels if level not in LEVELS]
        if unknown or not levels:
            raise InvalidValueError(
                f"unknown difficulty level {unknown[0] if unknown else '(none given)'}; "
                f"choose from {', '.join(map(str, LEVELS))}"
            )
        self.levels = tuple(levels)
        self.workers = workers
        self.language, self.renderer = _language(language)

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        """Programs number `start` to `start + count - 1`; each run is known to end and be small."""
        numbers = range(start, start + count)
        return drawn(partial(self._program, seed), numbers, workers=self.workers)

    def draw(self, seed: int, index: int) -> tuple[Level, Drawn]:
        """Program `index` in the intermediate language, with its cases."""
        rng = random.Random(f"{NAME}:{seed}:{index}")
        level = LEVELS[self.levels[int(rng.random() * len(self.levels))]]
        while True:
            try:
                return level, try_out(draw_program(rng, level), self.renderer, rng, level)
            except OutOfBoundsError:
                continue

    def _program(self, seed: int, index: int) -> Program:
        level, drawn = self.draw(seed, index)
        entry = drawn.module.entry
        return Program(
            id=f"{NAME}-{self.language}-{seed}-{index}",
            language=self.language,
            source=drawn.source,
            kind="call" if entry else "script",
            entry=self.renderer.name(entry),
            cases=drawn.cases,
            generator=NAME,
            difficulty=level.number,
            operations=tuple(
                sorted(kind for number, kind in enumerate(ir.KINDS) if drawn.kinds >> number & 1)
            ),
        )


def _language(language: str | Language) -> tuple[str, Renderer]:
    languages = default_plugins().languages
    found = languages.get(language) if isinstance(language, str) else language
    if found.renderer is None:
        known = [name for name in languages.names() if languages.get(name).renderer]
        raise InvalidValueError(
            f"no synthetic programs are written in {found.name}, which has no renderer; "
            f"choose one of {', '.join(known)}, or another generator"
        )
    return found.name, found.renderer
