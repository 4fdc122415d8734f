"""Programs asked of a language model, at any endpoint that speaks as OpenAI's does.

`request.py` writes what is asked, `endpoint.py` gets the replies, `journal.py` keeps each one on
disk before it is used, `budget.py` counts what they cost, `reply.py` reads programs out of them,
and `generator.py` puts these together.
"""

from codeoutpred.generation.llm.generator import LLMGenerator
from codeoutpred.generation.llm.retries import Patience

__all__ = ["LLMGenerator", "Patience"]
