"""Contract checks for what plugins bring, to be run in a plugin's own tests.

Each check raises `AssertionError` with one readable line that names the culprit:

    from codeoutpred.testing import check_reward
    check_reward(MyReward())
"""

from codeoutpred.testing.answers import CALL_SAMPLE, SAMPLES, SCRIPT_SAMPLE
from codeoutpred.testing.generators import check_generator
from codeoutpred.testing.languages import check_language
from codeoutpred.testing.models import check_model_preset
from codeoutpred.testing.renderers import check_renderer
from codeoutpred.testing.verdicts import check_reward, check_verifier

__all__ = [
    "CALL_SAMPLE",
    "SAMPLES",
    "SCRIPT_SAMPLE",
    "check_generator",
    "check_language",
    "check_model_preset",
    "check_renderer",
    "check_reward",
    "check_verifier",
]
