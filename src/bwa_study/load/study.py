"""A study folder becomes a `Study`, or every problem in it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bwa_study.load.codebook import BadIndicators, parse_codebook
from bwa_study.load.coded import CodedFiles, read_coded
from bwa_study.load.codings_files import EXAMINED_FILE
from bwa_study.load.documents import split_part
from bwa_study.load.gate import STATE, TEXT_KINDS, Rejected, Source, decode, read_source, settle_encoding
from bwa_study.load.interview_row import interview_fields
from bwa_study.load.leftovers import settle
from bwa_study.load.manifest import INTERVIEWS, load_events, load_manifest, load_sites
from bwa_study.load.necessity_rules import case_rules, name_faults
from bwa_study.load.open_answers import answer_transcripts
from bwa_study.load.paired import with_other_language
from bwa_study.load.report_file import REPORT_FILE, parse_report_texts
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.study_file import LOG_FILE, StudyFile, load_study_file
from bwa_study.load.survey_file import parse_survey_file
from bwa_study.load.survey_waves import OF_WAVE, Allowed, load_waves
from bwa_study.load.theory_rules import theory_name_faults, theory_of_change
from bwa_study.load.transcript_files import read_transcript, read_twice
from bwa_study.model.codebook import NO_CODEBOOK, Codebook
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, ProblemsFound, did_you_mean, shown
from bwa_study.model.events import Event as LogEvent
from bwa_study.model.events import events_digest
from bwa_study.model.reporting import ReportTexts
from bwa_study.model.study import Event, Site, Study
from bwa_study.model.survey import OpenAnswers, SurveyWave
from bwa_study.model.transcripts import Transcript
from bwa_study.protect.consent import without_withdrawn

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


def load_study(
    path: str | Path, *, progress: Progress | None = None, bad_indicators: BadIndicators = "refuse"
) -> Study:
    """Read a study folder.

    Parameters
    ----------
    path
        The folder with `study.yaml`, or that file.
    progress
        Told of every transcript read.
    bad_indicators
        Of the codebook, as in `load_codebook`.

    Returns
    -------
    Study
        Interviews with withdrawn consent are not in it. Its `problems` are the warnings and notes, also of what a
        command that was killed had left half done.

    Raises
    ------
    ProblemsFound
        With every error of every file of the study.

    Examples
    --------
    >>> import bwa_study as bwa, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bwa.write_demo(folder, seed=1, size="lite")
    ...     len(bwa.load_study(folder).groups)
    3
    """
    study, problems = examine_study(path, progress=progress, bad_indicators=bad_indicators)
    errors = [p for p in problems if p.severity == "error"]
    if errors or study is None:
        raise ProblemsFound(errors)
    return study


def check_study(path: str | Path, *, progress: Progress | None = None) -> tuple[Problem, ...]:
    """Every problem of a study folder: errors, warnings and notes, in the order of the files.

    Parameters as in `load_study`; what is wrong is told, not raised.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [(p.severity, p.what) for p in check_study(folder)]
    [('error', "there is no 'study.yaml' here")]
    """
    return tuple(examine_study(path, progress=progress)[1])


def examine_study(
    path: str | Path, *, progress: Progress | None = None, bad_indicators: BadIndicators = "refuse"
) -> tuple[Study | None, list[Problem]]:
    """The study (None if it has errors) and every problem of it."""
    try:
        file = load_study_file(path)
        return _Reader(file, progress, settle(file), bad_indicators).read()
    except ProblemsFound as fault:
        return None, list(fault.problems)


class _Reader:
    def __init__(
        self, file: StudyFile, progress: Progress | None, problems: list[Problem], bad_indicators: BadIndicators
    ) -> None:
        self.file, self.form, self.folder = file, file.form, file.folder
        self.progress, self.problems, self.bad_indicators = progress, problems, bad_indicators
        self.manifest_file = str(self.folder / self.form.interviews)
        self.tables: dict[tuple[str, str], Source | None] = {}
        self.inputs: list[tuple[str, str]] = [("study.yaml", file.source.digest)]

    def read(self) -> tuple[Study | None, list[Problem]]:
        codebook = self.collect(self.codebook)
        sites = self.collect(self.sites) or ()
        events = self.collect(lambda: self.events(sites)) or ()
        report = self.collect(self.report) or ReportTexts()
        manifest = self.collect(lambda: self.manifest(sites))
        if manifest is None or codebook is None:
            return None, self.problems
        kept, withdrawn = without_withdrawn(manifest)
        corpus = Corpus(tuple(self.transcripts(kept, sites)))
        surveys = self.collect(lambda: self.surveys(codebook, sites, manifest, withdrawn)) or ()
        answers = answer_transcripts(surveys, language=self.form.language)
        self.check_ids_apart(corpus, answers)
        if any(p.severity == "error" for p in self.problems):
            return None, self.problems
        everything = Corpus((*corpus, *answers))
        codings, examined = self.coded(codebook, everything, sites, withdrawn)
        of_answers = OpenAnswers(answers, *_part(codings, examined, answers))
        codings, examined = _part(codings, examined, corpus) if len(answers) else (codings, examined)
        self.check_names(codebook, corpus, codings, examined)
        self.problems += name_faults(self.file, codebook, sites) + theory_name_faults(self.file, codebook)
        if any(p.severity == "error" for p in self.problems):
            return None, self.problems
        study = Study(
            id=self.form.id,
            title=self.file.title,
            groups=self.file.groups,
            rounds=self.file.rounds,
            sites=sites,
            corpus=corpus,
            codebook=codebook,
            codings=codings,
            examined=examined,
            main_coder=self.form.main_coder,
            language=self.form.language,
            synthetic=self.form.synthetic,
            events=events,
            report=report,
            surveys=surveys,
            answers=of_answers,
            theory=theory_of_change(self.form.contribution) if self.form.contribution else None,
            necessity=case_rules(self.form.necessity) if self.form.necessity else None,
            withdrawn=len(withdrawn),
            problems=tuple(self.problems),
            inputs=tuple(self.inputs),
            reliability=self.file.reliability,
        )
        return study, self.problems

    def collect(self, step: Callable[[], Any]) -> Any:
        """What a step returns, or None with its problems kept."""
        try:
            return step()
        except Rejected as fault:
            self.problems.append(fault.problem)
        except ProblemsFound as fault:
            self.problems += fault.problems
        return None

    def source(self, name: str) -> Source:
        source = read_source(self.folder / name, name=str(self.folder / name), folder=self.folder)
        self.inputs.append((Path(name).as_posix(), source.digest))
        return source

    def text(self, source: Source, encoding: str = "", state: str = STATE) -> Source:
        """The source with its encoding settled, if it is a text file; a guess is a warning."""
        if not source.name.lower().endswith(TEXT_KINDS):
            return source
        source, warnings = settle_encoding(source, stated=encoding, otherwise=self.form.encoding, state=state)
        self.problems += warnings
        return source

    def codebook(self) -> Codebook:
        name, stated = self.form.codebook, "codebook" in self.form.model_fields_set
        if not name or not (stated or self.form.interviews or (self.folder / name).exists()):
            return NO_CODEBOOK
        source = self.source(self.form.codebook)
        if self.form.encoding:  # without, a codebook's encoding is not guessed: its ids and patterns must be exact
            source = self.text(source)
        text = decode(source, state="as 'encoding' in study.yaml")
        book = parse_codebook(text, file=source.name, bad_indicators=self.bad_indicators)
        self.problems += book.left_out
        return book

    def sites(self) -> tuple[Site, ...]:
        return load_sites(self.text(self.source(self.form.sites))) if self.form.sites else ()

    def events(self, sites: tuple[Site, ...]) -> tuple[Event, ...]:
        return load_events(self.text(self.source(self.form.events)), sites) if self.form.events else ()

    def report(self) -> ReportTexts:
        there = (self.folder / REPORT_FILE).exists()
        return parse_report_texts(self.source(REPORT_FILE)) if there else ReportTexts()

    def manifest(self, sites: tuple[Site, ...]) -> pd.DataFrame:
        if not self.form.interviews:
            return INTERVIEWS.conform(
                pd.DataFrame(columns=[c.name for c in INTERVIEWS.columns]), file="(no interviews)"
            )
        frame, warnings = load_manifest(self.text(self.source(self.form.interviews)), self.file, sites)
        self.problems += warnings
        return frame

    def surveys(
        self, codebook: Codebook, sites: tuple[Site, ...], manifest: pd.DataFrame, withdrawn: frozenset[str]
    ) -> tuple[SurveyWave, ...]:
        if not self.form.surveys:
            return ()
        codes = (*codebook.ids, *(theme.id for theme in codebook.themes))
        file = parse_survey_file(self.source(self.form.surveys), self.file, codes)
        allowed = Allowed(
            groups=tuple(g.id for g in self.file.groups),
            rounds=tuple(r.id for r in self.file.rounds),
            sites=tuple(s.id for s in sites),
            interviews={id: id not in withdrawn for id in manifest["interview_id"]},
        )
        base = Path(self.form.surveys).parent
        waves, problems = load_waves(file, lambda n, e: self.text(self.source(str(base / n)), e, OF_WAVE), allowed)
        self.problems += problems
        return () if any(p.severity == "error" for p in problems) else waves

    def check_ids_apart(self, corpus: Corpus, answers: Corpus) -> None:
        for one in answers:
            if one.id in corpus:
                what = f"interview '{one.id}' has the id of an answer in the survey"
                self.problems.append(Problem(self.manifest_file, 0, 0, what, "give the interview another id"))

    def transcripts(self, manifest: pd.DataFrame, sites: tuple[Site, ...]) -> list[Transcript]:
        rules = SpeakerRules(tuple(self.form.speakers.interviewer), tuple(self.form.speakers.respondent))
        base = Path(self.form.interviews).parent
        site_ids = tuple(s.id for s in sites)
        out = []
        for n, (line, row) in enumerate(manifest.iterrows(), start=1):
            if self.progress:
                self.progress("reading transcripts", n, len(manifest))
            source, part = self.transcript_source(row, line, base)
            if source is None:
                continue
            read = read_transcript(source, interview_fields(row, part), rules, site_ids)
            self.problems += read.problems
            if read.transcript:
                out.append(self.in_both_languages(read.transcript, row["source_lang_file"], line, base, rules))
        self.problems += read_twice(out, self.manifest_file)
        return out

    def in_both_languages(self, one: Transcript, name: str, line: Any, base: Path, rules: SpeakerRules) -> Transcript:
        file, part = split_part(name)
        named = self.named_source("source_lang_file", file, line, base) if name else None
        source = self.collect(lambda: self.text(named)) if named else None
        if source is None:
            return one
        one, problems = with_other_language(one, source, rules, part=part)
        self.problems += problems
        return one

    def transcript_source(self, row: pd.Series, line: Any, base: Path) -> tuple[Source | None, str]:
        """The file of an interview, and its id there if the file is a table of many interviews."""
        if not row["transcript_file"]:
            what = f"interview '{row['interview_id']}' has no transcript file"
            self.problems.append(Problem(self.manifest_file, line, 0, what, "fill in 'transcript_file'"))
            return None, ""
        name, part = split_part(row["transcript_file"])
        key = (name, row["encoding"])
        if key in self.tables:
            return self.tables[key], part
        source = self.named_source("transcript_file", name, line, base)
        if source is None:
            return None, ""
        if row["sha256"] and row["sha256"].lower() != source.digest:
            what = f"column 'sha256': '{shown(name)}' has another digest ({source.digest})"
            mend = "restore the file, or enter its new digest"
            self.problems.append(Problem(self.manifest_file, line, 0, what, mend))
        text: Source | None = self.collect(lambda: self.text(source, row["encoding"]))
        if part:
            self.tables[key] = text
        return text, part

    def named_source(self, column: str, name: str, line: Any, base: Path) -> Source | None:
        """A file that the manifest names; a problem is told with the line and column that name it."""
        try:
            return self.source(str(base / name))
        except Rejected as fault:
            what = f"column '{column}', value '{shown(name)}': {fault.problem.what}"
            mend = "write the path with '/', from the manifest's folder" if "\\" in name else fault.problem.mend
            self.problems.append(Problem(self.manifest_file, line, 0, what, mend))
            return None

    def coded(
        self, codebook: Codebook, corpus: Corpus, sites: tuple[Site, ...], withdrawn: frozenset[str]
    ) -> tuple[Codings, Examined]:
        names = self.codings_files()
        found = [self.collect(partial(self.in_codings, name)) for name in names if name != EXAMINED_FILE]
        there = EXAMINED_FILE in names
        files = CodedFiles(
            tables=[source for source in found if source is not None],
            examined=self.collect(partial(self.in_codings, EXAMINED_FILE)) if there else None,
            events=self.collect(self.log) or (),
            log=str(self.form.log or self.folder / LOG_FILE),
            folder=str(self.folder / self.form.codings),
        )
        codings, examined, problems = read_coded(files, codebook, corpus, [site.id for site in sites], withdrawn)
        self.problems += problems
        return codings, examined

    def codings_files(self) -> list[str]:
        folder = self.folder / self.form.codings
        if not folder.is_dir() and "codings" in self.form.model_fields_set:
            what = f"codings: there is no folder '{shown(self.form.codings)}'"
            mend = "correct the name, or leave the field out until somebody has coded"
            self.problems.append(Problem(self.file.source.name, 0, 0, what, mend, "warning"))
        return sorted(f.name for f in folder.glob("*.csv"))

    def log(self) -> tuple[LogEvent, ...]:
        """The events of the coding log; none if nobody has begun one."""
        name = self.form.log or LOG_FILE
        place: str | Path = name if "://" in name else self.folder / name
        if isinstance(place, Path) and not place.exists():
            if self.form.log:
                what = f"log: there is no file '{shown(name)}' yet"
                mend = "correct the name, or go on: it is made when somebody begins to code"
                self.problems.append(Problem(self.file.source.name, 0, 0, what, mend, "note"))
            return ()
        if isinstance(place, Path) and not place.resolve().is_relative_to(self.folder.resolve()):
            raise Rejected(Problem(str(place), 0, 0, "it lies outside of the study folder", "move it into the folder"))
        from bwa_study.load.log_store import read_log, shown_place

        events = read_log(place)
        self.inputs.append((shown_place(name), events_digest(events)))
        return events

    def in_codings(self, name: str) -> Source:
        return self.text(self.source(str(Path(self.form.codings) / name)))

    def check_names(self, codebook: Codebook, corpus: Corpus, codings: Codings, examined: Examined) -> None:
        coders = tuple(dict.fromkeys(["indicators", *examined.coders, *codings.coders]))
        if self.form.main_coder not in coders:
            what = (
                f"main_coder '{shown(self.form.main_coder)}' has no codings{did_you_mean(self.form.main_coder, coders)}"
            )
            self.problems.append(Problem(self.file.source.name, 0, 0, what, f"use one of {', '.join(coders)}"))
        for coder in self.form.reliability.coders:
            if coder not in coders:
                what = f"reliability: coder '{shown(coder)}' has no codings{did_you_mean(coder, coders)}"
                self.problems.append(Problem(self.file.source.name, 0, 0, what, f"use two of {', '.join(coders)}"))
        blocks = tuple(dict.fromkeys(code.block for code in codebook if code.block))
        for block, n in Counter(b for t in corpus for b in t.blocks_asked or ()).items():
            if blocks and block not in blocks:
                what = f"column 'blocks_asked', value '{shown(block)}' ({n} interviews): no code has that block"
                mend = f"use {', '.join(blocks)}{did_you_mean(block, blocks)}, or leave it if no code belongs to it"
                self.problems.append(Problem(self.manifest_file, 0, 0, what, mend, "warning"))
        groups = [g.id for g in self.file.groups]
        for code in codebook:
            for group in (*code.groups, *(e.group for e in code.examples if e.group)):
                if group not in groups:
                    what = f"code '{code.id}' names group '{shown(group)}', which the study does not have"
                    mend = f"use {', '.join(groups)}{did_you_mean(group, groups)}"
                    self.problems.append(Problem(str(self.folder / self.form.codebook), 0, 0, what, mend))


def _part(codings: Codings, examined: Examined, corpus: Corpus) -> tuple[Codings, Examined]:
    """What was coded and examined in the transcripts of `corpus`."""
    return codings.where(lambda one: one.transcript in corpus), examined.within(corpus)
