"""Reference values of the features' statistics. Prints JSON: python bench/reference/features.py"""
import json
import numpy as np, pandas as pd, scipy, sklearn, statsmodels
import scipy.stats as st
from scipy.stats.contingency import association
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import TargetEncoder
from statsmodels.stats.outliers_influence import variance_inflation_factor

rng = np.random.default_rng(11)
out = {"tool": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, pandas {pd.__version__}, statsmodels {statsmodels.__version__}"}

# Target encoding: the encoder with smooth="auto" fitted on all rows, and on the rows of the other folds for each fold.
n = 400
levels = rng.choice(7, size=n, p=[0.4, 0.2, 0.15, 0.1, 0.08, 0.05, 0.02])
labels = rng.binomial(1, 0.05 + 0.08 * levels)
labels[levels == 6] = 1
missing = rng.random(n) < 0.1
levels = np.where(missing, -1, levels)
folds = rng.integers(0, 5, size=n)
def encoded(train, rows):
    encoder = TargetEncoder(categories=[np.arange(-1, 7)], target_type="binary", smooth="auto").fit(levels[train, None], labels[train])
    return encoder.transform(levels[rows, None])[:, 0]
every = np.arange(n)
rates = [float(encoded(every, every[levels == level][:1])[0]) for level in range(7)]
out_of_fold = np.full(n, np.nan)
for fold in range(5):
    out_of_fold[folds == fold] = encoded(every[folds != fold], every[folds == fold])
out["targetEncoding"] = dict(levels=levels.tolist(), labels=labels.tolist(), folds=folds.tolist(), rates=rates,
                             outOfFold=[None if level < 0 else float(v) for level, v in zip(levels, out_of_fold)])

# One feature against the label: area under the ROC curve with DeLong's variance, written from the definition.
def delong(y, x):
    a, b = x[y == 1], x[y == 0]
    psi = (a[:, None] > b[None, :]) + 0.5 * (a[:, None] == b[None, :])
    return psi.mean(1).var(ddof=1) / len(a) + psi.mean(0).var(ddof=1) / len(b)
relations = []
for kind, x in [("numeric", np.round(rng.normal(size=300), 3)), ("ties", rng.integers(1, 6, size=300)), ("binary", rng.integers(0, 2, size=300))]:
    x = x.astype(np.float32).astype(float)
    y = rng.binomial(1, 1 / (1 + np.exp(1.5 - 0.5 * x)))
    auc, half = float(roc_auc_score(y, x)), st.norm.ppf(0.975) * float(np.sqrt(delong(y, x)))
    relations.append(dict(kind=kind, x=x.tolist(), y=y.tolist(), rocAuc=auc, low=max(0, auc - half), high=min(1, auc + half),
                          quantiles=np.quantile(x, [0.1, 0.5, 0.9]).tolist(), mean=float(x.mean())))
x = rng.integers(0, 6, size=300); y = rng.binomial(1, np.array([0.1, 0.5, 0.2, 0.3, 0.1, 0.4])[x])
relations.append(dict(kind="nominal", x=x.tolist(), y=y.tolist(), cramersV=float(association(pd.crosstab(x, y).to_numpy(), method="cramer", correction=False))))
out["relations"] = relations
print(json.dumps(out))
