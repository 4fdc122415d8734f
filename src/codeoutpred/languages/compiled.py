"""Languages that are compiled first, in the sandbox as well, and launched cold: whole programs.

A program that does not compile is a `compile_error`, with the first lines of what the compiler
says. A Java program has its `main` in a class called `Main`.
"""

from __future__ import annotations

from functools import partial

from codeoutpred.languages.toolchains import text_language, version

# One collector, one compiler, no profiling: fewer threads, and a start that is twice as fast.
_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")

C = text_language(
    "c",
    ".c",
    partial(version, "gcc"),
    "gcc libc6-dev",
    compile=lambda file: ["gcc", "-O1", "-o", "program", file, "-lm"],
    command=lambda file: ["./program"],
)
CPP = text_language(
    "cpp",
    ".cpp",
    partial(version, "g++"),
    "g++",
    compile=lambda file: ["g++", "-O1", "-std=c++17", "-o", "program", file],
    command=lambda file: ["./program"],
)
JAVA = text_language(
    "java",
    ".java",
    partial(version, "javac", also=("java",)),
    "default-jdk-headless",
    source_name="Main",
    compile=lambda file: ["javac", *(f"-J{word}" for word in _JVM), "-d", "classes", file],
    command=lambda file: ["java", *_JVM, "-cp", "classes", "Main"],
    reserves_memory=True,
)
GO = text_language(
    "go",
    ".go",
    partial(version, "go", "version"),
    "golang-go",
    # Its cache is needed even for one file, and has to be the program's own.
    compile=lambda file: [
        *("sh", "-c", 'GOCACHE="$PWD/cache" GO111MODULE=off exec go build -o program "$0"', file)
    ],
    command=lambda file: ["./program"],
    reserves_memory=True,
)
TYPESCRIPT = text_language(
    "typescript",
    ".ts",
    partial(version, "tsc", also=("node",)),
    "node-typescript nodejs",
    compile=lambda file: ["tsc", "--target", "es2020", "--module", "commonjs", file],
    command=lambda file: ["node", "program.js"],
    reserves_memory=True,
)
