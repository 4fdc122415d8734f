"""Text and data that are safe within HTML."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

# No page may hold control characters; there are pictures of them at U+2400.
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSAFE_IN_SCRIPTS = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    """The text escaped, to stand between tags; control characters become their pictures.

    A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
    """
    return escape(_LONE_SURROGATES.sub("\ufffd", text.translate(_PICTURES)), quote=False)


def quoted(text: str) -> str:
    """The text as the value of an attribute, with quotes around it."""
    return f'"{safe(text).replace(chr(34), "&quot;")}"'


def embedded_json(value: Any) -> str:
    """The value as JSON that can stand in a script element, whatever its texts hold.

    No tag can begin in it and no line end but JSON's own is in it; `JSON.parse` gives the texts
    back unchanged, lone surrogates too. nan and infinities are a `ValueError`.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE_IN_SCRIPTS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
