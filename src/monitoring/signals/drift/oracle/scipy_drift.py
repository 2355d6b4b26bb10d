"""Drift of two tables as Azure ML's monitors define it, by NumPy, pandas and SciPy alone: prints JSON by feature."""
import json
import sys

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import chisquare, entropy, ks_2samp, wasserstein_distance


def edges_of(b, p):
    low, high = min(b.min(), p.min()), max(b.max(), p.max())
    if low == high:
        d = abs(low) * 0.005 or 0.005
        return np.array([low - d, low + d])
    n = int(np.ceil(np.log2(min(len(b), len(p))) + 1))
    return np.concatenate([low + np.arange(n) * ((high - low) / n), [high]])


def distances(b, p, numerical):
    B, P = b / b.sum(), p / p.sum()
    k = len(b) if numerical else 0
    was, now = (b + 1) / (b.sum() + k), (p + 1) / (p.sum() + k)
    return {
        "jensen_shannon_distance": float(jensenshannon(B, P, base=2)),
        "population_stability_index": float(((now - was) * np.log(now / was)).sum()),
        "hellinger_distance": float(np.sqrt(((np.sqrt(B) - np.sqrt(P)) ** 2).sum() / 2)),
        "total_variation_distance": float(np.abs(B - P).sum() / 2),
        "l_infinity_distance": float(np.abs(B - P).max()),
        "kullback_leibler_divergence": float(entropy(b + 1, p + 1)),
    }


def numerical(b, p):
    edges = edges_of(b, p)
    test = ks_2samp(b, p)
    return {
        **distances(np.histogram(b, edges)[0], np.histogram(p, edges)[0], True),
        "normalized_wasserstein_distance": float(wasserstein_distance(b, p) / max(b.std(ddof=1), 0.001)),
        "two_sample_kolmogorov_smirnov_test": float(test.pvalue),
        "kolmogorov_smirnov_statistic": float(test.statistic),
    }


def categorical(b, p):
    keys = sorted(set(b) | set(p))
    before, after = (s.value_counts().reindex(keys, fill_value=0).to_numpy() for s in (b, p))
    with np.errstate(divide="ignore", invalid="ignore"):
        chi = chisquare(after, before / before.sum() * after.sum())
    return {
        **distances(before, after, False),
        "pearsons_chi_squared_test": float(chi.pvalue),
        "unseen_category_rate": float(after[before == 0].sum() / after.sum()),
    }


reference, production = (pd.read_parquet(path).dropna() for path in sys.argv[1:3])
found = {}
for name in reference.columns:
    b, p = reference[name], production[name]
    found[name] = numerical(b.to_numpy(), p.to_numpy()) if b.dtype == float else categorical(b, p)
print(json.dumps(found))
