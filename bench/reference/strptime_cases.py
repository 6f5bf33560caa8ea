"""Which texts Python reads by which formats, for lib/quality/expectations/strftime-format.ts to be compared with.

python bench/reference/strptime_cases.py > lib/quality/fixtures/strptime.json
"""
import json, platform, random
from datetime import datetime

rng = random.Random(20261130)
FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%y%m%d", "%Y-%j", "%I:%M %p", "%H:%M:%S.%f", "%a %d %b", "%A, %d %B %y",
           "%m/%d", "%d/%m/%Y  %H:%M", "100%% %Y", "%u %w", "(%Y) [%m]", "%Y%m%d%H%M%S"]

def drawn(fmt):
    """A moment written by the format, then perhaps spoilt in one place."""
    text = datetime(rng.choice([1999, 2000, 2020, 2023, 2100]), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)).strftime(fmt)
    text += rng.choice(["", "", "+0200", "+02:00", "Z", "z", "-23:59:59", "+2400", "+02:0000", "+020000.5"]) if "%z" in fmt else ""
    where = rng.randrange(len(text) + 1)
    spoil = rng.choice(["none", "none", "drop", "put", "case", "blank", "digit"])
    if spoil == "drop": return text[:where] + text[where + 1:]
    if spoil == "put": return text[:where] + rng.choice("0123459 :-x") + text[where:]
    if spoil == "case": return text.swapcase()
    if spoil == "blank": return text.replace(" ", "\t ")
    if spoil == "digit": return "".join(rng.choice("0369") if c.isdigit() and rng.random() < 0.4 else c for c in text)
    return text

def reads(text, fmt):
    try:
        datetime.strptime(text, fmt)
        return True
    except ValueError:
        return False

FIXED = ["2023-02-29", "2020-02-29", "0000-01-01", "2020-366", "2023-366", "29 Feb 2020", "02/29", "12:60 pm", "12:59 PM", "00:10 am", "13:00 am", "23:59:60.0", "24:00:00.1",
         "2020-02-30", "2020-1-1", "2020- 1-01", " 2020-01-01", "2020-01-01 ", "1.1.2020", " 1.1.2020", "691231", "680101", "100% 2020", "7 0", "31 Sep 2020", "Sunday, 31 June 20", ""]
cases = [[text, fmt, reads(text, fmt)] for fmt in FORMATS for text in [*FIXED, *sorted({drawn(fmt) for _ in range(40)})]]
print(json.dumps(dict(tool=f"python {platform.python_version()}", cases=cases), ensure_ascii=True))
