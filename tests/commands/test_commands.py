"""`report`, `diff`, `clean --explain`, `--audit` and the options of a `Cleaner` on the command line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dechaff
from dechaff.corpus.options import Options, to_toml
from dechaff.output.audit import removals
from dechaff.output.diff import to_diff
from dechaff.output.explain import to_terminal
from tests.choices import CHOICES, URLS, lenient_model
from tests.choices import PAGE as PARTS
from tests.pages import AD, TEXT
from tests.test_cli import ENVIRONMENT, PAGE, Output, run


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    Path("page.html").write_text(PAGE, encoding="utf-8")
    Path("notes.txt").write_text(TEXT, encoding="utf-8")


def at_a_terminal(*arguments: str, **environment: str) -> str:
    """What a process writes where it takes standard output for a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dechaff", *arguments]
    env = {**ENVIRONMENT, "TERM": "xterm-256color", **environment}
    env = {name: value for name, value in env.items() if name in environment or name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=env)
    os.close(theirs)
    read = b""
    while True:
        try:
            chunk = os.read(ours, 1 << 16)
        except OSError:  # Linux says so where the other end is closed
            break
        if not chunk:
            break
        read += chunk
    os.close(ours)
    assert process.wait() == 0
    return read.decode().replace("\r\n", "\n")


# clean --explain


def test_explain(capfdbinary: Output) -> None:
    result = dechaff.clean(PAGE)
    assert run(capfdbinary, "clean", "page.html", "--explain") == (0, to_terminal(result, colour=False), "")
    assert run(capfdbinary, "clean", "page.html", "--explain", "-o", "out.txt") == (0, "", "")
    assert Path("out.txt").read_text(encoding="utf-8") == to_terminal(result, colour=False)
    code, out, err = run(capfdbinary, "clean", "page.html", "--explain", "--format", "json")
    assert (code, out) == (2, "")
    assert "not allowed with" in err


