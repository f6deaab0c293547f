from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import openpyxl
import pytest
from click.testing import CliRunner

import bwa_study as bwa
from bwa_study.cli import cli, main
from small_study import CODEBOOK, INTERVIEWS, STUDY, write_study
from small_surveys import STUDY as SURVEY_STUDY
from small_surveys import write_survey_study

COMMANDS = (
    "adjudicate",
    "agree",
    "assign",
    "check",
    "code",
    "codebook",
    "compare",
    "completion",
    "corpus",
    "demo",
    "disagree",
    "doctor",
    "export",
    "figures",
    "framework",
    "init",
    "log",
    "necessity",
    "plan",
    "recode",
    "report",
    "run",
    "sheets",
    "survey",
    "tables",
)
SURVEY_FILE = """\
keys: {respondent: id, site: site, group: group, weight: w}
waves: [{file: survey.csv, round: R1}]
items: []
"""
ONE_ROUND = {
    "study": STUDY[: STUDY.index("  - {id: end")],
    "interviews": tuple(row for row in INTERVIEWS if row[3] == "start"),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("cli") / "study")


@pytest.fixture
def call(capsys):
    def called(*arguments):
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return end.value.code, out, err

    return called


def shell(*arguments, code="from bwa_study.cli import main; main()", **options):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, **options)


# help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_text_that_says_what_it_does(command):
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: cli {command} [OPTIONS] ")
    options = re.findall(r"^  (-\S+.*)$", result.output, re.MULTILINE)
    assert all(re.search(r"\s{2,}\S", line) or len(line) > 25 for line in options)
    assert len(cli.commands[command].help) > 40


def test_every_option_of_every_command_is_explained():
    silent = [
        (name, p.name)
        for name, command in cli.commands.items()
        for p in command.params
        if p.param_type_name == "option" and not p.help
    ]
    assert silent == []


def test_help_lists_the_commands_and_how_to_start(call):
    status, out, err = call("--help")
    assert (status, err) == (0, "")
    assert re.findall(r"^  (\w+)  ", out.split("Commands:")[1], re.MULTILINE) == list(COMMANDS)
    assert "bwa-study demo my-demo  and then  bwa-study run my-demo" in out
    assert call("-h")[1] == out


def test_without_a_command_the_help_is_shown_and_the_exit_code_says_so(call):
    status, out, err = call()
    assert (status, out) == (2, "")
    assert err.startswith("Usage: bwa-study [OPTIONS] COMMAND")


def test_the_version_is_told(call):
    status, out, _ = call("--version")
    assert (status, out) == (0, "bwa-study, version 0.1.0\n")


# check


def test_check_of_a_good_study(call, study):
    status, out, err = call("check", study)
    assert (status, err) == (0, "")
    assert out.splitlines()[:4] == [
        "       Workers     Managers",
        "       start  end  start  end  all  en",
        "  F01      2    2      ·    ·    4   4",
        "  F02      ·    1      ·    1    2   2",
    ]
    assert out.endswith(f"\n{study}: 6 interviews, 0 codings; no problem\n")


def test_check_names_every_problem_with_its_place(call, tmp_path):
    interviews = (
        ("a", "P1", "worcer", "start", "F01", "none", "", "", "Hello."),
        ("b", "P2", "worker", "begin", "F09", "none", "", "", "Hello."),
    )
    folder = write_study(tmp_path / "study", interviews=interviews)
    status, out, err = call("check", folder)
    assert (status, out) == (2, f"{folder}: not loaded; 3 errors\n")
    lines = err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{folder}/raw/interviews.csv:") and " — " in line for line in lines)
    assert [word in err for word in ("'worcer'", "'begin'", "'F09'")] == [True] * 3
    assert "Traceback" not in err


def test_check_of_a_codebook_file(call, tmp_path):
    (tmp_path / "book.yaml").write_text(CODEBOOK, encoding="utf-8")
    status, out, err = call("check", tmp_path / "book.yaml")
    assert (status, err) == (0, "")
    assert out == f"{tmp_path}/book.yaml: codebook small-book 2.1.0, 3 codes, 4 indicators; no problem\n"


def test_check_reads_a_codebook_in_a_stated_encoding(call, tmp_path):
    (tmp_path / "book.yaml").write_bytes(CODEBOOK.encode("gb18030"))
    status, _, err = call("check", tmp_path / "book.yaml")
    assert status == 2
    assert "not valid UTF-8 at byte" in err
    assert call("check", tmp_path / "book.yaml", "--encoding", "gb18030")[0] == 0


