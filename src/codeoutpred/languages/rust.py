"""Rust: compiled many programs at a time, values written as `{:?}` shows them.

A program is a file of its own with nothing but the standard library, edition 2021, compiled as
`rustc` does by default: arithmetic that overflows panics. A panic is an exception of the name
`panic`.
"""

from __future__ import annotations

from functools import partial

from codeoutpred.languages.rust_renderer import RustRenderer
from codeoutpred.languages.toolchains import text_language, version

RUST = text_language(
    "rust",
    ".rs",
    partial(version, "rustc", also=("cc",)),
    "rustc gcc",
    server="rust",
    renderer=RustRenderer(),
)