def test_colour_is_for_terminals_that_want_it(capfdbinary: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, coloured = (to_terminal(dechaff.clean(PAGE), colour=colour) for colour in (False, True))
    command = ("clean", "page.html", "--explain")
    assert at_a_terminal(*command) == coloured
    assert at_a_terminal(*command, NO_COLOR="1") == plain
    assert at_a_terminal(*command, NO_COLOR="") == coloured  # as no-color.org has it
    assert at_a_terminal(*command, TERM="dumb") == plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run(capfdbinary, *command) == (0, coloured, "")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(capfdbinary, *command) == (0, plain, "")


# diff


def test_diff(capfdbinary: Output) -> None:
    expected = to_diff(dechaff.clean(PAGE), "page.html")
    assert run(capfdbinary, "diff", "page.html") == (0, expected, "")
    both = expected + to_diff(dechaff.clean(TEXT, kind="text"), "notes.txt")
    assert run(capfdbinary, "diff", "page.html", "notes.txt") == (0, both, "")
    strict = to_diff(dechaff.Cleaner(keep={"content", "ad"}).clean(PAGE), "page.html", 0)
    assert run(capfdbinary, "diff", "page.html", "-U0", "--keep", "content,ad") == (0, strict, "")
    assert run(capfdbinary, "diff", "page.html", "-o", "out.diff") == (0, "", "")
    assert Path("out.diff").read_text(encoding="utf-8") == expected
    code, out, err = run(capfdbinary, "diff", "nowhere.html", "page.html")
    assert (code, out) == (1, expected)
    assert "nowhere.html" in err
    assert run(capfdbinary, "diff", "page.html", "-U", "some")[0] == 2


def test_diff_at_a_terminal() -> None:
    Path("evil.txt").write_text(f"{TEXT}\n\nCLICK HERE NOW to claim your FREE prize \x1b]0;owned\x07", encoding="utf-8")
    shown = at_a_terminal("diff", "evil.txt")
    assert f"\x1b[31m-{AD}\x1b[0m\n" in shown
    assert "\x07" not in shown
    assert "\x1b]" not in shown


# --audit


@pytest.mark.parametrize("command", ["clean", "diff"])
def test_audit(command: str, capfdbinary: Output) -> None:
    code, _, err = run(capfdbinary, command, "page.html", "notes.txt", "--audit", "audit.jsonl")
    assert (code, err) == (0, "")
    rows = [json.loads(line) for line in Path("audit.jsonl").read_text(encoding="utf-8").splitlines()]
    results = {"page.html": dechaff.clean(PAGE), "notes.txt": dechaff.clean(TEXT, kind="text")}
    assert rows == [{"file": name, **row} for name, result in results.items() for row in removals(result)]
    assert AD in [row["text"] for row in rows if row["flags"]]


@pytest.mark.parametrize("command", ["clean", "diff", "report"])
@pytest.mark.parametrize(
    "outputs", [("-o", "out", "--audit", "./out"), ("-o", "new/", "--audit", "new"), ("--audit", "-")], ids=" ".join
)
def test_an_audit_in_the_place_of_the_results_is_wrong_usage(
    command: str, outputs: tuple[str, ...], capfdbinary: Output
) -> None:
    Path("out").write_text("of an earlier run", encoding="utf-8")
    code, out, err = run(capfdbinary, command, "page.html", *outputs)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("dechaff: --audit: ")
    assert Path("out").read_text(encoding="utf-8") == "of an earlier run"
    assert not Path("new").exists()


@pytest.mark.parametrize(
    ("command", "option"),
    [("diff", "-o"), ("report", "-o"), *((name, "--audit") for name in ("clean", "diff", "report"))],
)
def test_a_document_is_not_written_over(command: str, option: str, capfdbinary: Output) -> None:
    before = Path("page.html").read_bytes()
    code, out, err = run(capfdbinary, command, "notes.txt", "page.html", option, "./page.html")
    assert (code, out) == (2, "")
    assert err == f"dechaff: {option}: ./page.html is one of the documents; give it a file of its own\n"
    assert Path("page.html").read_bytes() == before


def test_an_audit_and_results_may_both_be_thrown_away(capfdbinary: Output) -> None:
    assert run(capfdbinary, "clean", "page.html", "-o", os.devnull, "--audit", os.devnull) == (0, "", "")


def test_an_audit_that_cannot_be_written_is_one_line(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "clean", "page.html", "--audit", "nowhere/audit.jsonl")
    assert (code, out, err.count("\n")) == (1, "", 1)


# report


def test_report(capfdbinary: Output) -> None:
    pytest.importorskip("jinja2")
    assert run(capfdbinary, "report", "page.html", "-o", "report.html", "--audit", "audit.jsonl") == (0, "", "")
    assert Path("report.html").read_text(encoding="utf-8") == dechaff.clean(PAGE).to_report(name="page.html")
    assert Path("audit.jsonl").read_text(encoding="utf-8").count("\n") == len([*removals(dechaff.clean(PAGE))])
    code, out, err = run(capfdbinary, "report", "page.html")
    assert (code, out, err) == (0, Path("report.html").read_text(encoding="utf-8"), "")
    code, out, err = run(capfdbinary, "report", "page.html", "nowhere.html", "notes.txt", "-o", "report.html")
    assert (code, out) == (1, "")
    assert "nowhere.html" in err
    assert 'href="#p2"' in Path("report.html").read_text(encoding="utf-8")
    assert run(capfdbinary, "report", "nowhere.html", "-o", "none.html")[0] == 1
    assert not Path("none.html").exists()


def test_report_to_a_folder(capfdbinary: Output) -> None:
    pytest.importorskip("jinja2")
    assert run(capfdbinary, "report", "page.html", "notes.txt", "-o", "new/") == (0, "", "")
    assert sorted(path.name for path in Path("new/pages").iterdir()) == ["0001-page.html", "0002-notes.html"]
    assert run(capfdbinary, "report", "page.html", "-o", "new") == (0, "", "")
    Path("file").write_text("")
    code, out, err = run(capfdbinary, "report", "page.html", "-o", "file/")
    assert (code, out, err.count("\n")) == (1, "", 1)


# The options of a `Cleaner`

#: Arguments for each of `CHOICES`, and for two more.
ARGUMENTS: dict[str, list[str]] = {
    "allow": ["--allow", AD[:20].lower()],
    "deny": ["--deny", "railway  bridge"],
    "sites": ["--sites", "Post.example:deny=railway bridge", "--sites", "post.example:allow=miracleslim"],
    "thresholds": [
        *("--thresholds", "ad=.1,never", "--thresholds", "self_promotion=0.1,never"),
        *("--thresholds", "teaser=.1,never", "--thresholds", "boilerplate=0.1,never"),
    ],
    "keep": ["--keep", "content, ad"],
    "collapsed": ["--no-collapsed"],
    "model": ["--model", "own model"],
    "strictness": ["--strictness", "strict", "--deny", "ice has left", "--deny", "Nowhere", "--collapsed"],
}
OF_CLEANER: dict[str, dict[str, Any]] = {
    **CHOICES,
    "model": {"model": "own model"},
    "strictness": {"strictness": "strict", "deny": ["ice has left"]},
}


def written(command: str, **options: Any) -> str:
    """What a command writes about the page if its cleaner has these options."""
    result = dechaff.Cleaner(**options).clean(PARTS, url=URLS[0])
    if command == "clean":
        return result.text + "\n"
    if command == "diff":
        return to_diff(result, "page.html")
    if command == "report":
        return result.to_report(name="page.html")
    return json.dumps({"file": "page.html", **result.scores.to_dict()}) + "\n"


@pytest.mark.parametrize("command", ["clean", "diff", "report", "score"])
@pytest.mark.parametrize("name", ARGUMENTS)
def test_commands_take_the_options_of_a_cleaner(name: str, command: str, capfdbinary: Output) -> None:
    if command == "report":
        pytest.importorskip("jinja2")
    if name == "model":
        lenient_model(Path("own model"))
    Path("page.html").write_text(PARTS, encoding="utf-8")
    form = ["--format", "json"] if command == "score" else []
    found = run(capfdbinary, command, "page.html", *form, "--url", str(URLS[0]), *ARGUMENTS[name])
    assert found == (0, written(command, **OF_CLEANER[name]), "")
    assert found[1] != written(command)


def test_sites_count_on_their_pages_alone(capfdbinary: Output) -> None:
    there, elsewhere = ([*ARGUMENTS["sites"], "--url", str(url)] for url in URLS[:2])
    assert run(capfdbinary, "clean", "page.html", *elsewhere) == run(capfdbinary, "clean", "page.html")
    assert run(capfdbinary, "clean", "page.html", *there) != run(capfdbinary, "clean", "page.html")


def test_score_is_told_what_the_documents_are(capfdbinary: Output) -> None:
    _, out, _ = run(capfdbinary, "score", "notes.txt", "--kind", "html", "--format", "json")
    assert json.loads(out) == {"file": "notes.txt", **dechaff.score(TEXT, kind="html").to_dict()}
    assert dechaff.score(TEXT, kind="html") != dechaff.score(TEXT)


@pytest.mark.parametrize("command", ["clean", "diff", "report", "score"])
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--thresholds", "ad=0.2,7"], "thresholds: ad has 7.0, not a number in 0..1"),
        (["--thresholds", "advert=0.2,0.3"], "thresholds: unknown label 'advert'"),
        (["--keep", "adverts"], "keep: unknown label 'adverts' (choose from content, "),
        (["--deny", " "], "deny holds ' ', which is no phrase"),
        (["--model", "nowhere"], f"model: nowhere{os.sep}manifest.json: No such file or directory"),
        (["--sites", "post.example:deny=x"], "sites: give --url, too, as https://example.com/page"),
        (["--sites", "post.example:deny=x", "--url", "/1"], "sites: give --url, too, as https://"),
    ],
)
def test_options_that_mean_nothing_are_one_line(
    command: str, arguments: list[str], says: str, capfdbinary: Output
) -> None:
    Path("out.html").write_text("before")
    output = [] if command == "score" else ["-o", "out.html"]
    code, out, err = run(capfdbinary, command, "page.html", *output, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"dechaff: {says}")
    assert Path("out.html").read_text() == "before"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--thresholds", "ad=much"], "argument --thresholds: 'ad=much' is not LABEL=FLAG,REMOVE"),
        (["--sites", "post.example:drop=x"], "argument --sites: 'post.example:drop=x' is not HOST:allow=PHRASE"),
    ],
)
def test_arguments_that_cannot_be_read(arguments: list[str], says: str, capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "score", "page.html", *arguments)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"dechaff score: error: {says}")


