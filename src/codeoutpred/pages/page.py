"""One HTML page that needs nothing else: no other file, no network, no script but its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

from codeoutpred.pages.markup import safe

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A sentence or two below the title of a page."""

    text: str

    def html(self) -> str:
        """The text as a paragraph; it is escaped."""
        return f'<p class="lead">{safe(self.text)}</p>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Parts under a heading; with `in_columns` side by side where the window is wide enough."""

    title: str
    parts: tuple[Shown, ...]
    in_columns: bool = False

    def html(self) -> str:
        """The heading and the parts."""
        body = "\n".join(part.html() for part in self.parts)
        if self.in_columns:
            body = f'<div class="grid">\n{body}\n</div>'
        return f"<section>\n<h2>{safe(self.title)}</h2>\n{body}\n</section>"


def html_page(title: str, parts: Iterable[Shown], *, scripts: Sequence[str] = ()) -> str:
    """The page; every text in it is escaped, and browsers are told to load nothing for it.

    `scripts` are names of files of this folder; they stand in the page, and nothing else runs.
    """
    body = "\n".join(part.html() for part in parts)
    texts = [_asset(name) for name in scripts]
    hashes = "".join(f" 'sha256-{_digest(text)}'" for text in texts)
    policy = f"{_POLICY}; script-src{hashes}" if hashes else _POLICY
    run = "".join(f"<script>{text}</script>\n" for text in texts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>{_asset('page.css')}</style>\n</head>\n"
        f"<body>\n<h1>{safe(title)}</h1>\n{body}\n{run}</body>\n</html>\n"
    )


def _asset(name: str) -> str:
    return files("codeoutpred.pages").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
