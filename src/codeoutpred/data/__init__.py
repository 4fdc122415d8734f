"""`Execution` to `Sample` to disk: build, filter, split, store and export datasets."""

from codeoutpred.data.build import build_dataset
from codeoutpred.data.decontamination import Decontamination, load_decontamination
from codeoutpred.data.diversity import DiversityReport, inspect_dataset
from codeoutpred.data.diversity_page import diversity_parts, diversity_tables
from codeoutpred.data.export import FORMATS, export_dataset
from codeoutpred.data.manifest import Manifest
from codeoutpred.data.specification import DatasetSpec, Part, Source, check_dataset_name
from codeoutpred.data.split import SPLITS, program_fingerprint, split_of
from codeoutpred.data.store import DatasetStore

__all__ = [
    "FORMATS",
    "SPLITS",
    "DatasetSpec",
    "DatasetStore",
    "Decontamination",
    "DiversityReport",
    "Manifest",
    "Part",
    "Source",
    "build_dataset",
    "check_dataset_name",
    "diversity_parts",
    "diversity_tables",
    "export_dataset",
    "inspect_dataset",
    "load_decontamination",
    "program_fingerprint",
    "split_of",
]