def test_warnings_fail_only_under_strict(call, tmp_path):
    folder = write_study(tmp_path / "study")
    call("code", folder, "--out", folder / "codings" / "me.csv")
    status, out, err = call("check", folder)
    assert status == 0
    assert "1 warning" in out
    assert "warning: nothing says which turns 'indicators' has examined" in err
    assert call("check", folder, "--strict") == (1, out, err)


def test_no_more_than_forty_problems_are_shown_unless_asked_for(call, tmp_path):
    interviews = tuple((f"x-{n}", f"P{n}", "worcer", "start", "F01", "none", "", "", "Hello.") for n in range(45))
    folder = write_study(tmp_path / "study", interviews=interviews)
    _, out, err = call("check", folder)
    assert out == f"{folder}: not loaded; 45 errors\n"
    assert len(err.splitlines()) == 41
    assert err.splitlines()[-1] == "… and 5 more; 'bwa-study check --all' shows them"
    assert len(call("check", folder, "--all")[2].splitlines()) == 45


def test_a_missing_study_is_one_line_and_exit_2(call, tmp_path):
    status, out, err = call("run", tmp_path / "nothing", "--out", tmp_path / "out")
    assert (status, out) == (2, "")
    assert err == (
        f"{tmp_path}/nothing: there is no 'study.yaml' here — "
        "give the folder of a study, or make a demo study with 'bwa-study demo DIR'\n"
    )
    assert not (tmp_path / "out").exists()


# run, tables, code, demo


def test_run_writes_the_outputs_and_prints_ten_lines(call, tmp_path):
    folder = write_study(tmp_path / "study", **ONE_ROUND)
    status, out, err = call("run", folder, "--out", tmp_path / "out", "--lang", "zh", "--count", "turns")
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 10
    assert out.splitlines()[-1] == f"Open        {tmp_path}/out/index.html"
    told = json.loads((tmp_path / "out" / "provenance.json").read_bytes())
    assert told["options"] == {"coder": "indicators", "count": "turns", "language": "zh", "seed": None}


def test_export_themes_writes_one_table_and_one_line(call, study, tmp_path):
    status, out, err = call(
        "export", "themes", study, "--out", tmp_path / "t.xlsx", "--by", "round, group", "--polarity", "mentioned"
    )
    assert (status, err) == (0, "")
    assert out == (
        f"{tmp_path}/t.xlsx: 20 cells; Share of interviews with a code, by round and group; coder indicators\n"
    )
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == [
        "Mentioned",
        "Cells",
        "Notes",
        "Quotes",
        "Codebook",
    ]


