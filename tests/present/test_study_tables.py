from __future__ import annotations

import docx
import pytest

from bwa_study.model.errors import UnknownName
from bwa_study.present.study_tables import TABLES, write_study_tables
from small_study import SYNTHETIC_STUDY, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("tables") / "study", study=SYNTHETIC_STUDY)


def test_a_table_that_cannot_be_made_says_why_and_the_others_are_written(study, tmp_path):
    made = write_study_tables(study, tmp_path, only=["T1", "interaction", "T13"], kinds=[".csv"])
    assert made.lines[0] == "T1  sample: Sample: 6 interviews"
    assert made.lines[1].startswith("T5  interaction: not made: unknown code 'coaching_mode' — known: listening")
    assert made.lines[2].startswith("T13 reliability: not made: reliability needs two coders or more, found 1")
    assert made.files == ("T01_sample.csv",)
    assert [p.name for p in tmp_path.iterdir()] == ["T01_sample.csv"]


def test_word_gets_one_document_with_all_tables_numbered(study, tmp_path):
    made = write_study_tables(study, tmp_path, only=["T1", "prevalence"], kinds=[".docx", ".md"], language="zh")
    assert made.files == ("T01_sample.docx", "T01_sample.md", "T03_prevalence.docx", "T03_prevalence.md",
                          "tables.docx", "tables.md")  # fmt: skip
    document = docx.Document(tmp_path / "tables.docx")
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert captions == ["T1. 样本：6 次访谈", "T3. 访谈占比: 表示有", "T3. 访谈占比: 表示没有"]
    assert (document.core_properties.title, document.core_properties.comments) == ("小型研究", "SYNTHETIC DATA")


def test_an_unknown_table_or_kind_is_named_before_anything_is_read(tmp_path):
    with pytest.raises(UnknownName, match="unknown table 'T99'"):
        write_study_tables(tmp_path, tmp_path / "out", only=["T99"])
    with pytest.raises(UnknownName, match="unknown kind of table '.pdf' — known: .csv, .xlsx, .docx"):
        write_study_tables(tmp_path, tmp_path / "out", kinds=[".pdf"])
    assert list(tmp_path.iterdir()) == []


def test_names_are_used_once_and_numbers_go_up():
    assert len({t.name for t in TABLES}) == len(TABLES)
    assert [int(t.id[1:]) for t in TABLES] == sorted(int(t.id[1:]) for t in TABLES)
