"""Reference values of ROC AUC, its DeLong variance and paired differences. Prints JSON: python bench/reference/roc_auc.py

The components are counted pair by pair, as DeLong, DeLong and Clarke-Pearson (1988) define them; AUCs are scikit-learn's,
and variances numpy's of the components.
"""
import json
import numpy as np, sklearn
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(11)
out = {"tool": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}"}


def components(labels, scores):
    buyers, others = scores[labels == 1], scores[labels == 0]
    wins = (buyers[:, None] > others[None, :]) + 0.5 * (buyers[:, None] == others[None, :])
    return wins.mean(axis=1), wins.mean(axis=0)


def variance(of_buyers, of_others):
    return float(np.var(of_buyers, ddof=1) / len(of_buyers) + np.var(of_others, ddof=1) / len(of_others))


cases = []
for n, places in [(40, None), (200, 1), (500, 2), (60, 0)]:
    labels = (rng.random(n) < 0.3).astype(int)
    signal = labels * 0.8 + rng.normal(size=n)
    first = signal if places is None else np.round(signal, places)
    second = 0.6 * signal + rng.normal(size=n)
    second = second if places is None else np.round(second, places)
    (b1, o1), (b2, o2) = components(labels, first), components(labels, second)
    case = dict(
        labels=labels.tolist(), first=first.tolist(), second=second.tolist(),
        firstAuc=float(roc_auc_score(labels, first)), secondAuc=float(roc_auc_score(labels, second)),
        firstVariance=variance(b1, o1), differenceVariance=variance(b1 - b2, o1 - o2),
    )
    cases.append(case)
out["cases"] = cases
print(json.dumps(out, indent=1))
