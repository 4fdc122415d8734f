"""Prints the folder to give as `--include_path`."""

from codeoutpred.integrations.lm_eval import TASK_FOLDER

print(TASK_FOLDER)
