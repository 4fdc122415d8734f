"""Small makers of programs in JavaScript, and what node itself makes of them."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from execution_programs import script

from codeoutpred.records import Limits, Program

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs node")
FOLDER = Path(__file__).parent / "javascript"
LIMITS = Limits(cpu_seconds=0.5, wall_seconds=20.0)
GENEROUS = Limits(cpu_seconds=20.0, wall_seconds=60.0)

DISTURBERS = [
    "globalThis.left = 1; x = 2; Object.prototype.polluted = 3;",
    "Array.prototype.push = () => { throw 1 }; Object.keys = null; Map = Set;",
    "console.log = () => {}; Math.random = () => 7; JSON = null; Date.now = () => 0;",
    "process.exitCode = 3; process.argv.push('x'); delete process.env.PATH;",
    "setInterval(() => console.log('still here'), 1).unref(); process.on('exit', () => {});",
    "console.group(); console.count(); module.exports.a = 1; require.cache.b = 2;",
    "Error.prepareStackTrace = () => 'mine'; Error.stackTraceLimit = 0; Symbol.for = null;",
    "const util = require('util'); util.inspect.defaultOptions.depth = 0; Buffer.from = null;",
    "console.log.constructor('return this')().globalThis.left = 1;",
]
SENTINEL = """
const seen = [typeof left, typeof x, {}.polluted, Object.keys({ a: 1 }), new Map([[1, 2]]).size];
console.log(seen, Math.random() < 1, JSON.stringify([Date.now() > 1e12]), process.exitCode);
console.log(process.argv.length, typeof process.env.PATH, { a: { b: { c: { d: 1 } } } });
console.count(); console.log(module.exports, require.cache);
console.log(new Error('e').stack.split('\\n').length);
"""
"""Shows what any of the disturbers may have left."""


def javascript(source: str) -> Program:
    return script(source, "javascript")


def call(source: str, entry: str = "f") -> Program:
    return dataclasses.replace(javascript(source), kind="call", entry=entry)


INSIDE = "/work"
"""Where our warm process has the file of a program."""


def by_node(source: str, folder: Path) -> str:
    """What `node program.js` prints, with the folder of the file as in our warm process."""
    file = folder / "program.js"
    file.write_text(source)
    environment = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [str(NODE), str(file)], capture_output=True, env=environment, cwd=folder, check=True
    )
    return done.stdout.decode().replace(str(folder), INSIDE)