def test_code_writes_proposals(call, study, tmp_path):
    status, out, err = call("code", study, "--out", tmp_path / "p.csv")
    assert (status, err) == (0, "")
    assert out == f"{tmp_path}/p.csv: 7 proposals for 6 interviews, by small-book 2.1.0\n"
    assert len((tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()) == 8


def test_demo_writes_a_study_that_checks_clean(call, tmp_path):
    status, out, err = call("demo", tmp_path / "d", "--size", "lite", "--seed", "3", "--stress")
    assert (status, err) == (0, "")
    assert out == (f"{tmp_path}/d: a synthetic study was written — look at it with: bwa-study run {tmp_path}/d\n")
    told = json.loads((tmp_path / "d" / "truth.json").read_bytes())
    assert (told["seed"], told["size"], told["stress"]) == (3, "lite", True)


def test_the_help_of_demo_tells_the_true_number_of_interviews():
    from bwa_study.demo.roster import visits

    text = CliRunner().invoke(cli, ["demo", "--help"]).output
    assert f"{len(visits(1, 'full'))} or {len(visits(1, 'lite'))} interviews" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["export", "themes", "{study}", "--out", "{tmp}/t.csv", "--by", "gruop"],
            "unknown field to count by 'gruop', did you mean",
        ),
        (
            ["export", "themes", "{study}", "--out", "{tmp}/t.csv", "--coder", "me"],
            "unknown coder 'me' — known: indicators",
        ),
        (
            ["export", "themes", "{study}", "--out", "{tmp}/t.csv", "--polarity", "presnt"],
            "unknown polarity 'presnt', did you mean",
        ),
        (
            ["export", "themes", "{study}", "--out", "{tmp}/t.ods"],
            "unknown kind of table '.ods' — known: .csv, .xlsx, .docx",
        ),
        (["code", "{study}", "--out", "{tmp}/t.txt"], "unknown kind of codings table '.txt' — known: .csv"),
        (["run", "{study}", "--out", "{tmp}/t.csv", "--lang", "cn"], "unknown language 'cn' — known: en, zh"),
        (["export", "themes", "{study}", "--out", "/dev/null/t.csv"], "/dev/null/t.csv: cannot be written"),
        (["demo", "/dev/null/x"], "/dev/null/x: cannot be written"),
        (["demo", "{study}"], "the folder is not empty — name a new one, or empty it first"),
    ],
)
def test_a_wrong_option_or_place_is_one_line_and_exit_2(call, study, tmp_path, arguments, message):
    status, out, err = call(*(a.format(study=study, tmp=tmp_path) for a in arguments))
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("bwa-study: ")
    assert message in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rnu"], "Error: No such command 'rnu'."),
        (["run"], "Error: Missing argument 'STUDY'."),
        (["run", "x", "--cout", "words"], "Error: No such option"),
        (["run", "x", "--count", "wrds"], "Error: Invalid value for '--count': 'wrds' is not one of"),
        (["demo", "x", "--seed", "one"], "Error: Invalid value for '--seed': 'one' is not a valid integer."),
        (["export", "themes", "x"], "Error: Missing option '--out'."),
    ],
)
def test_a_wrong_call_shows_the_usage_and_exits_2(call, arguments, message):
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("Usage: bwa-study")
    assert message in err


def test_an_unknown_group_in_a_codebook_is_named_without_a_traceback(call, tmp_path):
    folder = write_study(
        tmp_path / "study", codebook=CODEBOOK.replace("theme: care", "theme: care\n    groups: [wrker]")
    )
    status, out, err = call("run", folder, "--out", tmp_path / "out")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "code 'visits' names group 'wrker', which the study does not have" in err
    assert "did you mean 'worker'?" in err


def test_a_study_called_like_an_option_is_read_after_two_dashes(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path / "-rf")
    status, out, err = call("check", "--", "-rf")
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "-rf: 6 interviews, 0 codings; no problem"
    status, out, err = call("check", "-rf")
    assert (status, out) == (2, "")
    assert "No such option" in err
    assert (tmp_path / "-rf" / "study.yaml").is_file()


def test_a_fault_of_ours_is_one_line_and_exit_1(call, study, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr("bwa_study.present.export.write_theme_table", broken)
    status, out, err = call("export", "themes", study, "--out", tmp_path / "t.csv")
    assert (status, out) == (1, "")
    assert err == (
        "bwa-study: a fault of ours (RuntimeError: boom) — please report it with what you did; "
        "BWA_STUDY_DEBUG=1 shows where it happened\n"
    )
    monkeypatch.setenv("BWA_STUDY_DEBUG", "1")
    with pytest.raises(RuntimeError, match="boom"):
        main(["export", "themes", str(study), "--out", str(tmp_path / "t.csv")])


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(call, name):
    status, out, err = call("completion", name)
    assert (status, err) == (0, "")
    assert "_BWA_STUDY_COMPLETE" in out
    assert "bwa-study" in out


def test_completion_of_another_shell_is_refused(call):
    status, _, err = call("completion", "csh")
    assert status == 2
    assert "'csh' is not one of 'bash', 'zsh', 'fish'" in err


# as a process


def test_the_module_runs_as_the_command_does():
    done = subprocess.run([sys.executable, "-m", "bwa_study", "--version"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "bwa-study, version 0.1.0\n", "")


def test_a_process_ends_with_the_exit_code_and_no_traceback(tmp_path):
    done = shell("check", tmp_path)
    assert (done.returncode, done.stdout) == (2, f"{tmp_path}: not loaded; 1 error\n")
    assert done.stderr.startswith(f"{tmp_path}: there is no 'study.yaml' here — ")


def test_a_warning_is_one_plain_line_and_said_once():
    code = (
        "import warnings\n"
        "from bwa_study.cli import cli, main\n"
        "@cli.command()\n"
        "def noisy():\n"
        "    warnings.warn('no font was found — install one')\n"
        "    warnings.warn('no font was found — install one')\n"
        "main(['noisy'])"
    )
    done = shell(code=code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "bwa-study: no font was found — install one\n")


def test_a_reader_that_closes_early_is_no_error(study):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "bwa_study", "check", str(study)], stdout=write, stderr=subprocess.PIPE, timeout=60
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path):
    folder = write_study(tmp_path / "study")
    code = (
        "import sys, bwa_study.present.run as r\n"
        "def slow(*a, **k):\n"
        "    print('coding', flush=True)\n"
        "    import time; time.sleep(30)\n"
        "r.apply_codebook = slow\n"
        "from bwa_study.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "run", str(folder), "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "coding\n"
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err.strip()) == (130, "interrupted")
    assert not (tmp_path / "out").exists()


