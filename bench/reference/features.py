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

# Correlation and redundancy of a table with ties, missing values, identical and dependent columns.
n = 250
base = rng.normal(size=n)
table = pd.DataFrame({
    "a": np.round(base, 1),
    "b": np.round(base + rng.normal(scale=0.3, size=n), 1),
    "ordinal": rng.integers(1, 6, size=n).astype(float),
    "flag": (rng.random(n) < 0.2).astype(float),
    "gaps": np.where(rng.random(n) < 0.3, np.nan, np.round(base * -2 + rng.normal(size=n), 1)),
    "gappier": np.where(rng.random(n) < 0.2, np.nan, rng.integers(0, 4, size=n).astype(float)),
}).astype(np.float32).astype(float)
country = np.where(rng.random(n) < 0.25, np.nan, (base > 0) * 2 + rng.integers(0, 3, size=n)).astype(float)
spearman = table.corr(method="spearman")
def both(x, y):
    kept = ~(np.isnan(x) | np.isnan(y))
    return x[kept], y[kept]
def eta(levels, x):
    x_of = pd.Series(x).groupby(levels)
    return float(np.sqrt((x_of.size() * (x_of.mean() - x.mean()) ** 2).sum() / ((x - x.mean()) ** 2).sum()))
nominal = {}
for name in table:
    c, x = both(country, table[name].to_numpy())
    nominal[name] = eta(c, x) if table[name].nunique() > 30 else float(association(pd.crosstab(c, x).to_numpy(), method="cramer", correction=False))
complete = table.dropna().rank()
design = np.column_stack([np.ones(len(complete)), complete.to_numpy()])
vif = {name: float(variance_inflation_factor(design, place + 1)) for place, name in enumerate(complete)}
clean = lambda values: [None if np.isnan(v) else float(v) for v in values]
out["redundancy"] = dict(columns={name: clean(table[name]) for name in table}, country=clean(country),
                         spearman={f"{x} {y}": float(spearman.loc[x, y]) for place, x in enumerate(table) for y in list(table)[place + 1:]},
                         nominal=nominal, vif=vif)
print(json.dumps(out))
