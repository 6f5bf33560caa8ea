"""Reference values of the statistics of anomalies. Prints JSON: python bench/reference/anomaly.py > lib/explore/fixtures/anomaly.json"""
import json
import numpy as np, scipy, sklearn
import scipy.stats as st
from sklearn.ensemble import IsolationForest

rng = np.random.default_rng(5)
out = {"tool": f"scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}"}

tails = []
for n, mean, dispersion in [(1, 0.69, 1), (3, 0.69, 1), (12, 5.5, 1), (1, 4.2, 2.5), (30, 12.7, 1.8), (1721, 18.7, 6.0), (200, 180.0, 3.0)]:
    sf = st.poisson.sf(n - 1, mean) if dispersion == 1 else st.nbinom.sf(n - 1, mean / (dispersion - 1), 1 / dispersion)
    tails.append(dict(n=n, mean=mean, dispersion=dispersion, above=float(sf)))
out["tails"] = tails

robust = []
for x in [rng.normal(10, 3, 40), rng.lognormal(0, 1, 41), np.r_[np.zeros(30), rng.poisson(4, 12)]]:
    x = np.round(x, 4)
    med = float(np.median(x)); mad = float(st.median_abs_deviation(x, scale="normal"))
    scale = mad if mad > 0 else float(np.sqrt(np.pi / 2) * np.mean(np.abs(x - med)))
    robust.append(dict(x=x.tolist(), median=med, scale=scale, scaleOf="median_deviation" if mad > 0 else "mean_deviation", z=((x - med) / scale).tolist()))
out["robust"] = robust

# A cloud, a ring of ties, a far cluster and single far points.
x = np.r_[rng.normal(0, 1, (420, 4)), np.c_[rng.integers(0, 3, 60), rng.normal(3, .3, (60, 3))], rng.normal([6, -5, 4, 0], .3, (8, 4)), rng.uniform(-8, 8, (12, 4))]
x = np.round(x, 2)
forests = [-IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(x).score_samples(x) for seed in range(5)]
out["forest"] = dict(x=x.tolist(), scores=np.round(np.mean(forests, axis=0), 5).tolist(),
                     oneAgainstMean=[float(st.spearmanr(f, np.mean(forests, axis=0)).statistic) for f in forests])
print(json.dumps(out))
