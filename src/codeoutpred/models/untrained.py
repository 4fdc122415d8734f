"""Models with random weights, and tokenizers for them: training from scratch, nothing downloaded.

    tokenizer = train_tokenizer(program.source for program in programs)
    save_untrained({"model_type": "llama", "hidden_size": 512, ...}, tokenizer, Path("scratch"))

The folder is like one of the hub: `--model custom --custom-model-id scratch --no-quantization`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeoutpred.errors import storage_errors

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

END, PAD = "<|end|>", "<|pad|>"
PIECES = (
    r"(?:(?!True|False|true|false|None)[^\W\d])+|True|False|true|false|None|\d| ?[^\w\s]+ ?|\s+"
)
"""What no token reaches over: a name, a word that is a value, a digit, signs with the spaces around
them, white space. So a name is the same tokens wherever it stands, and in a trace the first token
of its value comes right behind it (`docs/explanation/tiny.md`)."""


def train_tokenizer(texts: Iterable[str], *, size: int = 4096) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer of at most `size` tokens, learnt from `texts`.

    Every digit is a token of its own, and none reaches over the border of `PIECES`; any text can
    be written, in bytes where nothing longer was learnt.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END, PAD],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token=END,
        pad_token=PAD,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def build_model(config: Mapping[str, Any], tokenizer: Any, *, seed: int = 0) -> Any:
    """A model of the fields of a `config.json`, its weights drawn from `seed`, in float32.

    The tokenizer decides on vocabulary, end and padding. Unless `config` says otherwise, weights
    spread by 1 / sqrt(width): the usual 0.02 kept small models at guessing
    (`docs/explanation/tiny.md`).
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    fields = {
        "vocab_size": len(tokenizer),
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        **config,
    }
    shape = AutoConfig.for_model(fields.pop("model_type"), **fields)
    if "initializer_range" not in config:
        shape.initializer_range = shape.hidden_size**-0.5
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return AutoModelForCausalLM.from_config(shape, dtype=torch.float32)


def save_untrained(
    config: Mapping[str, Any], tokenizer: Any, folder: Path, *, seed: int = 0
) -> Path:
    """Write such a model and its tokenizer into `folder`, as a folder of the hub."""
    model = build_model(config, tokenizer, seed=seed)
    with storage_errors(str(folder)):
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder
