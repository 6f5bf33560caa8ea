"""Reference values of the tag count by purchase. Prints JSON: python bench/reference/tag_counts.py"""
import json
import numpy as np, statsmodels
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(11)
BINS = [0, 1, 2, 3, 4, 5, 6, 8, 11, 15, 21]
out = {"tool": f"numpy {np.__version__}, statsmodels {statsmodels.__version__}", "lists": []}


def side(counts):
    if len(counts) == 0:
        return dict(n=0, mean=None, p10=None, p50=None, p90=None)
    p10, p50, p90 = np.quantile(counts, [0.1, 0.5, 0.9]).tolist()
    return dict(n=len(counts), mean=float(np.mean(counts)), p10=p10, p50=p50, p90=p90)


lists = [
    (rng.negative_binomial(0.4, 0.24, 700), rng.random(700) < 0.1),
    (rng.integers(0, 60, 333), rng.random(333) < 0.5),
    (np.full(25, 3), np.arange(25) < 4),
    (np.array([7]), np.array([True])),
    (rng.integers(0, 4, 40), np.zeros(40, dtype=bool)),
    (np.array([], dtype=int), np.array([], dtype=bool)),
]
for counts, bought in lists:
    edges = BINS + [10**9]
    rows = []
    for low, high in zip(edges, edges[1:]):
        held = (counts >= low) & (counts < high)
        n, buyers = int(held.sum()), int((held & bought).sum())
        interval = proportion_confint(buyers, n, method="wilson") if n else (None, None)
        rows.append(dict(n=n, buyers=buyers, low=None if n == 0 else float(interval[0]), high=None if n == 0 else float(interval[1])))
    out["lists"].append(dict(counts=counts.tolist(), bought=bought.astype(int).tolist(),
                             others=side(counts[~bought]), buyers=side(counts[bought]), rows=rows))
print(json.dumps(out))
