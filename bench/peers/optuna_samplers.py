"""Runs Optuna's samplers on the standard functions of lib/testing, by the same rule of delayed results as Leadbench's own.

Reads a JSON request from the file that it is given: {"jobs": [{"sampler", "function", "workers", "seeds", "nTrials"}], "timedAfter": n,
"timed": [samplers]}. Writes one JSON object: {"version", "runs": [{"sampler", "function", "workers", "seed", "cost"}],
"times": [{"sampler", "function", "ms"}]}. A cost is the noise-free one of the trial that looked best; ms are those of each of
ten suggestions after n trials. The Gaussian process needs torch; without it its jobs are left out.
"""

import importlib.util
import json
import logging
import math
import sys
import time
import warnings

import numpy as np
import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

HARTMANN_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
HARTMANN_SCALES = np.array(
    [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
)
HARTMANN_CENTRES = np.array(
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
)


def branin(trial):
    x = trial.suggest_float("x", -5, 10)
    y = trial.suggest_float("y", 0, 15)
    b = 5.1 / (4 * math.pi**2)
    return (y - b * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    x = np.array([trial.suggest_float(f"x{d}", 0, 1) for d in range(1, 7)])
    return -float(HARTMANN_WEIGHTS @ np.exp(-(HARTMANN_SCALES * (x - HARTMANN_CENTRES) ** 2).sum(axis=1)))


def mixed(trial):
    max_depth = trial.suggest_int("max_depth", 1, 12)
    learning_rate = trial.suggest_float("learning_rate", 0.001, 1, log=True)
    n_estimators = trial.suggest_int("n_estimators", 1, 500, log=True)
    subsample = trial.suggest_float("subsample", 0.5, 1, step=0.05)
    grow_policy = trial.suggest_categorical("grow_policy", ["depthwise", "lossguide"])
    max_bin = trial.suggest_categorical("max_bin", [64, 128, 256, 512])
    bowl = (
        (max_depth - 6) ** 2 / 4
        + math.log10(learning_rate / 0.05) ** 2 * 4
        + math.log2(n_estimators / 100) ** 2 / 2
        + (subsample - 0.8) ** 2 * 20
        + abs(math.log2(max_bin / 256)) / 2
    )
    if grow_policy != "lossguide":
        return bowl + 1
    return bowl + math.log2(trial.suggest_int("max_leaves", 8, 256, log=True) / 64) ** 2 / 2


def wide(trial):
    learning_rate = trial.suggest_float("learning_rate", 0.01, 0.3, log=True)
    max_depth = trial.suggest_int("max_depth", 3, 8)
    trial.suggest_int("n_estimators", 50, 200)
    trial.suggest_float("subsample", 0.7, 1)
    trial.suggest_float("colsample_bytree", 0.7, 1)
    trial.suggest_float("min_child_weight", 0.1, 20, log=True)
    trial.suggest_float("gamma", 0, 5)
    trial.suggest_float("reg_alpha", 0.0001, 10, log=True)
    trial.suggest_float("reg_lambda", 0.01, 20, log=True)
    trial.suggest_categorical("max_bin", [64, 128, 256, 512])
    trial.suggest_float("scale_pos_weight", 1, 20, log=True)
    if trial.suggest_categorical("grow_policy", ["depthwise", "lossguide"]) == "lossguide":
        trial.suggest_int("max_leaves", 8, 256, log=True)
    return math.log(learning_rate / 0.05) ** 2 + (max_depth - 5) ** 2 / 10


# Name to the function and the standard deviation of its noise.
FUNCTIONS = {
    "branin": (branin, 0.0),
    "hartmann6": (hartmann6, 0.0),
    "noisy_hartmann6": (hartmann6, 0.3),
    "mixed": (mixed, 0.0),
    "wide": (wide, 0.0),
}

SAMPLERS = {
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "quasi_random": lambda seed: optuna.samplers.QMCSampler(scramble=True, seed=seed),
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
}


def cost_of_chosen(sampler, function, workers, seed, n_trials):
    """Trial n is asked for once the results of trials 1 ... n - workers are told, and no others."""
    cost_of, noise_sigma = FUNCTIONS[function]
    noise = np.random.RandomState(seed).normal(0, 1, n_trials) * noise_sigma
    study = optuna.create_study(sampler=SAMPLERS[sampler](seed))
    running, costs = [], []
    for n in range(n_trials):
        if len(running) == workers:
            study.tell(*running.pop(0))
        trial = study.ask()
        costs.append(cost_of(trial))
        running.append((trial, costs[-1] + noise[n]))
    return costs[int(np.argmin(np.array(costs) + noise))]


def suggestion_times(sampler, function, n_before):
    """Times ten suggestions, in ms, after so many random trials, with five more running."""
    cost_of, _ = FUNCTIONS[function]
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(cost_of, n_trials=n_before)
    for _ in range(5):
        cost_of(study.ask())
    study.sampler = SAMPLERS[sampler](1)
    times = []
    for _ in range(10):
        started = time.perf_counter()
        trial = study.ask()
        cost = cost_of(trial)
        times.append((time.perf_counter() - started) * 1000)
        study.tell(trial, cost)
    return times


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    known = [name for name in SAMPLERS if name != "gp" or importlib.util.find_spec("torch") is not None]
    runs = []
    for job in request["jobs"]:
        if job["sampler"] not in known:
            continue
        key = {name: job[name] for name in ("sampler", "function", "workers")}
        for seed in job["seeds"]:
            runs.append({**key, "seed": seed, "cost": cost_of_chosen(**key, seed=seed, n_trials=job["nTrials"])})
        print("Optuna: {sampler} on {function}, {workers} workers".format(**key), file=sys.stderr, flush=True)
    times = [
        {"sampler": sampler, "function": function, "ms": suggestion_times(sampler, function, request["timedAfter"])}
        for sampler in request["timed"]
        if sampler in known
        for function in ("mixed", "wide")
    ]
    json.dump({"version": optuna.__version__, "runs": runs, "times": times}, sys.stdout)


if __name__ == "__main__":
    main()
