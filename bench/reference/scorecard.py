"""Reference values of the scorecard. Prints JSON: python bench/reference/scorecard.py

Metrics are scikit-learn's and scipy's; bootstrap intervals are percentiles of 4,000 stratified samples measured by scikit-learn, so
that ours, of other random numbers, must come near them. The baseline is LogisticRegression on columns made as ours are.
"""
import json

import numpy as np
import scipy
import sklearn
from scipy.stats import ks_2samp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score, log_loss, precision_score, recall_score

rng = np.random.default_rng(21)
out = {"tool": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}", "cases": []}

for n, places in [(400, None), (300, 1)]:
    margins = rng.normal(-2, 1.2, n)
    margins = np.float32(margins if places is None else np.round(margins, places))
    labels = (rng.random(n) < 1 / (1 + np.exp(-margins))).astype(int)
    p = np.float32(1 / (1 + np.exp(-margins.astype(float))))
    threshold = 0.2
    metrics = {
        "average_precision": lambda y, s: average_precision_score(y, s),
        "f1_score": lambda y, s: f1_score(y, s >= threshold, zero_division=0),
        "recall": lambda y, s: recall_score(y, s >= threshold, zero_division=0),
        "precision": lambda y, s: precision_score(y, s >= threshold, zero_division=0),
        "log_loss": lambda y, s: log_loss(y, s.astype(float)),
        "brier_score": lambda y, s: brier_score_loss(y, s.astype(float)),
    }
    groups = [np.flatnonzero(labels == k) for k in (0, 1)]
    samples = {name: [] for name in metrics}
    for _ in range(4000):
        rows = np.concatenate([rng.choice(group, len(group)) for group in groups])
        for name, metric in metrics.items():
            samples[name].append(metric(labels[rows], p[rows]))
    order = np.argsort(-margins, kind="stable")
    ks = ks_2samp(margins[labels == 1], margins[labels == 0])
    out["cases"].append({
        "margins": margins.tolist(), "labels": labels.tolist(), "threshold": threshold,
        "point": {name: float(metric(labels, p)) for name, metric in metrics.items()},
        "bootstrap": {name: np.percentile(values, [2.5, 97.5]).tolist() for name, values in samples.items()},
        "ks": float(ks.statistic),
        "buyersAmongFirst": None if places else [int(labels[order][:k].sum()) for k in (1, 50, 100, n)],
    })

# The baseline: a number with gaps, an indicator, a label-encoded country, −999 for missing.
n = 240
number = np.round(rng.normal(3, 2, n), 2)
flag = (rng.random(n) < 0.3).astype(float)
country = rng.integers(0, 4, n).astype(float)
number[rng.random(n) < 0.1] = -999
country[rng.random(n) < 0.2] = -999
shown = np.where(number == -999, 3, number)
labels = (rng.random(n) < 1 / (1 + np.exp(-(-1 + 0.4 * (shown - 3) + flag - 0.5 * (country == 1))))).astype(int)
split = np.array([max(0, row % 5 - 2) for row in range(n)])
fit = split != 2


def scaled(column):
    present = column[fit & (column != -999)]
    return np.where(column == -999, present.mean(), column) / present.std()


columns = [scaled(number), number == -999, scaled(flag)]
columns += [country == level for level in range(4)] + [country == -999]
design = np.float32(np.column_stack(columns)).astype(float)
model = LogisticRegression(C=1.0, tol=1e-12, max_iter=100_000).fit(design[fit], labels[fit])
out["baseline"] = {
    "number": number.tolist(), "flag": flag.tolist(), "country": country.tolist(), "labels": labels.tolist(),
    "split": split.tolist(), "testLogOdds": model.decision_function(design[split == 2]).tolist(),
}
print(json.dumps(out))
