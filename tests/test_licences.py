"""Everything that a plain install brings is permissively licensed."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software|Python-2\.0|CNRI|HPND|Unlicense|Zlib|0BSD|PIL|OFL|ZPL|Historical)\b",
    re.I,
)
COPYLEFT = re.compile(r"\b(A?L?GPL|GNU|MPL|Mozilla|EPL|CDDL|EUPL|CECILL)\b", re.I)
# Files under the MPL stay under the MPL, but nothing that uses them is touched by it.
FILE_LEVEL = {"certifi", "tqdm"}


def installed_closure(root: str) -> set[str]:
    seen: set[str] = set()
    waiting = [(root, frozenset({"zh"}))]
    while waiting:
        name, extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        try:
            requires = metadata.requires(key) or []
        except metadata.PackageNotFoundError:
            continue
        seen.add(key)
        for text in requires:
            requirement = Requirement(text)
            wanted = [{"extra": extra} for extra in extras] or [{"extra": ""}]
            if requirement.marker is None or any(requirement.marker.evaluate(e) for e in wanted):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return seen - {root}


def licence(name: str) -> str:
    meta = metadata.metadata(name)
    stated = [meta.get("License-Expression") or "", *(meta.get_all("Classifier") or [])]
    text = " ".join(s for s in stated if not s.startswith("Classifier") and ("License" in s or "::" not in s))
    return text if PERMISSIVE.search(text) or COPYLEFT.search(text) else f"{text} {(meta.get('License') or '')[:200]}"


def test_the_closure_holds_the_packages_that_the_users_named():
    assert {"pandas", "spacy", "scikit-learn", "matplotlib", "jupyter", "pyyaml"} <= installed_closure("bwa-study")


@pytest.mark.parametrize("name", sorted(installed_closure("bwa-study")))
def test_a_dependency_is_permissively_licensed(name: str):
    text = licence(name)

    assert PERMISSIVE.search(text) or name in FILE_LEVEL, f"{name}: {text}"
    assert not COPYLEFT.search(text) or name in FILE_LEVEL, f"{name}: {text}"
