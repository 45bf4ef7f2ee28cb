"""The whole record as a folder of CSV files: reading it in and writing it out.

The files, their order and their columns are those of the records themselves (`Record.dataset_file`,
`Record.columns`); docs/dataset.md explains the format.
"""

from missions.dataset.exporting import ExportRefused, export_dataset, write_zip
from missions.dataset.format import RECORDS
from missions.dataset.importing import DatasetRefused, Tally, import_dataset
from missions.dataset.reading import Problem
from missions.dataset.sight import FACTS, sight_of

__all__ = [
    "FACTS",
    "RECORDS",
    "DatasetRefused",
    "ExportRefused",
    "Problem",
    "Tally",
    "export_dataset",
    "import_dataset",
    "sight_of",
    "write_zip",
]
