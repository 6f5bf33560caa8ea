"""The same model as a FastAPI service, as one is usually written: pydantic checks raw leads, numpy holds their features,
libxgboost gives contributions, whose sum is the margin. Arguments: port, folder of the model."""

import json
import sys
from datetime import date
from math import exp
from pathlib import Path

import numpy as np
import uvicorn
import xgboost
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

folder = Path(sys.argv[2])
spec = json.loads((folder / "feature_spec.json").read_text())
metadata = json.loads((folder / "metadata.json").read_text())
booster = xgboost.Booster({"nthread": 1})
booster.load_model(folder / "model.ubj")
names = [feature["name"] for feature in spec["features"]]
reference = date.fromisoformat(spec["referenceDay"])
missing = float("nan") if spec["missingValue"] is None else spec["missingValue"]
levels = {code: place for place, code in enumerate(spec["countryLevels"])}
free = set(spec["freeEmailDomains"])
cutoffs = metadata["tier_cutoffs"]
N_REASONS = 3


class Lead(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str | None = None
    user_email: str | None = Field(default=None, max_length=320)
    member_rating: int | None = Field(ge=1, le=5)
    country_code: str | None = Field(pattern="^[A-Za-z]{2}$")
    optin_time: date | None
    tags: list[str] = Field(max_length=500)


class Batch(BaseModel):
    leads: list[Lead] = Field(min_length=1, max_length=10_000)


def encoded(lead: Lead) -> list[float]:
    day = lead.optin_time
    tags = set(lead.tags)
    parts = {} if day is None else {
        "days": (reference - day).days,
        "month": day.month,
        "quarter": (day.month + 2) // 3,
        "day_of_week": day.weekday(),
        "day_of_year": day.timetuple().tm_yday,
        "is_weekend": int(day.weekday() >= 5),
    }
    row = []
    for feature in spec["features"]:
        source = feature["source"]
        kind = source["type"]
        if kind == "tag":
            row.append(float(source["tag"] in tags))
        elif kind == "optin":
            row.append(parts.get(source["part"], missing))
        elif kind == "tag_count":
            row.append(len(tags))
        elif kind == "tag_count_by_optin_day":
            row.append(missing if day is None else len(tags) / (abs(parts["days"]) + 1))
        elif kind == "member_rating":
            row.append(missing if lead.member_rating is None else lead.member_rating)
        elif kind == "country_code":
            code = lead.country_code
            row.append(missing if code is None else levels.get(code.lower(), len(levels) - 1))
        elif kind == "is_free_email":
            email = lead.user_email
            row.append(missing if not email or "@" not in email else float(email.rsplit("@", 1)[1].lower() in free))
        else:
            raise ValueError(f"The peer does not know features of {kind}")
    return row


def tier_of(score: float) -> str:
    return next((tier for tier in "ABC" if score >= cutoffs[tier]), "D")


app = FastAPI()


@app.get("/ready")
def ready() -> dict:
    return {"ready": True}


@app.post("/score")
def score(batch: Batch) -> dict:
    rows = np.array([encoded(lead) for lead in batch.leads], dtype=np.float32)
    contributions = booster.predict(xgboost.DMatrix(rows, feature_names=names, nthread=1), pred_contribs=True)
    margins = contributions.sum(axis=1)
    strongest = np.argsort(-np.abs(contributions[:, :-1]), axis=1)[:, :N_REASONS]
    leads = []
    for i, lead in enumerate(batch.leads):
        probability = 1 / (1 + exp(-float(margins[i])))
        reasons = [f"{'For' if contributions[i, f] > 0 else 'Against'}: {names[f]} {rows[i, f]:g}" for f in strongest[i]]
        leads.append({"id": lead.id, "score": round(100 * probability, 4), "tier": tier_of(probability), "reasons": reasons})
    return {"model_id": metadata["model_id"], "leads": leads}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
