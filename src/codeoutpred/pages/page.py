"""One small HTML page that needs nothing else: no scripts, no files, no network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from codeoutpred.pages.markup import safe

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
div { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0 }
caption, figcaption { font-weight: bold; text-align: left }
th, td { border-bottom: 1px solid #8885; padding: 0.3rem 0.8rem; text-align: right }
th:first-child, td:first-child { text-align: left }
p { color: #666; max-width: 48rem; white-space: pre-line }
figure { margin: 1.5rem 0; max-width: 48rem }
svg text { font-size: 14px }
svg rect { fill: #3273c4 }
pre { border-left: 3px solid #8885; overflow-x: auto; padding: 0.2rem 0.8rem }
@media (prefers-color-scheme: dark) {
  body { background: #111; color: #eee } p { color: #aaa } svg rect { fill: #6ea8fe }
}
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Shown(Protocol):
    """What a page is made of: tables, bars, listings."""

    def html(self) -> str:
        """A piece of HTML; every text of others in it is escaped."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A text that keeps its lines, such as a program."""

    title: str
    text: str

    def html(self) -> str:
        """The text as a figure; it is escaped."""
        return (
            f"<figure>\n<figcaption>{safe(self.title)}</figcaption>\n"
            f"<pre>\n{safe(self.text)}</pre>\n</figure>"
        )


def html_page(title: str, parts: Iterable[Shown]) -> str:
    """The page; every text in it is escaped, and browsers are told to load nothing for it."""
    body = "\n".join(part.html() for part in parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{safe(title)}</h1>\n{body}\n</body>\n</html>\n"
    )
