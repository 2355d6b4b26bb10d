"""What one writes without a platform: python pandas_script.py MODEL DATA OUT."""

import sys

import mlflow.pyfunc
import numpy as np
import pandas as pd

model, data, out = sys.argv[1:]
rows = pd.read_parquet(data) if data.endswith(".parquet") else pd.read_csv(data)
answer = np.asarray(mlflow.pyfunc.load_model(model).predict(rows))
names = ["prediction"] if answer.ndim == 1 else ["prediction_%d" % i for i in range(answer.shape[1])]
scored = pd.DataFrame(answer if answer.ndim == 2 else answer[:, None], columns=names)
scored.insert(0, "row", np.arange(len(rows)))
scored.to_parquet(out, index=False) if out.endswith(".parquet") else scored.to_csv(out, index=False, header=False)
