"""Evidently's drift of all columns: evidently_drift.py REFERENCE PRODUCTION NUMERICAL_METHOD RESULT"""

import json
import sys

import pandas
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

reference, production = (pandas.read_parquet(file).drop(columns="time") for file in sys.argv[1:3])
about = DataDefinition(
    numerical_columns=[name for name in reference.columns if name.startswith("n")],
    categorical_columns=[name for name in reference.columns if name.startswith("c")],
)
report = Report([DataDriftPreset(num_method=sys.argv[3], cat_method="jensenshannon")])
found = report.run(
    Dataset.from_pandas(production, data_definition=about), Dataset.from_pandas(reference, data_definition=about)
)
json.dump(found.dict(), open(sys.argv[4], "w"), default=str)
