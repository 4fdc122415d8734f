"""JavaScript: run by a warm node process, values written as node shows them.

The answer of a call is `util.inspect` of the value with nothing left out and everything on one
line: `depth`, `maxArrayLength`, `maxStringLength` and `breakLength` are `Infinity`, `compact` is
true. A promise stands for what it settles to. Where the text has a newline all the same, as the
stack of an error does, it is written `\\n`.
"""

from __future__ import annotations

from functools import partial

from codeoutpred.languages.javascript_renderer import JavaScriptRenderer
from codeoutpred.languages.toolchains import text_language, version

JAVASCRIPT = text_language(
    "javascript",
    ".js",
    partial(version, "node"),
    "nodejs",
    server="javascript",
    renderer=JavaScriptRenderer(),
)
