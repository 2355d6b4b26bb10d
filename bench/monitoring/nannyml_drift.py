"""NannyML's drift of all columns, one chunk: nannyml_drift.py REFERENCE PRODUCTION NUMERICAL_METHOD RESULT"""

import sys

import nannyml
import pandas

reference, production = (pandas.read_parquet(file).drop(columns="time") for file in sys.argv[1:3])
calculator = nannyml.UnivariateDriftCalculator(
    column_names=list(reference.columns),
    treat_as_categorical=[name for name in reference.columns if name.startswith("c")],
    continuous_methods=[sys.argv[3]],
    categorical_methods=["jensen_shannon"],
    chunk_number=1,
)
calculator.fit(reference)
calculator.calculate(production).filter(period="analysis").to_df().to_json(sys.argv[4])
