"""Small models of every architecture among the presets, as folders like those of the hub.

    folder = save_architecture("phi", tmp_path / "phi")

Each is made by its own config class, with random weights, and written by `save_pretrained`
(safetensors) beside a byte-level BPE tokenizer that is trained here; what loads a model of the hub
loads these.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CONFIGURATIONS: dict[str, str] = {
    "phi": "PhiConfig",
    "llama": "LlamaConfig",
    "starcoder2": "Starcoder2Config",
    "mistral": "MistralConfig",
    "qwen2": "Qwen2Config",
    "qwen3": "Qwen3Config",
}
ARCHITECTURES = tuple(CONFIGURATIONS)

START, END, PAD = "<|start|>", "<|end|>", "<|pad|>"

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] + eos_token + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
"""A chat template as most are: it tells turns apart, and has no generation markers."""

_TEXTS = (
    "def f(a, b):\n    total = a + b\n    return total * 2\n[CALL] f(3, 4)\n[OUTPUT]\n14\n",
    "1|items = [5, 2, 9]\n2|for item in items:\n3|    print(item)\n[TRACE]\n1|items[5, 2, 9]\n",
    "[ANSWER]5 2 9[/ANSWER]\nwords = {'one': 1, 'two': 2}\nprint(sorted(words))\n[THOUGHT]\n",
)


def build_tokenizer(
    *,
    pad: str | None = PAD,
    starts: bool = False,
    ends: bool = False,
    leading_space: bool = False,
    chat_template: str | None = None,
) -> Any:
    """A byte-level BPE tokenizer trained on a few programs.

    `pad` is the pad token: `PAD`, `END` (the end token stands for it) or None; `starts` and `ends`
    put a start or end token around every text by themselves; `leading_space` puts a space before.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=leading_space)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=[START, END, PAD] if pad == PAD else [START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(_TEXTS, trainer)
    if starts or ends:
        core.post_processor = processors.TemplateProcessing(
            single=f"{START} " * starts + "$A" + f" {END}" * ends,
            special_tokens=[(START, 0), (END, 1)],
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token=START,
        eos_token=END,
        pad_token=pad,
        chat_template=chat_template,
        clean_up_tokenization_spaces=False,
    )


def build_model(name: str, tokenizer: Any, *, seed: int = 0, **overrides: Any) -> Any:
    """A model of two layers of width 64, with random weights drawn from `seed`."""
    import torch
    import transformers

    fields: dict[str, Any] = {
        "vocab_size": len(tokenizer) + 16,  # spare rows, as most models of the hub have
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "initializer_range": 0.125,  # 1 / sqrt(width): texts that do not repeat one token
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        **({"head_dim": 16} if name == "qwen3" else {}),
        **overrides,
    }
    config = getattr(transformers, CONFIGURATIONS[name])(**fields)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)


def save_architecture(
    name: str,
    folder: Path,
    *,
    tokenizer: Any = None,
    seed: int = 0,
    ends_soon: bool = False,
    **overrides: Any,
) -> Path:
    """Write the model and its tokenizer (by default `build_tokenizer()`) into `folder`.

    An untrained model hardly ever ends a completion; with `ends_soon` half of all tokens do.
    """
    tokenizer = tokenizer or build_tokenizer()
    model = build_model(name, tokenizer, seed=seed, **overrides)
    if ends_soon:
        model.generation_config.eos_token_id = list(range(0, len(tokenizer), 2))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
