"""The command `evaluate`: models or predictions on a test split or a benchmark."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeoutpred.cli.arguments import (
    DATASET,
    add_command,
    add_data_folders,
    add_judges,
    add_model,
    count,
    model_preset,
    output_file,
)
from codeoutpred.cli.comparison import (
    UNTRAINED,
    print_tables,
    report_tables,
    summary_tables,
    write_page,
)
from codeoutpred.errors import InvalidValueError

if TYPE_CHECKING:
    from codeoutpred.cli.arguments import Commands
    from codeoutpred.evaluation.report import EvaluationReport
    from codeoutpred.plugins import Plugins
    from codeoutpred.records import Sample


def add_commands(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "evaluate", evaluate, "measure how well models or predictions do on a test split"
    )
    add_model(parser)
    for option, what in (
        ("--model-path", "folder of a trained model"),
        ("--supervised-path", "folder of a model after supervised training"),
        ("--rl-path", "folder of a model after reinforcement learning"),
        ("--predictions", "JSON Lines of id and prediction, made elsewhere"),
    ):
        parser.add_argument(option, type=Path, metavar="PATH", help=what)
    parser.add_argument(
        "--baselines", action="store_true", help="beside them lazy guesses and the untrained model"
    )
    questions = parser.add_mutually_exclusive_group()
    questions.add_argument(
        "--dataset-name", default=DATASET, metavar="NAME", help=f"default: {DATASET}"
    )
    questions.add_argument("--benchmark", metavar="NAME", help="cruxeval")
    parser.add_argument("--benchmark-path", type=Path, metavar="FILE", help="its local file")
    parser.add_argument("--split", default="test", help="of the dataset (default: test)")
    parser.add_argument("--limit", type=count, metavar="N", help="ask the first N samples only")
    parser.add_argument(
        "--prompt-format",
        metavar="F",
        help="direct, cot or trace (default: the model's own; direct for --predictions)",
    )
    add_judges(parser)
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("--html", type=output_file, metavar="FILE", help="write a page as HTML")
    parser.add_argument(
        "--json",
        type=output_file,
        metavar="FILE",
        help="write the report as JSON (of several models a list), for compare",
    )
    add_data_folders(parser)


def evaluate(options: Namespace) -> int:
    """Evaluate all that the options name on the same samples; print and write the reports."""
    from codeoutpred.cli.terminal import installed_plugins, write_text
    from codeoutpred.prompts import check_format

    plugins = installed_plugins()
    if options.prompt_format:
        check_format(options.prompt_format)
    if options.predictions and (options.model_path or options.supervised_path or options.rl_path):
        raise InvalidValueError("--predictions stands alone; evaluate models in another call")
    samples, training_samples = _questions(options, plugins)
    judges: dict[str, Any] = {
        "verifier": plugins.make_verifier(options.verifier),
        "reward": plugins.make_reward(options.reward),
    }
    baselines: list[EvaluationReport] = []
    if options.baselines:
        from codeoutpred.evaluation.baselines import baseline_reports

        baselines = baseline_reports(
            samples, training_samples(), languages=plugins.languages, **judges
        )
    if options.predictions:
        reports = [_evaluate_predictions(options, samples, judges)]
    else:
        reports = list(_evaluate_models(options, samples, judges))
    if options.json:
        from codeoutpred.evaluation.report import reports_text

        write_text(options.json, reports_text([*baselines, *reports]))
    summary = summary_tables(reports, baselines)
    if options.html:
        from codeoutpred.evaluation.training_curves import training_curves

        folders = (options.model_path, options.supervised_path, options.rl_path)
        curves = [
            curve
            for folder in folders
            if folder is not None
            for curve in training_curves(folder, name=folder.name)
        ]
        write_page(options.html, "Evaluation", reports, summary, curves)
    print_tables(report_tables(reports, summary))
    return 0


def _questions(
    options: Namespace, plugins: Plugins
) -> tuple[list[Sample], Callable[[], list[Sample]]]:
    """The samples to ask, and those that a lazy guesser may look at."""
    if options.benchmark:
        if options.benchmark_path is None:
            raise InvalidValueError("--benchmark needs --benchmark-path FILE")
        from codeoutpred.evaluation.benchmarks import load_benchmark

        path = options.benchmark_path
        samples = load_benchmark(options.benchmark, path, languages=plugins.languages)
        return samples[: options.limit], list
    if options.benchmark_path is not None:
        raise InvalidValueError("--benchmark-path goes with --benchmark NAME")
    from codeoutpred.cli.data import dataset_store

    store, name = dataset_store(options), options.dataset_name
    samples = list(store.samples(name, options.split))[: options.limit]
    return samples, lambda: list(store.samples(name, "train"))


def _evaluate_predictions(
    options: Namespace, samples: Sequence[Sample], judges: dict[str, Any]
) -> EvaluationReport:
    from codeoutpred.evaluation.evaluate import evaluate as ask
    from codeoutpred.evaluation.predictors import FilePredictor
    from codeoutpred.prompts import check_format

    return ask(
        samples,
        FilePredictor(options.predictions),
        name=options.predictions.stem,
        prompt_format=check_format(options.prompt_format or "direct"),
        **judges,
    )


def _evaluate_models(
    options: Namespace, samples: Sequence[Sample], judges: dict[str, Any]
) -> Iterator[EvaluationReport]:
    """Load one model after the other, and ask each."""
    from codeoutpred.cli.terminal import progress, quiet_libraries
    from codeoutpred.prompts import check_format

    preset = model_preset(options)
    models = {
        str(options.model_path): options.model_path,
        "supervised": options.supervised_path,
        "reinforced": options.rl_path,
    }
    models = {name: path for name, path in models.items() if path is not None}
    if options.baselines or not models:
        models = {UNTRAINED: None, **models}
    with quiet_libraries():
        from codeoutpred.evaluation.local import evaluate_model

        for name, path in models.items():
            with progress(f"evaluating: {name}") as report:
                yield evaluate_model(
                    preset,
                    path,
                    samples,
                    name=name,
                    prompt_format=check_format(options.prompt_format or preset.prompt_format),
                    seed=options.seed,
                    progress=report,
                    **judges,
                )
