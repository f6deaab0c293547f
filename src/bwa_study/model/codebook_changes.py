"""What changed between two versions of a codebook, in words, and where the codings of a changed code belong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bwa_study.model.codebook import Code, Codebook, CodeWords
from bwa_study.model.errors import shown

KINDS = (
    "renamed", "merged", "split", "retired", "added", "definition changed", "label changed", "moved", "valence changed",
    "indicators changed",
)  # fmt: skip
"""What can happen to a code. After the first four its codings have another place; after "definition changed" they must
be read again; the others leave them as they are."""


@dataclass(frozen=True, slots=True)
class MigrationMap:
    """Where codings go when the codebook changes.

    Parameters
    ----------
    carry
        New id by old id: a renamed code, or one that is merged into another.
    split
        By old id the new codes among which people must choose, coding by coding.
    retire
        Old ids whose codings are taken out of the counts on purpose; the log keeps them.
    reread
        Ids (new) of further codes whose codings must be read again.
    keep
        Ids (new) of codes of which only the wording changed, so that their codings stand.
    """

    carry: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retire: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one code (or, merged and split, to several).

    Parameters
    ----------
    kind
        One of `KINDS`.
    old, new
        Ids in the two versions.
    detail
        What exactly, in words.
    sure
        Whether the codebook or the map says so; else it is guessed from equal definitions or labels, and no coding is
        carried by it.
    """

    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    detail: str = ""
    sure: bool = True

    def __str__(self) -> str:
        old, new = ", ".join(map(shown, self.old)), ", ".join(map(shown, self.new))
        what = {"added": new, "retired": old}.get(self.kind, f"{old} → {new}" if self.old != self.new else new)
        guess = "" if self.sure else " (a guess: say so in the map, or with merged_from)"
        return f"{self.kind}: {what}{': ' + self.detail if self.detail else ''}{guess}"


def whereto(old: Codebook, new: Codebook, map: MigrationMap | None = None) -> dict[str, tuple[str, ...]]:
    """By id of a code that is no longer there, the ids its codings can go to: one, several (split), or none.

    The map counts before ``merged_from`` of the new codebook.
    """
    map = map or MigrationMap()
    out: dict[str, tuple[str, ...]] = {}
    for id in dict.fromkeys([*old.ids, *map.carry, *map.split]):
        claimed = tuple(code.id for code in new if id in code.merged_from)
        if id in map.split:
            out[id] = map.split[id]
        elif id in map.carry:
            out[id] = (map.carry[id],)
        elif id not in new:
            out[id] = claimed
    return out


def codebook_changes(old: Codebook, new: Codebook, map: MigrationMap | None = None) -> tuple[Change, ...]:
    """Every change from `old` to `new`, those first after which codings move.

    Examples
    --------
    >>> from bwa_study.model.labels import Label
    >>> def book(version, *codes):
    ...     return Codebook("b", version, (), tuple(Code(id, "", Label(()), text) for id, text in codes))
    >>> old, new = book("1", ("a", "Fear"), ("b", "Hope")), book("2", ("a2", "Fear"), ("b", "Trust"))
    >>> for change in codebook_changes(old, new):
    ...     print(change)
    renamed: a → a2: same definition (a guess: say so in the map, or with merged_from)
    definition changed: b: definition 'Hope' → 'Trust'
    """
    map = map or MigrationMap()
    targets = whereto(old, new, map)
    changes = [Change("split", (id,), to) for id, to in targets.items() if len(to) > 1]
    sources: dict[str, list[str]] = {}
    for id, to in targets.items():
        if len(to) == 1:
            sources.setdefault(to[0], []).append(id)
    for goal, ids in sources.items():
        known = (goal, *ids) if goal in old and goal not in ids else tuple(ids)
        changes.append(Change("merged" if len(known) > 1 else "renamed", known, (goal,)))
    gone = [id for id, to in targets.items() if not to]
    fresh = [c.id for c in new if c.id not in old and c.id not in {i for to in targets.values() for i in to}]
    for id in gone:
        twin, why = ("", "") if id in map.retire else _twin(old[id], [new[i] for i in fresh])
        if twin:
            fresh.remove(twin)
            changes.append(Change("renamed", (id,), (twin,), why, sure=False))
        else:
            changes.append(Change("retired", (id,), ()))
    changes += [Change("added", (), (id,)) for id in fresh]
    now = {id: change.new[0] for change in changes if len(change.new) == 1 for id in change.old}
    for code in new:
        if code.id in old and code.id not in targets:
            changes += _changes_of(_renaming(old[code.id], now), _renaming(code, now))
    return tuple(sorted(changes, key=lambda c: KINDS.index(c.kind)))


