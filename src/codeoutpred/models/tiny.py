"""The embedded model `tiny`: a small Llama and its tokenizer, nothing downloaded.

The tokenizer gives every variable name, operator, keyword and line number of the
drills one token, and every digit and letter one of its own, so that in a trace the first token
of a value stands right behind the token of its name: a small model can then look values up in one
hop. Any other text is covered character by character, or byte by byte.

The weights in the package were made by `python -m codeoutpred.training.pretraining`.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from codeoutpred.models.untrained import END, PAD, build_model

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

WEIGHTS = "tiny.safetensors"
CONTEXT = 2048
INITIAL_SPREAD = 0.08
"""Standard deviation of the first weights, 1 / sqrt(width). In a probe of recall the
usual 0.02 kept a model of width 128 at guessing (`docs/explanation/tiny.md`)."""

WORDS = tuple(
    # What prompts and answers are marked with.
    "[CALL] |[TRACE]\n|[OUTPUT]\n|[ANSWER]|[/ANSWER]|"
    # Statements, operators and punctuation, with the spaces that belong to them.
    "def |return |print(|if |else:|elif |for |while | in | and | or |not | if | else |"
    " = | + | - | * | // | % | += | -= | *= | == | != | < | > | <= | >= |, |: |):|"
    "    |        |            |                |True|False|None|"
    # Functions and methods.
    "abs(|len(|list(|max(|min(|range(|sorted(|str(|sum(|.append(|.count(|.find(|.get(|.items()|"
    ".join(|.pop()|.replace(|.reverse()|.sort()|.upper()|[::-1]|"
    # Names.
    "total|count|price|score|size|limit|width|word|text|name|label|items|values|nums|row|words|"
    "names|parts|ages|stock|prices|found|valid|ready|pair|point|value|item|part|entry|key|ch|"
    "solve|compute|update|combine|process".split("|")
) + tuple(f"{number}|" for number in range(1, 65))
"""The tokens of more than one character; the last are the numbers that begin a line."""


def build_tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer: whole words of `WORDS`, else characters, else bytes; nothing is unknown."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    characters = [chr(code) for code in range(32, 127)] + ["\n", "\t"]
    pieces = [PAD, END, *WORDS, *characters, *(f"<0x{byte:02X}>" for byte in range(256))]
    longest_first = sorted(WORDS, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first)) + "|[\\s\\S]"
    tokenizer = Tokenizer(
        models.BPE(
            vocab={piece: number for number, piece in enumerate(pieces)},
            merges=[],
            byte_fallback=True,
            ignore_merges=True,
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=PAD,
        padding_side="left",
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )


def build_untrained(seed: int = 0) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """The model with random weights drawn from `seed`, and its tokenizer."""
    tokenizer = build_tokenizer()
    config = {
        "model_type": "llama",
        "hidden_size": 160,
        "intermediate_size": 432,
        "num_hidden_layers": 4,
        "num_attention_heads": 5,
        "max_position_embeddings": CONTEXT,
        "initializer_range": INITIAL_SPREAD,
        "tie_word_embeddings": False,
    }
    return build_model(config, tokenizer, seed=seed), tokenizer


def build() -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """The pre-trained model, in float32, and its tokenizer."""
    import torch
    from safetensors.torch import load

    model, tokenizer = build_untrained()
    weights = resources.files(__package__).joinpath(WEIGHTS).read_bytes()
    model.load_state_dict({name: kept.to(torch.float32) for name, kept in load(weights).items()})
    return model, tokenizer
