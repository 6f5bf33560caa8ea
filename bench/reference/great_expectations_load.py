"""Load a validation_results.json with Great Expectations itself, write it again, and compare.

python bench/reference/great_expectations_load.py DIR/validation_results.json
"""
import json, sys
import great_expectations as gx
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult, ExpectationValidationResult, expectationSuiteValidationResultSchema)

def differences(ours, theirs, place):
    """Where two JSON values differ, as texts."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [line for key in sorted({*ours, *theirs}) for line in differences(ours.get(key, "absent"), theirs.get(key, "absent"), f"{place}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [line for i, (a, b) in enumerate(zip(ours, theirs)) for line in differences(a, b, f"{place}[{i}]")]
    return [] if ours == theirs else [f"{place}: {ours!r}, not {theirs!r}"]

def worst(suite):
    failed = {result["expectation_config"]["severity"] for result in suite["results"] if not result["success"]}
    return next((level for level in ["critical", "warning", "info"] if level in failed), None)

with open(sys.argv[1], encoding="utf-8") as file:
    suites = json.load(file)["suites"]
found, n_results = [], 0
for suite in suites:
    loaded = expectationSuiteValidationResultSchema.load(suite)
    result = loaded if isinstance(loaded, ExpectationSuiteValidationResult) else ExpectationSuiteValidationResult(**loaded)
    assert all(isinstance(one, ExpectationValidationResult) for one in result.results)
    name = suite["suite_name"]
    found += differences(suite, result.to_json_dict(), name)
    severity = result.get_max_severity_failure()
    found += differences(worst(suite), None if severity is None else severity.value, f"{name}: worst failure")
    failed = result.get_failed_validation_results().statistics["evaluated_expectations"]
    found += differences(suite["statistics"]["unsuccessful_expectations"], failed, f"{name}: failed")
    n_results += len(result.results)
print("\n".join(found))
print(f"great_expectations {gx.__version__}: {len(suites)} suites with {n_results} results read and written again, {len(found)} differences")
sys.exit(1 if found else 0)
