"""ONNX Runtime and nothing else, over the same compiled model: python bare_onnx.py COMPILED DATA OUT THREADS."""

import json
import os
import sys

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

compiled, data, out, threads = sys.argv[1:]
with open(os.path.join(compiled, "compiled.json")) as file:
    columns = json.load(file)["columns"]
numeric = sorted((c for c in columns if c["tensor"] == "numbers"), key=lambda c: c["position"])
textual = sorted((c for c in columns if c["tensor"] == "texts"), key=lambda c: c["position"])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(threads)
session = onnxruntime.InferenceSession(os.path.join(compiled, "model.onnx"), options)
batches = pq.ParquetFile(data).iter_batches(100_000) if data.endswith(".parquet") else pa.csv.open_csv(data)
writer, row = None, 0
for batch in batches:
    feeds = {"numbers": np.column_stack([batch[c["name"]].to_numpy().astype("float64") for c in numeric])}
    if textual:
        feeds["texts"] = np.column_stack([batch[c["name"]].to_numpy(zero_copy_only=False) for c in textual])
    answer = session.run(["answer"], feeds)[0]
    answer = answer if answer.ndim == 2 else answer[:, None]
    names = ["prediction_%d" % i for i in range(answer.shape[1])]
    table = pa.table({"row": np.arange(row, row + len(answer)), **{n: answer[:, i] for i, n in enumerate(names)}})
    row += len(answer)
    if out.endswith(".parquet"):
        writer = writer or pq.ParquetWriter(out, table.schema, compression="zstd")
        writer.write_table(table)
    else:
        with open(out, "ab") as file:
            pa.csv.write_csv(table, file, pa.csv.WriteOptions(include_header=False))
if writer:
    writer.close()
