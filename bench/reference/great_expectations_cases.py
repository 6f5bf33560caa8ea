"""What Great Expectations says of generated tables, for lib/quality to be compared with.

python bench/reference/great_expectations_cases.py 30 > lib/quality/fixtures/great-expectations.json
"""
import json, random, sys
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

n_tables = int(sys.argv[1])
rng = random.Random(20261126)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
source = context.data_sources.add_pandas("tables")
asset = source.add_dataframe_asset("table")
definition = asset.add_batch_definition_whole_dataframe("whole")

def numbers(n):
    kind = rng.choice(["ints", "ties", "floats", "empty", "one"])
    draw = {"ints": lambda: rng.randint(-5, 20), "ties": lambda: rng.choice([1, 1, 2, 5]), "floats": lambda: round(rng.uniform(-3, 9), 2),
            "empty": lambda: None, "one": lambda: 7}[kind]
    share = rng.choice([0, 0, 0.2, 0.6])
    return [None if rng.random() < share else draw() for _ in range(n)]

def texts(n):
    pool = rng.choice([["us", "de", "US", "fr"], ["a@x.example", "b@y", "c"], ["ä", "日本", "x y", "0"], ["same"]])
    share = rng.choice([0, 0, 0.3])
    return [None if rng.random() < share else rng.choice(pool) for _ in range(n)]

def mixed(n):
    """A column of objects: whole numbers and texts, as a column without a type holds them."""
    share = rng.choice([0, 0, 0.3])
    return [None if rng.random() < share else rng.choice([1, 2, 2, 7, "us", "2", "de"]) for _ in range(n)]

def days(n):
    pool = rng.choice([["2020-02-29", "2021-12-31", "1999-01-05"], ["2020-1-5", "2021-02-29", "2020-13-01", "05.01.2020"],
                       ["2020-02-29 10:15:00", "2020-02-29", "2020-02-29 24:00:00", "x"], ["29 Feb 2020", "3 march 1999", "31 Apr 2001"]])
    share = rng.choice([0, 0, 0.3])
    return [None if rng.random() < share else rng.choice(pool) for _ in range(n)]

STRFTIME = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%y-%j", "%Y-%m-%dT%H:%M:%S%z"]

def shares(values):
    weights = [rng.randint(1, 9) for _ in values]
    return dict(values=values, weights=[weight / sum(weights) for weight in weights])

def mostly():
    return rng.choice([None, None, 0.5, 0.8, 0.95])

