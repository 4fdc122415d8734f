"""Short Python programs for small models: drawn statement by statement, run as they grow."""

from codeoutpred.generation.drills.generator import DrillGenerator
from codeoutpred.generation.drills.levels import LEVELS, Level

__all__ = ["LEVELS", "DrillGenerator", "Level"]
