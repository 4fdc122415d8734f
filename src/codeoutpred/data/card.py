"""The dataset card: `README.md`, which also tells the `datasets` library where the splits are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from codeoutpred.data.manifest import Manifest
from codeoutpred.data.split import SPLITS

OWN_GENERATORS = ("drills", "synthetic")

_HEADER = """\
---
pretty_name: {title}
license: {license}
task_categories:
- text-generation
tags:
- code
- code-execution
- output-prediction
configs:
- config_name: default
  data_files:
{files}
---
"""


def render_card(manifest: Manifest) -> str:
    """The text of `README.md`: a YAML header and the tables of the manifest."""
    spec = manifest.spec
    stored = [split for split in SPLITS if manifest.counts[split]["samples"]]
    header = _HEADER.format(
        title=json.dumps(spec.name),
        # What our own generator draws is ours to license; other sources keep their own licence.
        license="mit" if spec.generator in OWN_GENERATORS else "unknown",
        files="\n".join(f"  - split: {name}\n    path: {name}.parquet" for name in stored),
    )
    reasons = sorted({reason for table in manifest.rejections.values() for reason in table})
    difficulties = sorted({d for c in manifest.counts.values() for d in c["difficulty"]}, key=int)
    return "\n".join(
        [
            header,
            f"# {spec.name}",
            "",
            f"{spec.num_samples} samples in {', '.join(spec.languages)}: a program, an input, and "
            "the output that running it gave. Programs were drawn by generator "
            f"`{spec.generator}` with seed {spec.seed} and executed under isolation "
            f"`{manifest.isolation}`. No program stands in two splits, not even renamed or "
            "reformatted.",
            "",
            "## Samples",
            "",
            *_table(
                ("split", "samples", "programs", "script", "call"),
                (
                    (
                        split,
                        counts["samples"],
                        counts["programs"],
                        counts["kind"].get("script", 0),
                        counts["kind"].get("call", 0),
                    )
                    for split, counts in manifest.counts.items()
                ),
            ),
            "",
            "## Samples by difficulty",
            "",
            *_table(
                ("split", *difficulties),
                (
                    (split, *(counts["difficulty"].get(level, 0) for level in difficulties))
                    for split, counts in manifest.counts.items()
                ),
            ),
            "",
            "## Left out",
            "",
            *_table(
                ("reason", *spec.languages),
                (
                    (reason, *(manifest.rejections[name].get(reason, 0) for name in spec.languages))
                    for reason in reasons
                ),
            ),
            "",
            f"Checksum of the samples: `{manifest.checksum}`",
            "",
        ]
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table, line by line."""
    return [f"| {' | '.join(map(str, row))} |" for row in (header, ["---"] * len(header), *rows)]
