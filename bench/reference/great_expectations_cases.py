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
    yield "expect_table_columns_to_match_ordered_list", dict(column_list=rng.choice([["number", "text"], ["text", "number"], ["number"]]))
    yield "expect_table_columns_to_match_set", dict(column_set=rng.choice([["text", "number"], ["number"], ["number", "text", "more"]]), exact_match=rng.choice([True, False]))

    yield "expect_column_values_to_be_between", dict(column="number", min_value=lo, max_value=hi + 3, strict_min=True, strict_max=rng.choice([True, False]))
    yield "expect_table_row_count_to_equal", dict(value=rng.choice([0, 5, 9]))
    yield "expect_table_column_count_to_equal", dict(value=rng.choice([2, 3]))
    yield "expect_column_to_exist", dict(column=rng.choice(["text", "more"]))
    yield "expect_column_values_to_be_null", dict(column="text", mostly=mostly())
    yield "expect_column_values_to_not_be_in_set", dict(column="text", value_set=["us", "a@x.example", "0"], mostly=mostly())
    yield "expect_column_values_to_not_match_regex", dict(column="text", regex=rng.choice(["^[a-z]{2}$", "@", "^.*$"]), mostly=mostly())
    yield "expect_column_value_lengths_to_be_between", dict(column="text", min_value=1, max_value=rng.choice([1, 2, 5]), mostly=mostly())
    for what in ["min", "max", "sum", "median", "stdev", "unique_value_count"]:
        yield f"expect_column_{what}_to_be_between", dict(column="number", min_value=min(lo, 0), max_value=max(hi, 1))
    yield "expect_column_proportion_of_unique_values_to_be_between", dict(column="number", min_value=0.3, max_value=1)

KEPT = ["element_count", "unexpected_count", "unexpected_percent", "missing_count", "missing_percent", "unexpected_percent_total",
        "unexpected_percent_nonmissing", "partial_unexpected_list", "observed_value"]
tables = []
for _ in range(n_tables):
    n = rng.choice([0, 1, 2, 5, 9, 14])
    columns = dict(number=numbers(n), text=texts(n))
    frame = pd.DataFrame({"number": pd.Series(columns["number"], dtype="float64"), "text": pd.Series(columns["text"], dtype="object")})
    batch = definition.get_batch(batch_parameters={"dataframe": frame})
    results = []
    for name, kwargs in cases():
        kwargs = {key: value for key, value in kwargs.items() if value is not None}
        camel = "".join(part.title() for part in name.split("_"))
        found = batch.validate(getattr(gxe, camel)(**kwargs)).to_json_dict()
        results.append(dict(type=name, kwargs=kwargs, success=found["success"], raised=found["exception_info"].get("raised_exception", True),
                            result={key: found["result"][key] for key in KEPT if key in found["result"]}))
    tables.append(dict(columns=columns, results=results))
print(json.dumps(dict(tool=f"great_expectations {gx.__version__}, pandas {pd.__version__}", tables=tables)))
