"""What outsiders implement, stage by stage, and `Language`, the bundle a language brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from codeoutpred.records import (
    Execution,
    Job,
    Limits,
    Prediction,
    Program,
    Prompt,
    Sample,
    TrainingResult,
    Verdict,
)

if TYPE_CHECKING:
    from datasets import DatasetDict

    from codeoutpred import ir


@runtime_checkable
class Generator(Protocol):
    """Yields candidate programs. Item `i` is a pure function of (name, seed, i).

    A generator may tell where they come from by an attribute `provenance`, a `Provenance`; the
    card of a dataset calls the licence of all others unknown.

    Where programs hang on more than these, the language and the levels, such as files of the
    user's, a generator has an attribute `settings`: a tuple of texts that change with them.
    """

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        """Programs number `start` to `start + count - 1` of `seed`, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What programs will cost: requests to be sent, and the tokens of prompts and replies.

    `prompt_tokens` and `reply_tokens` are what is expected, `most_tokens` what the requests can
    come to at most. The costs are in the currency of the prices, None where no price is known.
    """

    requests: int
    prompt_tokens: int
    reply_tokens: int
    most_tokens: int
    cost: float | None
    most_cost: float | None


@runtime_checkable
class PaidGenerator(Generator, Protocol):
    """A generator that pays for its programs, and can say how much."""

    def check(self) -> None:
        """Raise what is known to stand in the way of the first request, sending nothing."""
        ...

    def estimate(self, *, samples: int, seed: int) -> Estimate:
        """What it takes to get `samples` samples if every program is good, sending nothing."""
        ...

    def spending(self) -> str:
        """What was spent so far, in a few words; empty before the first `generate`."""
        ...


@runtime_checkable
class Executor(Protocol):
    """Runs programs. Never raises for a bad program: that is `Execution.status`."""

    def run(self, program: Program, arguments: str = "", *, limits: Limits = ...) -> Execution:
        """Run one program once."""
        ...

    def run_many(self, jobs: Iterable[Job], *, limits: Limits = ...) -> Iterator[Execution]:
        """Run jobs as they come, concurrently; the results keep the order of the jobs."""
        ...


@runtime_checkable
class Verifier(Protocol):
    """Judges a prediction against a sample. Never executes a prediction."""

    def verify(self, sample: Sample, prediction: Prediction) -> Verdict:
        """The verdict; a wrong format is a verdict (`unparseable`), never an exception."""
        ...


@runtime_checkable
class RewardFn(Protocol):
    """Turns a verdict into a number. Picklable."""

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float | None:
        """The reward; None where the prediction could not be judged (masked in training)."""
        ...


@runtime_checkable
class Predictor(Protocol):
    """Completes prompts: a local model, an endpoint, a file.

    A predictor may tell by an attribute `settings`, texts by name, what is to be cited of it, such
    as its model and temperature: a report keeps them. They are read when all is predicted.
    """

    def predict(self, prompts: Sequence[Prompt]) -> Iterator[Prediction]:
        """The same number of predictions for each prompt, mostly one, in the prompts' order."""
        ...


@runtime_checkable
class Trainer(Protocol):
    """Trains a model on a dataset with the splits `train` and `validation`."""

    def train(self, dataset: DatasetDict, *, resume: bool = False) -> TrainingResult:
        """Train to the end; with `resume`, go on from the last whole checkpoint."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Writes programs of the intermediate language (`codeoutpred.ir`) in another language."""

    def render(self, module: ir.Module) -> ir.Rendering:
        """The module as a program; the same text for the same module, whenever it is asked for."""
        ...

    def literal(self, value: Any, type: ir.Type) -> str:
        """The value as it is written among the arguments of a call."""
        ...

    def result(self, value: Any, type: ir.Type) -> str:
        """The text of a value that a call returns, as an execution reports it."""
        ...

    def display(self, value: Any, type: ir.Type) -> str:
        """What printing the value gives, without the newline."""
        ...

    def name(self, name: str) -> str:
        """A name, given in `snake_case`, in the convention of the language."""
        ...

    def speller(self, node: ir.Expression | ir.Statement) -> Callable[..., str]:
        """How a trace shows the steps of a node: a function of the texts of what it works on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What a language brings: how its code is run, and how its literals are read and written.

    `command` builds the command line that runs a source file (`(path) -> argv`), the generic cold
    launch, and `compile` the one that goes before it where there is something to compile; both
    run in the folder of the file. A language with a warm server of its own names it in `server`
    instead. `fingerprint` maps a source to a text that stays the same when the program is renamed
    or reformatted. The literal functions raise `ValueError` for what is no literal of the language.
    """

    name: str
    suffix: str
    parse_literal: Callable[[str], Any]
    render_literal: Callable[[Any], str]
    literal_type: Callable[[Any], str]
    values_equal: Callable[[Any, Any], bool]
    fingerprint: Callable[[str], str]
    find_literals: Callable[[str], list[str]]
    computes: Callable[[str], bool] = lambda source: True
    """Whether a source does more than show or return its own literals or arguments."""
    toolchain: Callable[[], str | None]
    """The version of the toolchain found on this machine, or None where there is none."""
    install_hint: str = ""
    """The command that installs the toolchain."""
    command: Callable[[str], list[str]] | None = None
    compile: Callable[[str], list[str]] | None = None
    source_name: str = "program"
    """What the source file is called, without its suffix: some toolchains insist on a name."""
    reserves_memory: bool = False
    """Whether the runtime reserves far more addresses than it uses, as virtual machines do."""
    server: str = ""
    renderer: Renderer | None = None
    """What writes synthetic programs in the language, if anything does."""
