"""Prompts as a model reads them: one place for training, reinforcement and evaluation.

    text = render_prompt(prompt, tokenizer)     # what the model is shown, plain or as a chat
    encoded = encode(prompt, tokenizer)         # token ids of prompt and completion

A tokenizer with a chat template is a chat model's (`models.tokenizers` takes the template away
where it is not wanted); its prompt is one message of the user. Prompt and completion are encoded
apart and put behind each other, since that is what happens when the model writes: no token merges
across the border, no space or start token slips in between, and the completion ends with exactly
one end token. So the mask is right by construction, generation markers in the template or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from codeoutpred.errors import ModelError
from codeoutpred.records import Prompt

_SENTINEL = "x7q"
_STUBS = ("]\n", "]", "a", "0")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The token ids of a prompt, and of its completion with the end token behind it."""

    prompt: list[int]
    completion: list[int]

    @property
    def input_ids(self) -> list[int]:
        """Prompt and completion, as the model reads them."""
        return self.prompt + self.completion

    @property
    def completion_mask(self) -> list[int]:
        """1 where the loss applies: on the completion and its end token, and nowhere else."""
        return [0] * len(self.prompt) + [1] * len(self.completion)


def render_prompt(prompt: Prompt, tokenizer: Any) -> str:
    """The text that is shown to the model; `tokenizer(text)` gives its token ids."""
    if not tokenizer.chat_template:
        return prompt.text
    return _render(tokenizer, [{"role": "user", "content": prompt.text}], answer=True)


def encode_prompt(prompt: Prompt, tokenizer: Any) -> list[int]:
    """The token ids that the model goes on from."""
    ids: list[int] = tokenizer(render_prompt(prompt, tokenizer))["input_ids"]
    return ids


def encode(prompt: Prompt, tokenizer: Any) -> Encoded:
    """Prompt and completion as token ids; the completion ends the turn or the text."""
    completion = _continuation(prompt.completion, tokenizer)
    return Encoded(encode_prompt(prompt, tokenizer), completion + turn_end(tokenizer))


def turn_end(tokenizer: Any) -> list[int]:
    """The tokens that end a completion: one end token, in most templates that of a turn."""
    if not tokenizer.chat_template:
        return [tokenizer.eos_token_id]
    messages = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": _SENTINEL},
    ]
    behind = _render(tokenizer, messages, answer=False).rpartition(_SENTINEL)[2]
    ids: list[int] = tokenizer(behind, add_special_tokens=False)["input_ids"]
    special = set(tokenizer.all_special_ids) | set(tokenizer.added_tokens_decoder)
    at = next((at for at, token in enumerate(ids) if token in special), None)
    return [tokenizer.eos_token_id] if at is None else ids[: at + 1]


def check_context(lengths: Iterable[int], model: Any, *, new_tokens: int = 0) -> None:
    """Refuse sequences that, with `new_tokens` behind them, are longer than the model's context.

    Nothing is ever cut: a cut prompt asks another question. Models without a bound take all.
    """
    context = getattr(model.config, "max_position_embeddings", None)
    if context is None:
        return
    longest = max(lengths, default=0)
    if longest + new_tokens > context:
        extra = f" and {new_tokens} new ones" if new_tokens else ""
        raise ModelError(
            f"the longest prompt has {longest} tokens{extra}, and the context of the model "
            f"{context}; drop long samples, ask for shorter completions or take another model"
        )


def _continuation(text: str, tokenizer: Any) -> list[int]:
    """The token ids of a text that goes on from another: nothing added before or behind."""
    for stub in _STUBS:
        before: Sequence[int] = tokenizer(stub, add_special_tokens=False)["input_ids"]
        whole: list[int] = tokenizer(stub + text, add_special_tokens=False)["input_ids"]
        if whole[: len(before)] == before:
            return whole[len(before) :]
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def _render(tokenizer: Any, messages: list[dict[str, str]], *, answer: bool) -> str:
    # Templates of models that think aloud leave that out where they are told so.
    return str(
        tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=answer, enable_thinking=False
        )
    )
