"""Reference fits of an inverse power law. Prints JSON: python bench/reference/learning_curve.py"""
import json
import numpy as np, scipy
from scipy.optimize import least_squares

rng = np.random.default_rng(5)
out = {"tool": f"scipy {scipy.__version__}"}


def fit(n, y, w):
    """scipy's least squares from several starts; ceiling at most 1, drop at least 0."""
    scale = n.max()

    def residuals(p):
        return np.sqrt(w) * (p[0] - p[1] * (n / scale) ** -p[2] - y)

    best = min(
        (least_squares(residuals, [0.8, 0.05, rate], bounds=([0, 0, 0.02], [1, np.inf, 4]), xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale=[0.1, 0.1, 0.5])
         for rate in [0.1, 0.3, 0.6, 1.0, 2.0]),
        key=lambda result: result.cost,
    )
    ceiling, drop, rate = best.x
    return dict(ceiling=float(ceiling), drop=float(drop * scale**rate), rate=float(rate), error=float(2 * best.cost),
                atTwice=float(ceiling - drop * 2**-rate))


sizes = np.array([375, 615, 1008, 1653, 2711, 4445, 7288, 11951])
cases = []
for ceiling, drop, rate, noise in [(0.84, 3, 0.5, 0), (0.84, 3, 0.5, 0.01), (0.8, 0.5, 0.25, 0.004), (0.9, 40, 1.0, 0.006)]:
    n = np.repeat(sizes, 3).astype(float)
    y = ceiling - drop * n**-rate + rng.normal(0, 1, n.size) * noise * np.sqrt(sizes[-1] / n) / 3
    cases.append(dict(n=n.tolist(), y=y.tolist(), fit=fit(n, y, n)))
out["cases"] = cases
print(json.dumps(out, indent=1))
