"""An answer corrected, for notebooks, where no script runs: `diff.js` does the same in a page.

>>> corrected("[1, 3]", "[1, 2]")
'[1, <del>3</del><ins>2</ins>]'
"""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from codeoutpred.pages.markup import safe

_LONGEST = 2_000


def corrected(answer: str, expected: str) -> str:
    """HTML: deleted is what the answer only has, inserted what the expected text only has.

    Of longer texts the first 2,000 characters are compared.
    """
    answer, expected = _cut(answer), _cut(expected)
    pieces = []
    for step in Levenshtein.opcodes(answer, expected):
        if step.tag == "equal":
            pieces.append(safe(answer[step.src_start : step.src_end]))
        if step.tag in ("delete", "replace"):
            pieces.append(f"<del>{safe(answer[step.src_start : step.src_end])}</del>")
        if step.tag in ("insert", "replace"):
            pieces.append(f"<ins>{safe(expected[step.dest_start : step.dest_end])}</ins>")
    return "".join(pieces)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
