"""Reference values of calibration. Prints JSON: python bench/reference/calibration.py

scikit-learn's sigmoid and betacal stop their optimisers early, so that their own objectives are minimised here to the end with
scipy, and their answers are kept beside, to show that they agree.
"""
import json

import betacal
import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(5)
out = {"tool": f"scikit-learn {sklearn.__version__}, betacal, scipy {scipy.__version__}", "cases": []}


def to_the_end(loss, start):
    best = minimize(loss, start, method="BFGS", options={"gtol": 1e-13, "maxiter": 10_000})
    return minimize(loss, best.x, method="Nelder-Mead", options={"xatol": 1e-13, "fatol": 1e-16, "maxiter": 20_000}).x


for n, slope, shift, digits in [(300, 0.6, -1.0, 8), (400, 1.7, 0.5, 1), (60, 1.0, -2.0, 0)]:
    margins = np.round(rng.normal(-1, 1.5, n), digits)
    labels = (rng.random(n) < 1 / (1 + np.exp(-(slope * margins + shift)))).astype(int)
    n1, n0 = labels.sum(), n - labels.sum()
    target = np.where(labels == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))

    def platt(w, m=margins, t=target):
        z = w[0] * m + w[1]
        return np.sum(np.logaddexp(0, z) - t * z)

    a, b = _sigmoid_calibration(margins, labels)
    log_p, log_q = -np.logaddexp(0, -margins), np.logaddexp(0, margins)
    theirs = betacal.BetaCalibration("abm")
    theirs.fit((1 / (1 + np.exp(-margins))).reshape(-1, 1), labels)
    iso = IsotonicRegression(out_of_bounds="clip").fit(margins, labels)
    grid = np.linspace(margins.min() - 1, margins.max() + 1, 41)
    out["cases"].append({
        "margins": margins.tolist(), "labels": labels.tolist(), "grid": grid.tolist(),
        "platt": to_the_end(platt, [-a, -b]).tolist(), "plattSklearn": [-a, -b],
        "betaPredicted": theirs.predict((1 / (1 + np.exp(-grid))).reshape(-1, 1)).tolist(),
        "isotonicPredicted": iso.predict(grid).tolist(),
        "isotonicX": iso.X_thresholds_.tolist(), "isotonicY": iso.y_thresholds_.tolist(),
    })
print(json.dumps(out))
