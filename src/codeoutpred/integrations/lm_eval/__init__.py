"""lm-evaluation-harness: a folder with the task `codeoutpred`, for `--include_path`.

`python -m codeoutpred.integrations.lm_eval` prints where that folder is.
"""

from __future__ import annotations

from pathlib import Path

TASK_FOLDER = Path(__file__).parent
