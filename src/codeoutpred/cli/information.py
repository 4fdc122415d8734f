"""The commands `list-models` and `plugins`: what there is to choose from."""

from __future__ import annotations

import dataclasses
from argparse import Namespace
from typing import TYPE_CHECKING

from codeoutpred.cli.arguments import add_command, add_json
from codeoutpred.errors import PluginError

if TYPE_CHECKING:
    from codeoutpred.cli.arguments import Commands
    from codeoutpred.registry import ModelPreset


def add_commands(commands: Commands) -> None:
    """Add both commands."""
    add_json(add_command(commands, "list-models", list_models, "list the models known by name"))
    add_json(add_command(commands, "plugins", list_plugins, "list plugins and what they register"))


def list_models(options: Namespace) -> int:
    """Print every preset that can be loaded; one of a broken plugin is named in a message."""
    from codeoutpred.cli.terminal import (
        installed_plugins,
        message,
        plain_table,
        print_json,
        print_table,
    )

    registry = installed_plugins().models
    presets = []
    for name in registry.names():
        try:
            presets.append(registry.get(name))
        except PluginError as error:
            message(f"warning: {error}")
    if options.json:
        print_json([_model_row(preset) for preset in presets])
        return 0
    rows = [
        (
            preset.name,
            _parameters(preset.parameters),
            f"{preset.memory_4bit_gb:.1f} GB" if preset.parameters and not preset.builder else "-",
            f"{_loaded_gb(preset):.1f} GB" if preset.config else "-",
            preset.hub_id or "-",
            preset.description,
        )
        for preset in presets
    ]
    columns = ("model", "parameters", "4-bit weights", "as loaded", "hub id", "description")
    print_table(plain_table(columns, rows, right=columns[1:4]))
    return 0


def list_plugins(options: Namespace) -> int:
    """Print every plugin with its distribution, version and names, those left out included."""
    from codeoutpred.cli.terminal import installed_plugins, plain_table, print_json, print_table

    found = installed_plugins().info()
    if options.json:
        print_json([dataclasses.asdict(plugin) for plugin in found])
        return 0
    rows = [
        (
            plugin.name,
            plugin.distribution,
            plugin.version or "-",
            plugin.error
            or "\n".join(f"{kind}: {', '.join(names)}" for kind, names in plugin.registered.items())
            or "-",
        )
        for plugin in found
    ]
    print_table(plain_table(("plugin", "distribution", "version", "registers"), rows))
    return 0


def _model_row(preset: ModelPreset) -> dict[str, object]:
    return {
        "name": preset.name,
        "description": preset.description,
        "hub_id": preset.hub_id,
        "parameters": preset.parameters,
        "memory_4bit_gb": round(preset.memory_4bit_gb, 3),
        "loaded_4bit_gb": round(_loaded_gb(preset), 3) if preset.config else None,
        "prompt_format": preset.prompt_format,
        "new_tokens": preset.new_tokens,
    }


def _loaded_gb(preset: ModelPreset) -> float:
    """In 4-bit form, with the embeddings and the output layer, which stay in 16 bits."""
    from codeoutpred.models.memory import plan_memory
    from codeoutpred.models.shapes import shape_of

    return plan_memory(shape_of(preset.config), batch_size=1, max_length=1).weights_gb


def _parameters(number: int) -> str:
    if not number:
        return "-"
    return f"{number / 1e9:.1f} B" if number >= 1e9 else f"{number / 1e6:.1f} M"
