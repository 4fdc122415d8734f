"""Text that is safe within HTML."""

from __future__ import annotations

from html import escape

_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}


def safe(text: str) -> str:
    """The text between two tags: escaped, control characters, which no page may hold, as pictures."""
    return escape(text.translate(_PICTURES), quote=False)
