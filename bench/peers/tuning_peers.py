"""Tunes the same XGBoost configurations with Ray Tune, with Optuna and in a plain loop, and times each from its start.

Usage: tuning_peers.py PEER FOLDER, PEER one of ray-cold, ray-reused, optuna, loop.
FOLDER holds train_x.f32, train_y.f32, valid_x.f32, valid_y.f32 (row-major, little-endian) and request.json:
{"nFeatures": n, "configs": [{"params": {...}, "rounds": n}], "workers": n, "cores": n}.
Prints one JSON object: {"versions": {...}, "wallS": s, "aucs": [one a config], "trainS": sum}.
"""

import json
import logging
import os
import sys
import time

STARTED = time.perf_counter()
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("RAY_AIR_NEW_OUTPUT", "0")
os.environ.setdefault("RAY_TUNE_DISABLE_AUTO_CALLBACK_LOGGERS", "1")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


def loaded(folder):
    import numpy as np

    with open(os.path.join(folder, "request.json")) as file:
        request = json.load(file)

    def part(name, columns):
        values = np.fromfile(os.path.join(folder, name + ".f32"), dtype="<f4")
        return values.reshape(-1, columns) if columns > 1 else values

    n = request["nFeatures"]
    return request, {
        "train": (part("train_x", n), part("train_y", 1)),
        "valid": (part("valid_x", n), part("valid_y", 1)),
    }


def trained(config, data):
    """Train one configuration and give its ROC AUC on the validation rows and the seconds it took."""
    import numpy as np
    import xgboost as xgb
    from sklearn.metrics import roc_auc_score

    started = time.perf_counter()
    (train_x, train_y), (valid_x, valid_y) = data["train"], data["valid"]
    train = xgb.DMatrix(train_x, label=train_y, missing=np.nan, nthread=1)
    valid = xgb.DMatrix(valid_x, label=valid_y, missing=np.nan, nthread=1)
    booster = xgb.train(config["params"], train, num_boost_round=config["rounds"])
    auc = float(roc_auc_score(valid_y, booster.predict(valid)))
    return auc, time.perf_counter() - started


def loop(request, data):
    results = [trained(config, data) for config in request["configs"]]
    return [auc for auc, _ in results], sum(seconds for _, seconds in results)


def with_optuna(request, data):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    configs = request["configs"]
    results = {}

    def objective(trial):
        auc, seconds = trained(configs[trial.number], data)
        results[trial.number] = (auc, seconds)
        return auc

    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=42))
    study.optimize(objective, n_trials=len(configs), n_jobs=request["cores"])
    ordered = [results[i] for i in range(len(configs))]
    return [auc for auc, _ in ordered], sum(seconds for _, seconds in ordered)


def with_ray(request, data, reuse):
    logging.disable(logging.CRITICAL)
    import ray
    from ray import tune

    ray.init(num_cpus=request["workers"], include_dashboard=False, log_to_driver=False, configure_logging=False)
    held = ray.put(data)
    configs = request["configs"]

    class Trial(tune.Trainable):
        def setup(self, config):
            self.data = ray.get(held)
            self.index = config["index"]

        def reset_config(self, config):
            self.index = config["index"]
            return True

        def step(self):
            auc, seconds = trained(configs[self.index], self.data)
            return {"auc": auc, "seconds": seconds, "index": self.index, "done": True}

    tuner = tune.Tuner(
        tune.with_resources(Trial, {"cpu": 1}),
        param_space={"index": tune.grid_search(list(range(len(configs))))},
        tune_config=tune.TuneConfig(
            metric="auc", mode="max", max_concurrent_trials=request["workers"], reuse_actors=reuse
        ),
        run_config=tune.RunConfig(verbose=0),
    )
    results = tuner.fit()
    ordered = sorted((result.metrics for result in results), key=lambda metrics: metrics["index"])
    return [metrics["auc"] for metrics in ordered], sum(metrics["seconds"] for metrics in ordered)


def main():
    peer, folder = sys.argv[1:3]
    request, data = loaded(folder)
    run = {
        "loop": loop,
        "optuna": with_optuna,
        "ray-cold": lambda *given: with_ray(*given, reuse=False),
        "ray-reused": lambda *given: with_ray(*given, reuse=True),
    }[peer]
    aucs, train_s = run(request, data)
    wall_s = time.perf_counter() - STARTED
    versions = {"python": sys.version.split()[0]}
    for name in ("xgboost", "optuna", "ray"):
        if name in sys.modules:
            versions[name] = sys.modules[name].__version__
    print(json.dumps({"versions": versions, "wallS": wall_s, "aucs": aucs, "trainS": train_s}))


main()
