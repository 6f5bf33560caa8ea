"""Reference values of the exploration's statistics. Prints JSON: python bench/reference/explore.py"""
import json
import numpy as np, scipy, statsmodels
import scipy.stats as st
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(7)
out = {"tool": f"statsmodels {statsmodels.__version__}, scipy {scipy.__version__}"}

# Interaction of a grid: additive logistic model against the saturated one.
grids = []
for shape in [(2, 2), (3, 4), (5, 3)]:
    n = rng.integers(0, 400, size=shape)
    n[0, 0] = 50
    if shape == (5, 3):
        n[2, 1] = 0
    p = 1 / (1 + np.exp(-(-2 + rng.normal(0, 0.6, size=shape))))
    b = rng.binomial(n, p)
    if shape == (3, 4):
        b[1, 2] = 0
    held = n > 0
    jj, ii = np.nonzero(held)
    X = np.column_stack([np.ones(len(jj))] + [jj == j for j in range(1, shape[0])] + [ii == i for i in range(1, shape[1])]).astype(float)
    y = np.column_stack([b[held], n[held] - b[held]])
    fit = sm.GLM(y, X, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    df = int(held.sum() - X.shape[1])
    grids.append(dict(n=n.tolist(), buyers=b.tolist(), gSquare=float(fit.deviance), df=df, pValue=float(st.chi2.sf(fit.deviance, df)),
                      nullDeviance=float(fit.null_deviance)))
out["grids"] = grids

ps = [0.001, 0.2, 0.04, 0.04, 0.9, 0.012, 1.0]
out["bh"] = dict(p=ps, adjusted=multipletests(ps, method="fdr_bh")[1].tolist())

# Trend of conversion over ordered levels: Cochran-Armitage is n r^2 of scores and outcome (no continuity correction).
n = np.array([204, 15006, 1038, 1336, 2335]); b = np.array([2, 435, 80, 110, 335])
table = sm.stats.Table(np.column_stack([b, n - b]))
trend = table.test_ordinal_association(row_scores=np.arange(1, 6), col_scores=np.array([1, 0]))
out["trend"] = dict(n=n.tolist(), buyers=b.tolist(), zConditional=float(trend.zscore))
x = np.repeat(np.arange(1, 6), n); y = np.concatenate([np.r_[np.ones(k), np.zeros(m - k)] for k, m in zip(b, n)])
r = st.pearsonr(x, y); ci = r.confidence_interval(0.95)
out["pearson"] = dict(r=float(r.statistic), low=float(ci.low), high=float(ci.high), n=int(n.sum()), spearman=float(st.spearmanr(x, y).statistic))

# Mantel-Haenszel over strata of 2 x 2 tables.
strata = [np.array([[30, 170], [20, 380]]), np.array([[12, 88], [40, 560]]), np.array([[0, 30], [4, 90]])]
mh = sm.stats.StratifiedTable(strata)
out["mantelHaenszel"] = dict(strata=[s.tolist() for s in strata], oddsRatio=float(mh.oddsratio_pooled), logSe=float(mh.logodds_pooled_se),
                             statistic=float(mh.test_null_odds(correction=False).statistic))

# Ratio of two shares, Katz's log interval.
rr = sm.stats.Table2x2(np.array([[48, 173], [914, 18784]]))
lo, hi = rr.riskratio_confint()
out["riskRatio"] = dict(buyers=48, holders=221, restBuyers=914, rest=19698, ratio=float(rr.riskratio), low=float(lo), high=float(hi))
print(json.dumps(out))
