"""OpenRLHF: the file to name as `--reward.remote_url` (a path), and the rows of a prompt dataset.

The label of a prompt is its sample as JSON; `rows` writes `input` and `label`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch

from codeoutpred.integrations.scorer import Scorer, from_json, question_messages, to_json
from codeoutpred.records import Sample


def reward_func(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[str], **options: Any
) -> dict[str, Any]:
    """Rewards of whole texts (`queries`, the prompt in front), as tensors of shape `(n,)`.

    `scores` are the rewards as a share of the best answer's, in [0, 1], for filters of groups.
    Raises `InvalidValueError` for a label that is no sample and where the reward cannot judge.
    """
    scorer = Scorer(**options)
    rewards, scores, correct = [], [], []
    for query, prompt, label in zip(queries, prompts, labels, strict=True):
        sample = from_json(label)
        completion = query[len(prompt) :] if query.startswith(prompt) else query
        reward, verdict = scorer.judge(sample, completion)
        rewards.append(reward)
        best = scorer.number(sample, f"[ANSWER]{sample.answer}[/ANSWER]")
        scores.append(max(0.0, reward / best) if best > 0 else 0.0)
        correct.append(float(verdict.correct))
    return {
        "rewards": torch.tensor(rewards),
        "scores": torch.tensor(scores),
        "extra_logs": {"exact_accuracy": torch.tensor(correct)},
    }


def rows(samples: Iterable[Sample]) -> list[dict[str, Any]]:
    """`input` (a chat; set `--data.apply_chat_template`) and `label`, for JSON Lines."""
    return [{"input": question_messages(sample), "label": to_json(sample)} for sample in samples]
