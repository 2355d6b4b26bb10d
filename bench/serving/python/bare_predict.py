"""How long the models take with nothing round them: bare_predict.py FOLDER SECONDS; prints the milliseconds by name.

`custom` is the MLflow model's predict on a table of one row that is there already; `script` is run() on a body's text.
"""

import json
import os
import statistics
import sys
import time

import mlflow.pyfunc
import pandas as pd

folder, seconds = sys.argv[1], float(sys.argv[2])
os.environ["AZUREML_MODEL_DIR"] = f"{folder}/script"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../code"))
import score

score.init()
rows = json.load(open(f"{folder}/rows.json"))
one = {"columns": rows["columns"], "data": rows["data"][:1]}
body = json.dumps({"dataframe_split": one})
frame = pd.DataFrame(one["data"], columns=one["columns"])
custom = mlflow.pyfunc.load_model(f"{folder}/custom")


def middle(call):
    call()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


print(json.dumps({"custom": middle(lambda: custom.predict(frame)), "script": middle(lambda: score.run(body))}))
