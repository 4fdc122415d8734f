"""How a program of each language becomes a request to a fork server, or an outcome at once.

Python runs in the server's own warm children; any other language is launched cold: its command
takes the place of the child, under the same limits.
"""

from __future__ import annotations

import math
import shutil
import struct

from codeoutpred.errors import CodeOutPredError, InvalidValueError
from codeoutpred.execution.sandbox import frames
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.protocols import Language
from codeoutpred.records import Execution, Job, Limits


class Launcher:
    """Makes requests. What it finds out about toolchains is found out once."""

    def __init__(self, languages: LanguageRegistry) -> None:
        self._languages = languages
        self._missing: dict[str, str] = {}

    def request(self, job: Job, limits: Limits) -> bytes | Execution:
        """The request of a job; an `Execution` where there is nothing to run."""
        name = job.program.language
        if name not in self._missing:
            self._missing[name] = self._what_is_missing(name)
        if self._missing[name]:
            return Execution(status="toolchain_missing", detail=self._missing[name])
        language = self._languages.get(name)
        try:
            if language.server:
                return _warm(job, limits)
            return _cold(job, language, limits)
        except UnicodeEncodeError as error:
            return _compile_error(f"a lone surrogate cannot be encoded: {error}")

    def _what_is_missing(self, name: str) -> str:
        """A line for people; empty where the language can run."""
        try:
            language = self._languages.get(name)
        except CodeOutPredError as error:
            return str(error)
        if language.server not in ("", "python"):
            return f"{name} asks for the server {language.server!r}, which is not known here"
        if not language.server and language.command is None:
            return f"{name} has neither a server nor a command to run its programs"
        if language.toolchain() is None:
            hint = language.install_hint or "install its toolchain"
            return f"{name} has no toolchain on this machine: {hint}"
        return ""


def _warm(job: Job, limits: Limits) -> bytes | Execution:
    program = job.program
    if program.kind == "script":
        return _pack(frames.SCRIPT, limits, program.source, "", "")
    if not all(part.isidentifier() for part in program.entry.split(".")):
        return _compile_error(f"the entry {program.entry!r} is no name of a function")
    return _pack(frames.CALL, limits, program.source, program.entry, job.arguments)


def _cold(job: Job, language: Language, limits: Limits) -> bytes | Execution:
    if job.program.kind != "script":
        return _compile_error(f"{language.name} runs whole programs only, no calls")
    assert language.command is not None
    file = f"program{language.suffix}"
    words = language.command(file)
    tool = shutil.which(words[0])  # the server knows nothing of our search path
    if tool is None:
        detail = f"{words[0]} is not on the search path; {language.install_hint}".rstrip("; ")
        return Execution(status="toolchain_missing", detail=detail)
    return _pack(frames.COMMAND, limits, job.program.source, file, "\0".join([tool, *words[1:]]))


def _pack(kind: int, limits: Limits, *texts: str) -> bytes:
    encoded = [text.encode() for text in texts]
    try:
        head = frames.REQUEST.pack(
            kind,
            limits.cpu_seconds,
            limits.wall_seconds,
            limits.memory_bytes,
            limits.output_bytes,
            limits.file_bytes,
            limits.processes,
            *map(len, encoded),
        )
        math.ceil(limits.cpu_seconds + limits.wall_seconds)
    except (struct.error, OverflowError) as error:
        raise InvalidValueError(
            f"the limits make no sense ({error}): give finite seconds, and whole numbers of bytes "
            f"and processes below 2^64, in {limits}"
        ) from error
    return b"".join([head, *encoded])


def _compile_error(detail: str) -> Execution:
    return Execution(status="compile_error", detail=detail)
