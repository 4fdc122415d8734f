"""What is asked of a dataset: the same specification gives the same dataset, byte for byte.

>>> DatasetSpec(name="small", languages=("python",), num_samples=100).seed
0
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Record

LARGEST_SHARE = 1000

_NAME = re.compile(r"\w[\w.-]*")
_LONGEST_NAME = 200  # bytes: file systems stop at 255, and the partial folder's name is longer


class Part(NamedTuple):
    """What one generator gives in one language: programs with a numbering of their own."""

    generator: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A registered generator, and how many of the `share`s of all sources its samples make up."""

    generator: str
    share: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.share <= LARGEST_SHARE:
            raise InvalidValueError(
                f"the share of {self.generator!r} is {self.share}; shares are whole numbers from "
                f"1 to {LARGEST_SHARE}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSpec(Record):
    """A dataset to be built. `levels` are the difficulty levels the generators were given.

    Each source gives its share of the samples, the same in every language; all languages give
    the same number.
    With `keep_exceptions`, a program that ends in an exception becomes a sample whose answer is
    the exception's type name; otherwise it is dropped. An answer longer than `max_answer_chars`
    is dropped. `decontaminate` names the benchmarks that it is kept clear of, as
    `Decontamination.names` does, `settings` whatever else the programs hang on, as
    `Generator.settings` does. Raises `InvalidValueError` for a value that makes no sense.
    """

    name: str
    languages: tuple[str, ...]
    num_samples: int
    seed: int = 0
    sources: tuple[Source, ...] = (Source(generator="synthetic"),)
    levels: tuple[int, ...] = ()
    keep_exceptions: bool = False
    max_answer_chars: int = 2000
    decontaminate: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_dataset_name(self.name)
        if not self.languages or len(set(self.languages)) != len(self.languages):
            raise InvalidValueError(
                f"languages are {list(self.languages)}; name at least one, and none twice"
            )
        names = [source.generator for source in self.sources]
        if not names or len(set(names)) != len(names):
            raise InvalidValueError(f"generators are {names}; name at least one, and none twice")
        if self.num_samples < 1:
            raise InvalidValueError(f"num_samples is {self.num_samples}; it must be at least 1")
        turns = sum(self.shares.values())
        if self.num_samples < turns:
            what = "languages" if turns == len(self.languages) else "shares of all languages"
            raise InvalidValueError(
                f"num_samples is {self.num_samples}, fewer than the {turns} {what} asked for; "
                "ask for at least one sample each"
            )
        if self.max_answer_chars < 1:
            raise InvalidValueError(
                f"max_answer_chars is {self.max_answer_chars}; it must be at least 1"
            )

    @property
    def shares(self) -> dict[Part, int]:
        """The parts of the dataset in the order in which they are built, and their shares."""
        return {
            Part(source.generator, language): source.share
            for source in self.sources
            for language in self.languages
        }


def check_dataset_name(name: str) -> None:
    """Raise `InvalidValueError` unless `name` can be the name of a folder of its own."""
    if not _NAME.fullmatch(name) or len(name.encode()) > _LONGEST_NAME:
        raise InvalidValueError(
            f"{name!r} cannot name a dataset; use letters, digits, '_', '-' and '.', "
            f"not starting with '.' or '-', at most {_LONGEST_NAME} bytes"
        )


def spec_difference(asked: DatasetSpec, found: DatasetSpec) -> str:
    """The fields in which two specifications differ, for people; empty where they are the same."""
    new, old = asked.to_dict(), found.to_dict()
    return "; ".join(
        f"{field} is {new[field]!r} here but was {old[field]!r}"
        for field in new
        if new[field] != old[field]
    )