def test_check_writes_the_schema_beside_the_codebook_when_asked(tmp_path):
    write_study(tmp_path / "s")

    done = subprocess.run(
        [sys.executable, "-m", "bwa_study", "check", str(tmp_path / "s"), "--schema"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "codebook.schema.json: begin the codebook with" in done.stdout
    assert (tmp_path / "s" / "codebook.schema.json").read_text(encoding="utf-8") == bwa.codebook_schema()


def test_code_says_that_it_could_go_on_without_bad_indicators_and_does(call, tmp_path):
    folder = write_study(tmp_path / "s", codebook=CODEBOOK.replace('["afraid"]', '["afraid", "(a+)+$"]'))
    done, out, err = call("code", folder, "--out", tmp_path / "p.csv")
    assert (done, out) == (2, "")
    hint, problem = err.splitlines()
    assert hint == "only indicators are wrong: --leave-out-bad-indicators codes with the others"
    assert problem.startswith(f"{folder}/codebook.yaml:16:43: code 'fear', pattern '(a+)+$'")

    done, out, err = call("code", folder, "--out", tmp_path / "p.csv", "--leave-out-bad-indicators")
    assert (done, err) == (0, "")
    assert out.splitlines()[1].endswith("7 proposals for 6 interviews, by small-book 2.1.0; 1 of 5 indicators left out")


def test_code_does_not_offer_to_leave_out_what_is_no_indicator(call, tmp_path):
    folder = write_study(tmp_path / "s", codebook=CODEBOOK.replace("theme: care", "theme: cares"))
    done, _, err = call("code", folder, "--out", tmp_path / "p.csv")
    assert done == 2
    assert "leave-out" not in err


def test_what_needs_codes_says_that_a_study_has_no_codebook(call, tmp_path):
    folder = write_survey_study(tmp_path / "s", "id,site,group,w\na,F01,worker,1\n", SURVEY_FILE, {})
    (folder / "study.yaml").write_text(SURVEY_STUDY + 'interviews: ""\n', encoding="utf-8")
    (folder / "codebook.yaml").unlink()
    out = tmp_path / "out"
    for arguments in (
        ("run", folder, "--out", out),
        ("code", folder, "--out", tmp_path / "p.csv"),
        ("code", folder, "--answers", "--out", tmp_path / "p.csv"),
        ("tables", folder, "--out", out),
        ("report", folder, "--out", tmp_path / "r.html"),
        ("agree", folder, "--out", tmp_path / "a.csv"),
        ("recode", folder, "--coder", "c1", "--no-browser"),
        ("sheets", "out", folder, "--coder", "c1", "--out", tmp_path / "s.xlsx"),
    ):
        done, _, err = call(*arguments)
        assert (done, err.startswith("bwa-study: study 'small' has no codebook, so")) == (2, True), arguments
    assert list(tmp_path.iterdir()) == [folder]
    assert call("check", folder)[0] == 0
    assert call("survey", folder, "--out", tmp_path / "items.xlsx")[0] == 0


def test_watching_needs_a_codebook_that_is_there(call, study, tmp_path):
    done, _, err = call("code", study, "--watch", "--out", tmp_path / "p.csv", "--codebook", tmp_path / "no.yaml")
    assert (done, err) == (2, f"{tmp_path}/no.yaml: there is no such file — name the codebook to watch\n")


def test_names_of_coders_are_asked_for_with_a_project_only(call, tmp_path):
    code, _, said = call("init", tmp_path / "s", "--coder-names")
    assert (code, said.splitlines()[-1]) == (2, "Error: --coder-names is for a project in REFI-QDA — leave it out")
    assert not (tmp_path / "s").exists()
