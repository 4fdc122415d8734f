"""Languages that an interpreter runs as they stand, launched cold: whole programs only."""

from __future__ import annotations

from codeoutpred.languages.toolchains import script_language

RUBY = script_language("ruby", ".rb", "ruby", "ruby", "--version")
PHP = script_language("php", ".php", "php", "php-cli", "--version")
LUA = script_language("lua", ".lua", "lua", "lua5.4", "-v")
PERL = script_language("perl", ".pl", "perl", "perl", "-e print qq(perl $^V)")
BASH = script_language("bash", ".sh", "bash", "bash", "--version")
