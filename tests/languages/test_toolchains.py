"""Which toolchains are found, and what is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.languages.toolchains import version
from codeoutpred.plugins import load_plugins

PACKAGED = ["javascript", "c", "cpp", "java", "go", "typescript", "ruby", "php", "lua", "perl"]


@pytest.fixture
def languages() -> LanguageRegistry:
    return load_plugins(use_entry_points=False).languages


def tool(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_the_version_is_the_first_line_that_the_tool_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, "loud", "echo; echo 'loud 1.2  '; echo more")
    tool(tmp_path, "quiet", "echo 'quiet 3' >&2")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert version("loud") == "loud 1.2"
    assert version("quiet") == "quiet 3"


def test_a_tool_that_fails_or_is_not_there_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, "broken", "echo 1; exit 1")
    tool(tmp_path, "whole", "echo 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert version("broken") is None
    assert version("absent") is None
    assert version("whole", also=("absent",)) is None


@pytest.mark.parametrize("name", [*PACKAGED, "bash"])
def test_without_a_toolchain_the_package_is_named(
    languages: LanguageRegistry, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    language = languages.get(name)
    assert language.toolchain() is None
    assert language.install_hint.startswith("apt-get install ")


def test_suffixes_tell_the_languages_apart(languages: LanguageRegistry) -> None:
    suffixes = [languages.get(name).suffix for name in languages.names()]
    assert len(set(suffixes)) == len(suffixes)