def test_help_names_everything(capfdbinary: Output) -> None:
    of_cleaner = [f"--{name}" for name in (*ARGUMENTS, "no-collapsed")]
    for command, words in (
        ("report", ("--output", "--audit", "overview", *of_cleaner)),
        ("diff", ("--unified", "--audit", *of_cleaner)),
        ("clean", ("--explain", "--audit", *of_cleaner)),
        ("score", ("--sort", *of_cleaner)),
    ):
        code, out, err = run(capfdbinary, command, "--help")
        assert (code, err) == (0, "")
        assert all(word in out for word in words)
        assert max(map(len, out.splitlines())) <= 120
    _, out, _ = run(capfdbinary, "--help")
    assert "report" in out
    assert "diff" in out


# --config


@pytest.mark.parametrize("name", ["allow", "deny", "thresholds", "keep", "collapsed"])
def test_a_file_has_the_options_of_a_cleaner(name: str, capfdbinary: Output) -> None:
    Path("parts.html").write_text(PARTS, encoding="utf-8")
    plain = {key: sorted(value) if isinstance(value, set) else value for key, value in CHOICES[name].items()}
    options = {**Options.of(plain).to_dict(), "output": "unused.jsonl"}
    Path("mine.toml").write_text(to_toml(options), encoding="utf-8")
    wanted = dechaff.Cleaner(**CHOICES[name]).clean(PARTS)
    assert run(capfdbinary, "clean", "parts.html", "--config", "mine.toml") == (0, wanted.text + "\n", "")
    Path("mine.toml").rename("pyproject.toml")
    assert run(capfdbinary, "clean", "parts.html") == (0, wanted.text + "\n", "")
    scored = json.loads(run(capfdbinary, "score", "parts.html", "--format", "json")[1])
    assert scored == {"file": "parts.html", **wanted.scores.to_dict()}


def test_an_argument_takes_the_place_of_what_a_file_says(capfdbinary: Output) -> None:
    Path("pyproject.toml").write_text('[tool.dechaff]\nkeep = ["content", "ad"]\n', encoding="utf-8")
    assert AD in run(capfdbinary, "clean", "page.html")[1]
    assert run(capfdbinary, "clean", "page.html", "--keep", "content")[1] == dechaff.clean(PAGE).text + "\n"


def test_a_file_that_means_nothing_is_named(capfdbinary: Output) -> None:
    Path("wrong.toml").write_text("strictnes = 'strict'\n", encoding="utf-8")
    for name, said in (("wrong.toml", "strictnes"), ("nowhere.toml", "nowhere.toml")):
        code, out, err = run(capfdbinary, "clean", "page.html", "--config", name)
        assert (code, out) == (2, "")
        assert said in err
