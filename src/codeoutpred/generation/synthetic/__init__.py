"""Procedural programs: drawn statement by statement, run as they grow, kept within bounds."""

from codeoutpred.generation.synthetic.generator import SyntheticGenerator
from codeoutpred.generation.synthetic.levels import LEVELS, Level

__all__ = ["LEVELS", "Level", "SyntheticGenerator"]