def _twin(code: Code, others: list[Code]) -> tuple[str, str]:
    """The code with the same definition, or the same labels, and which of the two; empty if there is none."""
    tests: tuple[tuple[str, Callable[[Code], Any]], ...] = (
        ("same definition", lambda c: c.definition.strip()),
        ("same label", lambda c: c.label.texts),
    )
    for why, value in tests:
        same = [c.id for c in others if value(c) and value(c) == value(code)]
        if len(same) == 1:
            return same[0], why
    return "", ""


def _renaming(code: Code, now: Mapping[str, str]) -> Code:
    """The code with the new ids of the codes that it points to: that these are called otherwise is no change of it."""
    exclude = tuple(replace(one, see=now.get(one.see, one.see)) for one in code.exclude)
    return replace(code, exclude=exclude, parent=now.get(code.parent, code.parent))


def _changes_of(old: Code, new: Code) -> list[Change]:
    """What changed in a code that kept its id."""
    parts: dict[str, list[str]] = {}

    def differ(kind: str, name: str, before: object, after: object) -> None:
        if before != after:
            what = f"{name} '{shown(before)}' → '{shown(after)}'" if isinstance(before, str) else f"{name} changed"
            parts.setdefault(kind, []).append(what)

    for name in ("definition", "present", "absent", "include", "exclude"):
        differ("definition changed", name, getattr(old, name), getattr(new, name))
    for language, words, reworded in _in_both(old, new):
        # a translation that is added or taken away redefines nothing
        for name in ("definition", "present", "absent"):
            was, now = getattr(words, name), getattr(reworded, name)
            if was and now:
                differ("definition changed", f"{name} ({language})", was, now)
        for name in ("include", "exclude"):
            rules = zip(getattr(words, name), getattr(reworded, name), strict=False)
            if any(was != now for was, now in rules if was and now):
                differ("definition changed", f"{name} ({language})", getattr(words, name), getattr(reworded, name))
    for language in dict.fromkeys([*dict(old.label.texts), *dict(new.label.texts)]):
        before, after = dict(old.label.texts).get(language, ""), dict(new.label.texts).get(language, "")
        differ("label changed", language, before, after)
    for name in ("theme", "parent", "block"):
        differ("moved", name, getattr(old, name), getattr(new, name))
    if old.valence != new.valence:
        parts["valence changed"] = [f"{old.valence:+d} → {new.valence:+d}"]
    were, are = set(old.all_indicators), set(new.all_indicators)
    lost, won = were - are, are - were
    if lost or won:
        parts["indicators changed"] = [f"{len(won)} added, {len(lost)} taken away"]
    return [Change(kind, (old.id,), (new.id,), "; ".join(said)) for kind, said in parts.items()]


def _in_both(old: Code, new: Code) -> list[tuple[str, CodeWords, CodeWords]]:
    """The languages that a code is translated into in both versions, and its words there."""
    before, after = dict(old.translations), dict(new.translations)
    return [(language, before[language], after[language]) for language in before if language in after]


def to_reread(old: Codebook, new: Codebook, map: MigrationMap | None = None) -> dict[str, str]:
    """By id (new) of a code whose codings must be read again, why."""
    map = map or MigrationMap()
    changed = {c.new[0]: c.detail for c in codebook_changes(old, new, map) if c.kind == "definition changed"}
    changed |= dict.fromkeys((id for id in map.reread if id not in changed), "asked for in the map")
    return {id: why for id, why in changed.items() if id not in map.keep}
