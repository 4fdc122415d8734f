"""Sphinx builds the documentation by this; `nox -s docs` calls it."""

from __future__ import annotations

from codeoutpred.plugins import library_version

project = "codeoutpred"
author = "the codeoutpred authors"
release = library_version()
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
maximum_signature_line_length = 80
