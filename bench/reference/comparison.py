"""Reference values of McNemar's test and Newcombe's interval. Prints JSON: python bench/reference/comparison.py

Exact McNemar and Newcombe's interval are statsmodels'; mid-p is twice scipy's binomial tail with half of its last term.
"""
import json
import scipy, statsmodels
from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

out = {"tool": f"statsmodels {statsmodels.__version__}, scipy {scipy.__version__}"}

out["mcnemar"] = []
for b, c in [(2, 8), (0, 5), (40, 60), (7, 7), (1, 0), (300, 351), (12, 3)]:
    table = [[100, b], [c, 20]]
    few, n = min(b, c), b + c
    mid = min(1.0, 2 * (binom.cdf(few, n, 0.5) - 0.5 * binom.pmf(few, n, 0.5)))
    out["mcnemar"].append(dict(
        onlyFirstRight=b, onlySecondRight=c,
        exactPValue=float(mcnemar(table, exact=True).pvalue), midPValue=float(mid),
    ))

out["newcombe"] = []
for x1, n1, x2, n2 in [(5, 20, 30, 90), (0, 12, 9, 40), (18, 18, 60, 75), (31, 86, 40, 106)]:
    low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
    out["newcombe"].append(dict(x1=x1, n1=n1, x2=x2, n2=n2, low=float(low), high=float(high)))

print(json.dumps(out, indent=1))
