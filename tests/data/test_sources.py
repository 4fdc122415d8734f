"""Several sources in one dataset."""

from __future__ import annotations

from collections import Counter

import pytest
from data_toys import Bench, Runner, Toys
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.data import SPLITS, DatasetSpec, Part, Source, build_dataset
from codeoutpred.data.split import quotas, turns
from codeoutpred.errors import GenerationError, InvalidValueError
from codeoutpred.records import Program, Provenance

SOURCES = (Source(generator="mine", share=3), Source(generator="theirs"))
SHARES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9), min_size=1)


class Named(Toys):
    """Toys with the name of a source."""

    def __init__(self, source: str, language: str, **fields) -> None:
        super().__init__(language, **fields)
        self.source = source
        self.provenance = Provenance(licence=f"licence-of-{source}", origin=f"from {source}")

    def program(self, seed: int, index: int) -> Program:
        # Other numbers than those of the other source, lest all its programs be duplicates.
        drawn = super().program(seed + len(self.source), index).to_dict()
        return Program.from_dict(
            {**drawn, "id": f"{self.source}/{drawn['id']}", "generator": self.source}
        )


def build(bench: Bench, num_samples: int, languages=("toy",), *, end: int = 10**9, **options):
    spec = DatasetSpec(name="d", languages=languages, num_samples=num_samples, sources=SOURCES)
    return build_dataset(
        spec,
        store=bench.store,
        generators={part: Named(*part, end=end) for part in spec.shares},
        languages=bench.languages,
        executor=options.pop("executor", Runner()),
        **options,
    )


def test_each_source_gives_its_share_in_every_language(bench: Bench) -> None:
    build(bench, 160, ("toy", "toy2"))
    samples = [sample for split in SPLITS for sample in bench.store.samples("d", split)]
    assert Counter((sample.generator, sample.language) for sample in samples) == {
        ("mine", "toy"): 60,
        ("mine", "toy2"): 60,
        ("theirs", "toy"): 20,
        ("theirs", "toy2"): 20,
    }


def test_sources_are_mixed_from_the_first_sample_on(bench: Bench) -> None:
    build(bench, 160)
    first = [sample.generator for sample in bench.store.samples("d", "train")][:8]
    assert Counter(first) == {"mine": 6, "theirs": 2}


def test_the_manifest_and_the_card_tell_of_every_source(bench: Bench) -> None:
    manifest = build(bench, 80)
    assert [(source.generator, source.samples) for source in manifest.sources] == [
        ("mine", 60),
        ("theirs", 20),
    ]
    for source in manifest.sources:
        assert source.candidates == source.samples + sum(source.rejections.values())
    assert sum(source.candidates for source in manifest.sources) == manifest.candidates["toy"]
    card = (bench.store.path("d") / "README.md").read_text(encoding="utf-8")
    assert 'license: ["licence-of-mine", "licence-of-theirs"]' in card
    for text in ("from mine", "from theirs", "| reason | toy | mine | theirs |"):
        assert text in card


@pytest.mark.parametrize("number", [1, 30, 61, 79])
def test_a_mixed_build_that_was_stopped_resumes_to_the_same_bytes(
    make_bench, tmp_path, number: int
) -> None:
    def stop(done: int, total: int) -> None:
        if done >= number:
            raise KeyboardInterrupt

    stopped, other = make_bench(tmp_path / "stopped"), make_bench(tmp_path / "other")
    with pytest.raises(KeyboardInterrupt):
        build(stopped, 80, progress=stop)
    build(stopped, 80, resume=True)
    build(other, 80, executor=Runner(ahead=50))
    assert stopped.files() == other.files()


def test_a_source_that_runs_dry_is_named(bench: Bench) -> None:
    with pytest.raises(GenerationError, match="generator 'mine' does not give enough toy"):
        build(bench, 80, end=20)


def test_a_program_id_that_two_sources_give_is_an_error(bench: Bench) -> None:
    class Same(Named):
        def program(self, seed: int, index: int) -> Program:
            drawn = super().program(seed, index).to_dict()
            return Program.from_dict({**drawn, "id": f"p{index}"})

    spec = DatasetSpec(name="d", languages=("toy",), num_samples=40, sources=SOURCES)
    with pytest.raises(GenerationError, match="'theirs' gave two programs the id"):
        build_dataset(
            spec,
            store=bench.store,
            generators={part: Same(*part) for part in spec.shares},
            languages=bench.languages,
            executor=Runner(),
        )


@pytest.mark.parametrize(
    ("sources", "culprit"),
    [
        ((), "name at least one"),
        ((Source(generator="a"), Source(generator="a", share=2)), "none twice"),
        ((Source(generator="a", share=9), Source(generator="b")), "fewer than the 10 shares"),
    ],
)
def test_sources_that_make_no_sense_are_refused(sources, culprit) -> None:
    with pytest.raises(InvalidValueError, match=culprit):
        DatasetSpec(name="d", languages=("toy",), num_samples=3, sources=sources)


@pytest.mark.parametrize("share", [0, -1, 1001])
def test_a_share_out_of_bounds_is_refused(share: int) -> None:
    with pytest.raises(InvalidValueError, match=f"share of 'a' is {share}"):
        Source(generator="a", share=share)


def test_a_specification_with_sources_survives_a_dictionary() -> None:
    spec = DatasetSpec(name="d", languages=("toy",), num_samples=40, sources=SOURCES)
    assert DatasetSpec.from_dict(spec.to_dict()) == spec
    assert list(spec.shares) == [Part("mine", "toy"), Part("theirs", "toy")]


@given(shares=SHARES)
def test_a_round_of_turns_has_as_many_of_each_as_its_share(shares: dict[str, int]) -> None:
    assert Counter(turns(shares)) == shares


@given(shares=SHARES, num_samples=st.integers(60, 3000))
def test_quotas_follow_the_shares_in_every_split(shares: dict[str, int], num_samples: int) -> None:
    wanted = quotas(num_samples, shares)
    assert sum(wanted.values()) == num_samples
    for split in SPLITS:
        size = sum(wanted[part, split] for part in shares)
        for part, share in shares.items():
            assert abs(wanted[part, split] - size * share / sum(shares.values())) < 2
