"""Programs from code that is there already: functions that run alone, with more inputs."""

from codeoutpred.generation.corpus.generator import CorpusGenerator

__all__ = ["CorpusGenerator"]
