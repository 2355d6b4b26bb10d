"""What NannyML says of two tables, and of chunks of the first: prints JSON by feature."""
import json
import sys

import nannyml
import pandas as pd

reference, production = (pd.read_parquet(path) for path in sys.argv[1:3])
calculator = nannyml.UnivariateDriftCalculator(
    column_names=list(reference.columns),
    continuous_methods=["wasserstein", "kolmogorov_smirnov"],
    categorical_methods=["jensen_shannon", "hellinger", "l_infinity"],
    chunk_number=10,
)
calculator.fit(reference)
chunker = nannyml.chunk.CountBasedChunker(chunk_number=1)
calculator.chunker = chunker
table = calculator.calculate(production).filter(period="analysis").to_df()
found = {}
for name in reference.columns:
    own = table[name]
    found[name] = {
        "deviation": float(reference[name].std()) if reference[name].dtype == float else None,
        "methods": {
            method: {
                "value": float(own[method]["value"].iloc[0]),
                "upper": float(own[method]["upper_threshold"].iloc[0]),
            }
            for method in sorted(set(own.columns.get_level_values(0)))
            if method != "chunk"
        },
    }
print(json.dumps(found))
