"""Procedural programs in any language with a renderer: drawn, run by an interpreter, written.

draw_program ──▶ ir.Module ──renderer──▶ source ──┐
                      └──────interpreter──▶ answers, traces ──▶ Program
"""

from codeoutpred.generation.synthetic.generator import SyntheticGenerator
from codeoutpred.generation.synthetic.levels import LEVELS, Level

__all__ = ["LEVELS", "Level", "SyntheticGenerator"]
