"""`python -m codeoutpred`, the same as the console script."""

from __future__ import annotations

import sys

from codeoutpred.cli import main

sys.exit(main())
