"""The README and the documentation: what they show runs, and they leave no public name out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import codeoutpred
from codeoutpred.plugins import load_plugins

ROOT = Path(__file__).parents[1]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if "_build" not in path.parts
}
BLOCK = re.compile(r"^(<!-- heavy -->\n)?```([a-z]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = ROOT / "examples" / "codeoutpred-awk"


class Block(NamedTuple):
    """A fenced block that a reader would type or paste."""

    heavy: bool
    language: str
    text: str


def blocks(page: str) -> list[Block]:
    found = [Block(bool(heavy), *rest) for heavy, *rest in BLOCK.findall(PAGES[page])]
    return [block for block in found if block.language in ("bash", "python")]


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command of a bash block."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            assert words[0] == "codeoutpred", f"make it a console block: {line}"
            yield words[1:]


def run_blocks(chosen: list[Block]) -> None:
    """Run blocks in the order of the page; python blocks share their names."""
    names: dict[str, object] = {"__name__": "documentation"}
    for block in chosen:
        if block.language == "python":
            exec(compile(block.text, "a python block", "exec"), names)
            continue
        for words in commands(block.text):
            done = subprocess.run(
                [sys.executable, "-m", "codeoutpred", *words],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{shlex.join(words)}:\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)])
def test_the_light_blocks_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_blocks([block for block in blocks(page) if not block.heavy])


@pytest.mark.heavy
@pytest.mark.parametrize("page", [page for page in PAGES if any(b.heavy for b in blocks(page))])
def test_all_blocks_of_a_page_run(page, tmp_path, monkeypatch):
    pytest.importorskip("trl")
    monkeypatch.chdir(tmp_path)
    run_blocks(blocks(page))


def test_the_readme_names_exactly_two_set_up_commands():
    lines = [line for line in PAGES["README.md"].splitlines() if "pip install" in line]
    assert lines == ["pip install nox && nox -s demo", "pip install nox && nox -s tests"]


def test_the_readme_stays_short():
    assert len(PAGES["README.md"].splitlines()) <= 120


@pytest.mark.parametrize("page", PAGES)
def test_links_within_the_repository_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGES[page]):
        if "://" not in target:
            assert ((ROOT / page).parent / target).exists(), target


def test_the_reference_has_every_public_name():
    documented = re.findall(
        r"^\.\. auto\w+:: codeoutpred\.(\w+)(?:\(\))?$", PAGES["docs/reference.md"], re.M
    )
    public = [name for name in documented if name not in ("testing", "errors")]
    assert sorted(public) == codeoutpred.__all__


def test_the_reference_has_every_hook():
    hooks = {f"codeoutpred.hookspecs.register_{kind}" for kind in load_plugins().registries}
    documented = re.findall(
        r"autofunction:: (codeoutpred\.hookspecs\.\w+)", PAGES["docs/reference.md"]
    )
    assert set(documented) == hooks


def test_the_tests_of_the_example_plugin_pass(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(EXAMPLE / "tests")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(EXAMPLE / "src")},
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout or "2 passed, 1 skipped" in done.stdout


def test_the_example_plugin_is_found_by_its_entry_point(tmp_path, run_python):
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    metadata = tmp_path / "codeoutpred_awk-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1"
    )
    points = project["entry-points"]["codeoutpred"].items()
    lines = [f"{name} = {target}" for name, target in points]
    (metadata / "entry_points.txt").write_text("\n".join(["[codeoutpred]", *lines]))
    shown = run_python(
        "from codeoutpred.cli import main; main(['plugins'])",
        PYTHONPATH=os.pathsep.join([str(tmp_path), str(EXAMPLE / "src")]),
    )
    assert "codeoutpred-awk" in shown
    assert "languages: awk" in shown
    assert "rewards: verbatim" in shown
