"""How much memory training will take, estimated before anything is loaded.

>>> from codeoutpred.models.presets import PHI_2
>>> from codeoutpred.models.shapes import shape_of
>>> plan = plan_memory(shape_of(PHI_2.config), batch_size=4, max_length=512)
>>> round(plan.weights_gb, 1)
1.8
"""

from __future__ import annotations

from dataclasses import dataclass

from codeoutpred.models.shapes import Shape
from codeoutpred.records import Record
from codeoutpred.registry import NF4_BITS, Quantization

CARDS = (8, 16, 24, 80)
"""GB of common GPUs."""

TILE = (4096, 32768)
"""Tokens and words of the vocabulary that TRL takes log-probabilities of at a time."""

RESERVED_GB = 0.8
"""The context of CUDA and what its allocator cannot use; a rule of thumb, not measured here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlan(Record):
    """The parts of the peak, in GB (10^9 bytes); `share` is that of trained parameters."""

    parameters: int
    trained: int
    share: float
    weights_gb: float
    trained_gb: float
    optimizer_gb: float
    activations_gb: float
    activations_checkpointed_gb: float
    logits_gb: float
    cache_gb: float
    supervised_gb: float
    supervised_checkpointed_gb: float
    reinforcement_gb: float

    def fits(self, gigabytes: float) -> dict[str, bool]:
        """Which ways of training fit a card of so many GB."""
        free = gigabytes - RESERVED_GB
        return {
            "supervised": self.supervised_gb <= free,
            "supervised, checkpointed": self.supervised_checkpointed_gb <= free,
            "reinforcement, checkpointed": self.reinforcement_gb <= free,
        }


def plan_memory(
    shape: Shape,
    *,
    batch_size: int,
    max_length: int,
    lora_rank: int = 64,
    quantization: Quantization = "4bit",
) -> MemoryPlan:
    """The estimate for sequences of `max_length` tokens, `batch_size` at a time, on a GPU.

    Weights outside the blocks' linear layers stay in 16 bits. What is trained counts 4 bytes for
    the weight and 4 for its gradient, and 8 for the two moments of Adam; with rank 0 all weights
    are trained. For its gradient a block keeps about fourteen tensors of the hidden size and
    `Shape.kept` of the intermediate one, and its way back takes five more of these; attention
    never keeps its matrix (flash or sdpa). With checkpointing a block keeps its input alone, and
    one block is whole at a time; inputs, in the type of the weights, go as gradients come. TRL
    takes log-probabilities tile by tile, so that of the logits one tile is there. The cache holds
    the keys and values of generation. `tests/models/test_activations.py` holds the rule to what is
    kept.
    """
    tokens = batch_size * max_length
    bits = {"4bit": NF4_BITS, "8bit": 8.0, "none": 16.0}[quantization]
    outside = shape.parameters - shape.quantisable
    trained = shape.adapter(lora_rank) if lora_rank else shape.parameters
    weights = shape.quantisable * bits / 8 + outside * 2 if lora_rank else 0.0
    block = block_bytes(shape, tokens)
    back = tokens * 2 * 5 * shape.intermediate
    largest = max(inputs * outputs for inputs, outputs in shape.linear)
    matrix = 0 if quantization == "none" else largest * 2  # in 16 bits while it is used
    whole = shape.layers * block
    inputs = shape.layers * tokens * shape.hidden * (2 if lora_rank else 4)
    rows, columns = TILE
    logits = min(tokens, rows) * min(shape.vocabulary, columns) * 2 + tokens * shape.hidden * 4
    cache = 2 * shape.layers * tokens * shape.key_value * 2
    fixed, gradients = weights + trained * 12, trained * 4
    plain = fixed + max(gradients + back, whole + max(back, logits)) + matrix
    checkpointed = fixed + max(gradients, inputs) + max(block + back, logits) + matrix
    return MemoryPlan(
        parameters=shape.parameters,
        trained=trained,
        share=trained / (shape.parameters + (trained if lora_rank else 0)),
        weights_gb=weights / 1e9,
        trained_gb=trained * 8 / 1e9,
        optimizer_gb=trained * 8 / 1e9,
        activations_gb=(whole + back) / 1e9,
        activations_checkpointed_gb=(inputs + block + back) / 1e9,
        logits_gb=logits / 1e9,
        cache_gb=cache / 1e9,
        supervised_gb=plain / 1e9,
        supervised_checkpointed_gb=checkpointed / 1e9,
        reinforcement_gb=max(fixed + cache, checkpointed) / 1e9,
    )


def block_bytes(shape: Shape, tokens: int) -> float:
    """What one block keeps of so many tokens for its gradient, adapters included."""
    return tokens * 2 * (14 * shape.hidden + shape.kept * shape.intermediate)
