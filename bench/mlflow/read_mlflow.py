"""Print everything that an MLflow server holds of one study, through MLflow's own Python client, as JSON.

Usage: python read_mlflow.py URI STORE EXPERIMENT STUDY_ID [load]
Runs and models are read from the server's store (STORE, such as sqlite:///mlflow.db), files through the server at URI.
With "load", the champion is loaded through the server by mlflow.pyfunc as well and scores one row of zeros.
"""

import hashlib
import json
import os
import sys
import tempfile

import mlflow
from mlflow import MlflowClient


def run_of(client, run, keys):
    tags = dict(run.data.tags)
    parent = tags.pop("mlflow.parentRunId", None)
    tags.pop("mlflow.runName", None)
    logged = json.loads(tags.pop("mlflow.log-model.history", "[]"))
    points = [
        [point.key, point.step, point.value, point.timestamp]
        for key in run.data.metrics
        for point in client.get_metric_history(run.info.run_id, key)
    ]
    inputs = [
        {
            "name": given.dataset.name,
            "digest": given.dataset.digest,
            "profile": given.dataset.profile,
            "tags": {tag.key: tag.value for tag in given.tags},
        }
        for given in run.inputs.dataset_inputs
    ]
    return {
        "key": keys[run.info.run_id],
        "name": run.info.run_name,
        "parent": None if parent is None else keys.get(parent, "unknown"),
        "status": run.info.status,
        "start": run.info.start_time,
        "end": run.info.end_time or 0,
        "params": dict(run.data.params),
        "tags": tags,
        "metrics": sorted(points),
        "inputs": inputs,
        "models": [model["artifact_path"] for model in logged if model["run_id"] == run.info.run_id],
    }


def files_of(run_id):
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        base = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="", dst_path=folder)
        for path, _, names in os.walk(base):
            for name in names:
                full = os.path.join(path, name)
                with open(full, "rb") as file:
                    files[os.path.relpath(full, base)] = hashlib.sha256(file.read()).hexdigest()
    return files


def main(uri, store, experiment_name, study_id, load):
    mlflow.set_tracking_uri(uri)
    client = MlflowClient(store, registry_uri=store)
    experiment = client.get_experiment_by_name(experiment_name)
    runs, token = [], None
    while True:
        page = client.search_runs(
            [experiment.experiment_id],
            filter_string=f"tags.`leadbench.study_id` = '{study_id}'",
            max_results=500,
            page_token=token,
        )
        runs.extend(page)
        token = page.token
        if not token:
            break
    keys = {run.info.run_id: run.data.tags["leadbench.key"] for run in runs}
    studies = [run for run in runs if run.data.tags["leadbench.kind"] == "study"]
    versions = [
        version
        for study in studies
        for version in client.search_model_versions(f"run_id='{study.info.run_id}'")
    ]
    champion = None
    for version in versions:
        for alias in client.get_registered_model(version.name).aliases:
            if alias == "champion":
                champion = client.get_model_version_by_alias(version.name, alias).tags["leadbench.key"]
    content = {
        "version": mlflow.__version__,
        "experimentTags": dict(experiment.tags),
        "runs": sorted((run_of(client, run, keys) for run in runs), key=lambda run: run["key"]),
        "files": files_of(studies[0].info.run_id) if len(studies) == 1 else None,
        "versions": [
            {"key": version.tags["leadbench.key"], "source": version.source.replace(version.run_id, "RUN")}
            for version in versions
        ],
        "champion": champion,
    }
    if load:
        import pandas

        model = mlflow.pyfunc.load_model(f"models:/{versions[0].name}@champion")
        names = model.metadata.get_input_schema().input_names()
        content["score"] = float(model.predict(pandas.DataFrame([[0.0] * len(names)], columns=names))[0])
    json.dump(content, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:5], load=sys.argv[5:] == ["load"])
