"""`truth.json`: what was planted in the demo study, so that results can be held against it."""

from __future__ import annotations

import json

from bwa_study.demo import coders, plan
from bwa_study.demo.roster import Visit
from bwa_study.demo.translations import translation_fields

_NECESSITY = {
    "columns": ["consistency", "coverage", "relevance", "cases with condition", "exact p"],
    "oversight": [1.0, 0.5, 0.5, 8, 70 / 495],
    "openness": [1.0, 4 / 7, 0.625, 7, 35 / 495],
    "oversight*openness": [1.0, 0.8, 0.875, 5, 5 / 495],
    "oversight+openness": [1.0, 0.4, 0.25, 10, 210 / 495],
    "no shock": [0.75, 3 / 7, 5 / 9, 7, None],
    "trained": [1.0, 1 / 3, 0.0, 12, 1.0],
}


def truth(seed: int, size: str, stress: bool, visits: list[Visit]) -> str:
    """The planted states, effects, gaps and coder errors, and the exact answers of the crisp necessity table."""
    content = {
        "synthetic": True,
        "study": "DEMO-12",
        "seed": seed,
        "size": size,
        "stress": stress,
        "interviews": {"planned": len(visits), "withdrawn": sum(bool(v.withdrawn) for v in visits)},
        "factories": [_states(f) for f in plan.FACTORIES],
        "effects": {
            "coaching_mode brand_staff R1 to R2": plan.COACHING["brand_staff"][1] - plan.COACHING["brand_staff"][0],
            "audit_mode brand_staff R1 to R2": plan.AUDIT["brand_staff"][1] - plan.AUDIT["brand_staff"][0],
            "freedom_of_expression worker R1 to R2, open factories": 0.40,
            "freedom_of_expression worker R1 to R2, closed factories": 0.0,
            "manager minus worker on openness at R2, closed factories": 0.45,
            "manager minus worker on openness at R2, open factories": 0.20,
            "fear_retaliation worker R1 to R2, open factories": -0.38,
            "null": ["productivity_improved", "retention_improved"],
            "rival explanation": {"factory": "F02", "code": "other_drivers", "group": "manager"},
            "survey pr1 rises by round": 0.4,
        },
        "gaps": {
            "not visited": [plan.NOT_VISITED] + ([plan.STRESS_DROPPED] if stress else []),
            "by phone": plan.BY_PHONE,
            "notes only": plan.NOTES_ONLY,
            "focus group": plan.FOCUS_GROUP,
            "translation missing": [
                id
                for id, of in translation_fields(seed, visits).items()
                if of["translation"] != "none" and not of["source_lang_file"]
            ],
        },
        "coders": _coders(),
        "necessity": _NECESSITY,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _coders() -> dict[str, object]:
    return {
        coders.CODER_A: "codes every planted statement",
        coders.CODER_B: {
            "share of turns": coders.SHARE_DOUBLE_CODED,
            "sensitivity": coders.SENSITIVITY,
            "stray codings per turn": coders.STRAY_PER_TURN,
            "swapped": [*coders.SWAPPED][:2],
            "share swapped": coders.SWAPS[coders.CODER_B],
            "fear_retaliation sensitivity by third": coders.FEAR_SENSITIVITY,
        },
        coders.CODER_B_LATER: {"share swapped": coders.SWAPS[coders.CODER_B_LATER]},
        coders.CODER_B_CHECK: {
            "turns": "where coder A gave the code checked and B had not read, among as many others",
            "code checked": coders.CHECKED,
            "fear_retaliation sensitivity by third": coders.FEAR_SENSITIVITY,
        },
    }


def _states(factory: plan.Factory) -> dict[str, object]:
    return {
        "factory": factory.id,
        "brand": factory.brand,
        "oversight": dict(zip(("R1", "R2", "R3"), factory.oversight, strict=True)),
        "openness": dict(zip(("R1", "R2", "R3"), factory.openness, strict=True)),
        "shock": factory.shock,
        "trained": True,
        "improved_R2": factory.improved,
        "endures_R3": factory.endures,
        "story": factory.story,
    }
