"""Text that is safe within HTML."""

from __future__ import annotations

from html import escape

# No page may hold control characters; there are pictures of them at U+2400.
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}


def safe(text: str) -> str:
    """The text escaped, to stand between tags; control characters become their pictures."""
    return escape(text.translate(_PICTURES), quote=False)