def cases():
    lo, hi = sorted([rng.randint(-5, 12), rng.randint(-5, 12)])
    yield "expect_column_values_to_not_be_null", dict(column="number", mostly=mostly())
    yield "expect_column_values_to_not_be_null", dict(column="text", mostly=mostly())
    yield "expect_column_values_to_be_unique", dict(column="number", mostly=mostly())
    yield "expect_column_values_to_be_unique", dict(column="text")
    yield "expect_column_values_to_be_between", dict(column="number", min_value=lo, max_value=hi, mostly=mostly())
    yield "expect_column_values_to_be_between", dict(column="number", min_value=lo)
    yield "expect_column_values_to_be_in_set", dict(column="text", value_set=["us", "de", "c"], mostly=mostly())
    yield "expect_column_values_to_be_in_set", dict(column="number", value_set=[1, 2, 7])
    yield "expect_column_values_to_match_regex", dict(column="text", regex=rng.choice(["^[a-z]{2}$", "@", "^$", "^.*$"]), mostly=mostly())
    yield "expect_column_mean_to_be_between", dict(column="number", min_value=lo, max_value=hi)
    yield "expect_table_row_count_to_be_between", dict(min_value=rng.randint(0, 5), max_value=rng.randint(5, 14))
    yield "expect_table_columns_to_match_ordered_list", dict(column_list=rng.choice([["number", "text", "other", "mixed", "day"], ["text", "number"], ["number"]]))
    yield "expect_table_columns_to_match_set", dict(column_set=rng.choice([["text", "number", "day", "mixed", "other"], ["number"], ["number", "text", "more"]]), exact_match=rng.choice([True, False]))

    yield "expect_column_values_to_be_between", dict(column="number", min_value=lo, max_value=hi + 3, strict_min=True, strict_max=rng.choice([True, False]))
    yield "expect_table_row_count_to_equal", dict(value=rng.choice([0, 5, 9]))
    yield "expect_table_column_count_to_equal", dict(value=rng.choice([2, 3, 5]))
    yield "expect_column_to_exist", dict(column=rng.choice(["text", "more"]))
    yield "expect_column_values_to_be_null", dict(column="text", mostly=mostly())
    yield "expect_column_values_to_not_be_in_set", dict(column="text", value_set=["us", "a@x.example", "0"], mostly=mostly())
    yield "expect_column_values_to_not_match_regex", dict(column="text", regex=rng.choice(["^[a-z]{2}$", "@", "^.*$"]), mostly=mostly())
    yield "expect_column_value_lengths_to_be_between", dict(column="text", min_value=1, max_value=rng.choice([1, 2, 5]), mostly=mostly())
    for what in ["min", "max", "sum", "median", "stdev", "unique_value_count"]:
        yield f"expect_column_{what}_to_be_between", dict(column="number", min_value=min(lo, 0), max_value=max(hi, 1))
    yield "expect_column_proportion_of_unique_values_to_be_between", dict(column="number", min_value=0.3, max_value=1)

    yield "expect_column_values_to_match_strftime_format", dict(column="day", strftime_format=rng.choice(STRFTIME), mostly=mostly())
    quantiles = rng.choice([[0.5], [0, 0.25, 0.5, 0.75, 1], [0.1, 0.9]])
    ranges = [rng.choice([[lo, hi], [None, hi], [lo, None], [-5, 20], [1, 1]]) for _ in quantiles]
    yield "expect_column_quantile_values_to_be_between", dict(column="number", quantile_ranges=dict(quantiles=quantiles, value_ranges=ranges),
        allow_relative_error=rng.choice([None, "linear", "lower", "higher", "midpoint", "nearest"]))
    yield "expect_column_kl_divergence_to_be_less_than", dict(column="text", partition_object=shares(rng.choice([["us", "de", "US", "fr"], ["a@x.example", "b@y"], ["same"]])),
        threshold=rng.choice([0, 0.1, 0.5, 2]), tail_weight_holdout=rng.choice([None, 0.01, 0.2]))
    yield "expect_column_kl_divergence_to_be_less_than", dict(column="number", partition_object=shares([1, 2, 5]), threshold=0.5, tail_weight_holdout=rng.choice([None, 0.1]))
    yield "expect_column_values_to_be_in_type_list", dict(column=rng.choice(["text", "mixed"]), type_list=rng.choice([["str"], ["int"], ["int", "str"]]), mostly=mostly())
    yield "expect_column_values_to_be_of_type", dict(column=rng.choice(["text", "mixed"]), type_=rng.choice(["str", "int"]), mostly=mostly())
    ignored = rng.choice([None, "all_values_are_missing", "any_value_is_missing", "never"])
    yield "expect_compound_columns_to_be_unique", dict(column_list=rng.choice([["number", "text"], ["text", "mixed"], ["number", "other", "text"]]), ignore_row_if=ignored, mostly=mostly())
    yield "expect_select_column_values_to_be_unique_within_record", dict(column_list=rng.choice([["number", "other"], ["text", "mixed"], ["text", "mixed", "day"]]), ignore_row_if=ignored, mostly=mostly())
    ignored = rng.choice([None, "both_values_are_missing", "either_value_is_missing", "neither"])
    yield "expect_column_pair_values_a_to_be_greater_than_b", dict(column_A="number", column_B="other", or_equal=rng.choice([None, True, False]), ignore_row_if=ignored, mostly=mostly())
    yield "expect_column_pair_values_to_be_equal", dict(column_A=rng.choice(["number", "text"]), column_B="other", ignore_row_if=ignored, mostly=mostly())
    yield "expect_column_most_common_value_to_be_in_set", dict(column=rng.choice(["text", "number"]), value_set=["us", "same", "a@x.example", 1, 7], ties_okay=rng.choice([None, True, False]))
    for what in ["be_in", "contain", "equal"]:
        yield f"expect_column_distinct_values_to_{what}_set", dict(column="text", value_set=rng.choice([["us", "de", "US", "fr"], ["same"], ["c", "b@y"]]))
        yield f"expect_column_distinct_values_to_{what}_set", dict(column="number", value_set=rng.choice([[1, 2, 5], [7], list(range(-5, 12))]))
    for column in ["mixed", "other"]:
        yield "expect_column_values_to_not_be_null", dict(column=column, mostly=mostly())
        yield "expect_column_values_to_be_unique", dict(column=column, mostly=mostly())
        yield "expect_column_values_to_be_in_set", dict(column=column, value_set=[1, 2, "us"], mostly=mostly())
        yield "expect_column_values_to_not_be_in_set", dict(column=column, value_set=[1, "2"], mostly=mostly())
    yield "expect_column_values_to_match_regex", dict(column="mixed", regex="^[0-9]+$", mostly=mostly())
    yield "expect_column_value_lengths_to_be_between", dict(column="day", min_value=10, max_value=10, strict_max=rng.choice([True, False]), mostly=mostly())

CLASSES = {name.lower(): getattr(gxe, name) for name in dir(gxe)}
KEPT = ["element_count", "unexpected_count", "unexpected_percent", "missing_count", "missing_percent", "unexpected_percent_total",
        "unexpected_percent_nonmissing", "partial_unexpected_list", "partial_unexpected_counts", "partial_unexpected_index_list", "partial_missing_list", "observed_value"]
tables = []
for _ in range(n_tables):
    n = rng.choice([0, 1, 2, 5, 9, 14])
    columns = dict(number=numbers(n), text=texts(n), other=numbers(n), mixed=mixed(n), day=days(n))
    frame = pd.DataFrame({"number": pd.Series(columns["number"], dtype="float64"), "text": pd.Series(columns["text"], dtype="object"),
                          "other": pd.Series(columns["other"], dtype="float64"), "mixed": pd.Series(columns["mixed"], dtype="object"),
                          "day": pd.Series(columns["day"], dtype="object")})
    batch = definition.get_batch(batch_parameters={"dataframe": frame})
    results = []
    for name, kwargs in cases():
        kwargs = {key: value for key, value in kwargs.items() if value is not None}
        found = batch.validate(CLASSES[name.replace("_", "")](**kwargs)).to_json_dict()
        results.append(dict(type=name, kwargs=kwargs, success=bool(found["success"]), raised=found["exception_info"].get("raised_exception", True),
                            result={key: found["result"][key] for key in KEPT if key in found["result"]}))
    tables.append(dict(columns=columns, results=results))
print(json.dumps(dict(tool=f"great_expectations {gx.__version__}, pandas {pd.__version__}", tables=tables)))
