"""JavaScript: run by a warm node process, values written as node shows them.

The answer of a call is `util.inspect` of the value with nothing left out and everything on one
line: `depth`, `maxArrayLength`, `maxStringLength` and `breakLength` are `Infinity`, `compact` is
true. A promise stands for what it settles to. Where the text has a newline all the same, as the
stack of an error does, it is written `\\n`.
"""

from __future__ import annotations

from functools import partial

from codeoutpred.languages.javascript_literals import (
    literal_type,
    parse_literal,
    render_literal,
    values_equal,
)
from codeoutpred.languages.javascript_renderer import JavaScriptRenderer
from codeoutpred.languages.token_fingerprint import computes, fingerprint
from codeoutpred.languages.tokens import Lexis
from codeoutpred.languages.toolchains import text_language, version

LEXIS = Lexis(
    keywords=frozenset(
        "async await break case catch class const continue debugger default delete do else export "
        "extends false finally for function get if import in instanceof let new null of return "
        "set static super switch this throw true try typeof undefined var void while with "
        "yield".split()
    ),
    # ECMAScript 2024, section 19, and what node adds for every program.
    standard=frozenset(
        "AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean Buffer "
        "DataView Date Error EvalError Float32Array Float64Array Function Infinity Int16Array "
        "Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy "
        "RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError "
        "URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet "
        "arguments clearTimeout console constructor decodeURI decodeURIComponent encodeURI "
        "encodeURIComponent eval exports globalThis isFinite isNaN module parseFloat parseInt "
        "process queueMicrotask require setImmediate setTimeout structuredClone".split()
    ),
    shown=frozenset({"log"}),
    templates=True,
    regular_expressions=True,
    object_keys=True,
    optional_semicolons=True,
)

JAVASCRIPT = text_language(
    "javascript",
    ".js",
    partial(version, "node"),
    "nodejs",
    server="javascript",
    fingerprint=partial(fingerprint, lexis=LEXIS),
    computes=partial(computes, lexis=LEXIS),
    parse_literal=parse_literal,
    render_literal=render_literal,
    literal_type=literal_type,
    values_equal=values_equal,
    renderer=JavaScriptRenderer(),
)
