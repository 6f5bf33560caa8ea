"""Reference values of the statistics of drift. Prints JSON: python bench/reference/drift.py > lib/explore/fixtures/drift.json"""
import json
import numpy as np, scipy, statsmodels
import scipy.stats as st
from scipy.spatial.distance import jensenshannon
from statsmodels.stats.proportion import confint_proportions_2indep

rng = np.random.default_rng(11)
out = {"tool": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}"}

bins = []
for k, n, m, shift in [(2, 400, 90, 0.0), (5, 15000, 5000, 0.2), (10, 1000, 300, 0.5), (10, 60, 800, 0.0)]:
    p = rng.dirichlet(np.full(k, 8.0)); q = p * np.exp(rng.normal(0, shift, k)) if shift else p
    r = rng.multinomial(n, p); c = rng.multinomial(m, q / q.sum())
    r = np.maximum(r, 1); c = np.maximum(c, 1)
    a, b = r / r.sum(), c / c.sum()
    psi = float(np.sum((b - a) * np.log(b / a)))
    scale = 1 / r.sum() + 1 / c.sum()
    chi = st.chi2_contingency(np.array([r, c]), correction=False)
    bins.append(dict(reference=r.tolist(), current=c.tolist(), psi=psi, psiPValue=float(st.chi2.sf(psi / scale, k - 1)),
                     limit=float(scale * st.chi2.isf(0.05, k - 1)), jensenShannon=float(jensenshannon(a, b, base=2)),
                     chiSquare=float(chi.statistic), pValue=float(chi.pvalue), df=int(chi.dof)))
out["bins"] = bins
# A bin that is empty on one side: half a row is added to each.
r, c = np.array([30, 0, 70]), np.array([20, 15, 65])
a, b = (r + .5) / (r + .5).sum(), (c + .5) / (c + .5).sum()
out["emptyBin"] = dict(reference=r.tolist(), current=c.tolist(), psi=float(np.sum((b - a) * np.log(b / a))),
                       jensenShannon=float(jensenshannon(r / r.sum(), c / c.sum(), base=2)))

ks = []
for n, m, shift in [(1, 1, 0), (5, 7, 1), (40, 25, .4), (200, 300, 0), (900, 1000, .1)]:
    x, y = np.round(rng.normal(0, 1, n), 3), np.round(rng.normal(shift, 1, m), 3)
    f = st.ks_2samp(x, y, method="exact")
    ks.append(dict(a=x.tolist(), b=y.tolist(), statistic=float(f.statistic), pValue=float(f.pvalue), method="exact"))
x, y = rng.poisson(1.3, 1500), rng.poisson(1.4, 1200)
d = st.ks_2samp(x, y, method="asymp").statistic
ks.append(dict(a=x.tolist(), b=y.tolist(), statistic=float(d), pValue=float(st.kstwobign.sf(np.sqrt(1500 * 1200 / 2700) * d)), method="asymptotic"))
out["ks"] = ks
xs = [0.05, 0.3, 0.5, 0.79, 0.81, 1.0, 1.36, 2.0, 4.0]
out["kolmogorov"] = dict(x=xs, above=[float(st.kstwobign.sf(v)) for v in xs])

diffs = []
for a, n, b, m in [(6547, 19919, 1500, 4000), (0, 50, 3, 40), (10, 10, 9, 12), (0, 30, 0, 20)]:
    low, high = confint_proportions_2indep(b, m, a, n, method="newcomb", compare="diff")
    diffs.append(dict(n=a, of=n, currentN=b, currentOf=m, difference=b / m - a / n, low=float(low), high=float(high)))
out["shareDifferences"] = diffs
out["chiSquareQuantiles"] = [dict(p=p, df=df, x=float(st.chi2.isf(p, df))) for p in (.5, .05, .001, 1e-9) for df in (1, 4, 9, 30)]
print(json.dumps(out))
