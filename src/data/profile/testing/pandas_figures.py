"""Writes what pandas and NumPy say of a Parquet file, for pandas.test.ts: python pandas_figures.py FILE > figures.json"""

import json
import sys

import numpy
import pandas

frame = pandas.read_parquet(sys.argv[1])
numbers = frame.select_dtypes("number").astype(float)


def figures(name):
    column = frame[name]
    told = {
        "missing": int(column.isna().sum()),
        "distinct": int(column.nunique()),
        "most": int(column.value_counts().iloc[0]),
    }
    if name in numbers:
        present = numbers[name].dropna()
        whole = (present == present.round()).all()
        values = present.astype("int64" if whole else float)
        told["numeric"] = {
            "min": present.min(),
            "max": present.max(),
            "mean": present.mean(),
            "std": present.std(),
            "skewness": present.skew(),
            "kurtosis": present.kurt(),
            "sum": present.sum(),
            "zeros": int((present == 0).sum()),
            "negatives": int((present < 0).sum()),
        }
        told["quantiles"] = numpy.quantile(present, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]).tolist()
        if present.nunique() > 1:
            counts, edges = numpy.histogram(values, "auto")
            if len(counts) <= 200:
                told["histogram"] = {"edges": edges.tolist(), "counts": counts.tolist()}
    elif column.dtype in ("object", "str"):
        told["meanLength"] = column.dropna().str.len().mean()
    return told


def pairs(method):
    table = numbers.corr(method)
    return {f"{a} {b}": table.loc[a, b] for i, a in enumerate(numbers) for b in numbers.columns[i + 1 :]}


def none(value):
    """JSON has no NaN."""
    if isinstance(value, dict):
        return {key: none(of) for key, of in value.items()}
    return None if isinstance(value, float) and numpy.isnan(value) else value


print(
    json.dumps(
        none(
            {
                "versions": {"pandas": pandas.__version__, "numpy": numpy.__version__},
                "rows": len(frame),
                "duplicates": int(frame.duplicated().sum()),
                "columns": {name: figures(name) for name in frame},
                "pearson": pairs("pearson"),
                "spearman": pairs("spearman"),
            }
        ),
        indent=1,
    )
)
