"""What Evidently's tests of drift say of two tables: prints JSON by feature."""
import json
import sys

import pandas as pd
from evidently.legacy.calculations.stattests.registry import get_stattest
from evidently.legacy.core import ColumnType

reference, production = (pd.read_parquet(path) for path in sys.argv[1:3])
found = {}
for name in reference.columns:
    b, p = reference[name], production[name]
    kind = ColumnType.Numerical if b.dtype == float else ColumnType.Categorical
    tests = ["ks", "wasserstein"] if b.dtype == float else ["jensenshannon", "chisquare", "hellinger"]
    found[name] = {
        "deviations": [float(b.std(ddof=d)) for d in (0, 1)] if b.dtype == float else None,
        "methods": {
            test: float(get_stattest(b, p, kind, test).func(b, p, kind, 0.1)[0]) for test in tests
        },
    }
print(json.dumps(found))
