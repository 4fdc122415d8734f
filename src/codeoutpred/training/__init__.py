"""Thin trainers over TRL: supervised fine-tuning, then reinforcement with verified rewards."""
