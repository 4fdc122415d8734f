"""Python: run by the warm fork server, its literals read and written as `repr` does."""

from __future__ import annotations

import platform

from codeoutpred.languages.python_constants import computes, find_literals
from codeoutpred.languages.python_fingerprint import fingerprint
from codeoutpred.languages.python_literals import (
    literal_type,
    parse_literal,
    render_literal,
    values_equal,
)
from codeoutpred.protocols import Language

PYTHON = Language(
    name="python",
    suffix=".py",
    parse_literal=parse_literal,
    render_literal=render_literal,
    literal_type=literal_type,
    values_equal=values_equal,
    fingerprint=fingerprint,
    find_literals=find_literals,
    computes=computes,
    toolchain=platform.python_version,  # programs run on the interpreter that runs this library
    server="python",
)
