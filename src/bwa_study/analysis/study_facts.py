"""What a study's own data say about how it was done, in sentences: for checklists and the method part of a report."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable

from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript


def facts(study: Study) -> dict[str, str]:
    """Sentences by subject; a subject of which the data say nothing is left out.

    Subjects: interviewers, selection, mode, sample_size, withdrawn, place, third_parties, sample, guide, repeats,
    recording, notes, duration, coders, codebook, software, quotes, context, consent, collection, processing.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> said = facts(bwa.demo_study(seed=1, size="lite"))
    >>> said["recording"]
    'Recorded yes: 225; recorded no: 8.'
    """
    corpus = tuple(study.corpus)
    people = {t.participant for t in corpus}
    rounds = Counter(p for p, _ in {(t.participant, t.round) for t in corpus})
    said = {
        "interviewers": _named("interviewer", corpus, "interviewer_id"),
        "selection": _counted(corpus, "selected_by", "Selected by {}"),
        "mode": _counted(corpus, "mode", "{}"),
        "sample_size": f"{len(corpus)} interviews with {len(people)} participants.",
        "withdrawn": f"{study.withdrawn} withdrew their consent later and are left out." if study.withdrawn else "",
        "place": _counted(corpus, "place", "{}"),
        "third_parties": _counted(corpus, "third_party_present", "Third party present, {}"),
        "sample": " ".join(filter(None, [_groups(study), *(_counted(corpus, f, f"{n} {{}}") for f, n in _OF_PEOPLE)])),
        "guide": _named("version of the guide", corpus, "guide_version", plural="versions of the guide"),
        "repeats": _repeats(rounds),
        "recording": _counted(corpus, "recorded", "Recorded {}"),
        "notes": _counted(corpus, "transcript_type", "Transcripts: {}"),
        "duration": _duration(corpus),
        "coders": _coders(study),
        "codebook": _codebook(study),
        "software": _software(),
        "quotes": _counted_values((t.consent_quotes for t in corpus), "Consent to quotes, {}"),
        "context": _places(study),
        "consent": " ".join(filter(None, [_counted(corpus, "consent", "Consent {}"), _withdrawn(study)])),
        "collection": _collection(study),
        "processing": " ".join(
            filter(None, [_counted(corpus, "transcript_type", "{}"), _counted(corpus, "translation", "Translated: {}")])
        ),
    }
    return {subject: text for subject, text in said.items() if text}


_OF_PEOPLE = (("gender", "Gender"), ("age_band", "Age"), ("tenure_band", "Tenure"))


def _counted(corpus: Iterable[Transcript], field: str, form: str) -> str:
    return _counted_values((t.attribute(field) for t in corpus), form)


def _counted_values(values: Iterable[str], form: str) -> str:
    """``Recorded yes: 225; recorded no: 8.``, the most frequent first, and how many say nothing; empty if all do."""
    counts = Counter(values)
    empty = counts.pop("", 0)
    if not counts:
        return ""
    parts = [f"{form.format(value.replace('_', ' '))}: {n}" for value, n in counts.most_common()]
    parts = [parts[0], *(p[:1].lower() + p[1:] for p in parts[1:])]
    text = "; ".join([*parts, *([f"not stated: {empty}"] if empty else [])])
    return f"{text[:1].upper()}{text[1:]}."


def _named(what: str, corpus: Iterable[Transcript], field: str, *, plural: str = "") -> str:
    names = sorted({t.attribute(field) for t in corpus} - {""})
    if not names:
        return ""
    return f"{len(names)} {what if len(names) == 1 else plural or what + 's'} ({', '.join(names)})."


def _groups(study: Study) -> str:
    counts = Counter(t.group for t in study.corpus)
    return "; ".join(f"{study.label('group', g)}: {counts[g]}" for g in study.levels("group") if counts[g]) + "."


def _repeats(rounds: Counter[str]) -> str:
    again = sum(n > 1 for n in rounds.values())
    return f"{again} of {len(rounds)} participants were interviewed in more than one round." if rounds else ""


def _duration(corpus: Iterable[Transcript]) -> str:
    minutes = [int(text) for t in corpus if (text := t.attribute("duration_min")).isdecimal()]
    if not minutes:
        return ""
    middle = statistics.median(minutes)
    return f"Median {middle:g} minutes, {min(minutes)} to {max(minutes)}, in {len(minutes)} interviews that state it."


def _coders(study: Study) -> str:
    people = study.codings.people
    return f"{len(people)} coders ({', '.join(people)})." if people else ""


def _codebook(study: Study) -> str:
    book = study.codebook
    themes = ", ".join(study.label("theme", t.id) for t in book.themes)
    return f"Codebook {book.id} {book.version}: {len(book)} codes in {len(book.themes)} themes ({themes})."


def _software() -> str:
    from importlib import metadata

    return f"bwa_study {metadata.version('bwa-study')}."


def _places(study: Study) -> str:
    if not study.sites:
        return ""
    brands = {brand for site in study.sites for brand in site.brands}
    return f"{len(study.sites)} sites" + (f" of {len(brands)} brands." if brands else ".")


def _withdrawn(study: Study) -> str:
    return f"Withdrawn later: {study.withdrawn}." if study.withdrawn else ""


def _collection(study: Study) -> str:
    parts = []
    for r in study.rounds:
        n = sum(t.round == r.id for t in study.corpus)
        when = f", {r.start} to {r.end}" if r.start and r.end else ""
        parts.append(f"{r.label.text(study.language) or r.id}: {n} interviews{when}")
    mode = _counted(study.corpus, "mode", "{}")
    return "; ".join(parts) + "." + (f" {mode}" if mode else "")
