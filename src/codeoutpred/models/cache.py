"""A cache of keys and values with room to grow: a new token does not copy all that came before it.

    with growing_cache(model):
        model.generate(...)

`transformers` keeps each layer's keys and values in one tensor, and makes it anew for every token.
For a small model on a CPU that copying is more work than the model itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import PreTrainedModel
from transformers.cache_utils import Cache, DynamicLayer

BLOCK = 128
"""Tokens that room is made for at a time."""


class GrowingLayer(DynamicLayer):  # type: ignore[misc]
    """One layer's keys and values, in tensors that are longer than what they hold."""

    keys: torch.Tensor
    values: torch.Tensor

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._rooms: tuple[torch.Tensor, torch.Tensor] | None = None
        self._shown: torch.Tensor | None = None

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Add new keys and values (batch, heads, tokens, width); all so far."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        held = self.get_seq_length()
        end = held + key_states.shape[-2]
        # Others may have cut the tensors or chosen rows of them: these are not in our rooms.
        if self._rooms is None or self.keys is not self._shown or end > self._rooms[0].shape[-2]:
            self._rooms = (
                _with_room(self.keys, held, key_states, end + BLOCK),
                _with_room(self.values, held, value_states, end + BLOCK),
            )
        for room, states in zip(self._rooms, (key_states, value_states), strict=True):
            room[..., held:end, :] = states
        self.keys, self.values = (room[..., :end, :] for room in self._rooms)
        self._shown = self.keys
        return self.keys, self.values


def _with_room(tensor: torch.Tensor, held: int, states: torch.Tensor, tokens: int) -> torch.Tensor:
    """A tensor for so many tokens of the kind of `states`, that begins with those held."""
    batch, heads, _, width = states.shape
    room = states.new_empty(batch, heads, tokens, width)
    if held:
        room[..., :held, :] = tensor
    return room


@contextmanager
def growing_cache(model: Any) -> Iterator[None]:
    """Let the model, bare or under an adapter, generate with layers that grow.

    Layers of a sliding window and caches that were filled before stay what they are.
    """
    [inner, *_] = (each for each in model.modules() if isinstance(each, PreTrainedModel))
    hook = inner.register_forward_pre_hook(_grow, with_kwargs=True)
    try:
        yield
    finally:
        hook.remove()


def _grow(module: Any, args: Any, kwargs: dict[str, Any]) -> None:
    # Under its name in this version of the library: `past_key_values`, or `cache`.
    for cache in (value for value in kwargs.values() if isinstance(value, Cache)):
        for at, layer in enumerate(cache.layers):
            if type(layer) is DynamicLayer and not layer.is_initialized:
                cache.layers[at] = GrowingLayer()
