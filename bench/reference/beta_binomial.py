"""Quantiles of the beta-binomial distribution, for lib/scoring/strategy/fixtures/beta_binomial.json.

python bench/reference/beta_binomial.py > lib/scoring/strategy/fixtures/beta_binomial.json
"""
import json

import scipy
from scipy.stats import betabinom

CASES = [(10, 0, 0), (1, 5, 5), (500, 100, 12), (500, 100, 0), (500, 100, 100), (5000, 1000, 47), (19919, 3983, 192), (0, 10, 3)]
cases = []
for n, seen, hits in CASES:
    a, b = hits + 0.5, seen - hits + 0.5
    low, high = (0, 0) if n == 0 else (int(betabinom.ppf(q, n, a, b)) for q in (0.025, 0.975))
    cases.append({"n": n, "nSeen": seen, "nSeenHits": hits, "low": low, "high": high})
print(json.dumps({"scipy": scipy.__version__, "cases": cases}, indent=2))
