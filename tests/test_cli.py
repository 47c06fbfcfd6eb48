"""The command line: as a process of its own where that matters, else through `main`."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dechaff
from dechaff import cli
from tests.pages import AD, PARAGRAPHS, TEXT, TITLE, article

#: A process finds the package that is tested, wherever it runs.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(dechaff.__file__).parent.parent)}

PAGE = article(ad=AD)
CLEANED = "\n\n".join(PARAGRAPHS) + "\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_text(PAGE, encoding="utf-8")
    Path("notes.txt").write_text(TEXT, encoding="utf-8")
    Path("empty.html").write_bytes(b"")


def dechaff_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**ENVIRONMENT, **options.pop("env", {})}
    command = [sys.executable, "-m", "dechaff", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False, **options)


Output = pytest.CaptureFixture[bytes]


def run(capture: Output, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `main`."""
    try:
        code = cli.main(arguments)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    out, err = capture.readouterr()
    return code, out.decode(), err.decode()


# As a process


def test_a_page_is_cleaned_by_a_process() -> None:
    done = dechaff_process("clean", "page.html")
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, CLEANED, b"")


def test_standard_input_in_an_ascii_locale() -> None:
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = dechaff_process("clean", "-", input=PAGE.encode(), env=environment)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, CLEANED, b"")
    assert "“We could" in done.stdout.decode()


def test_help_and_messages_in_an_ascii_locale() -> None:
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    for command in ("clean", "score", "report", "diff", "corpus"):
        done = dechaff_process(command, "--help", env=environment)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"--strictness" in done.stdout
    done = dechaff_process("clean", "größe.html", env=environment)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"No such file" in done.stderr


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_scores_of_what_cannot_be_read_come_with_a_warning(form: str) -> None:
    Path("paper.pdf").write_bytes(b"%PDF-1.4\n\x00\xff")
    done = dechaff_process("score", "paper.pdf", "page.html", "--format", form)
    assert done.returncode == 0
    assert done.stderr == dechaff_process("clean", "paper.pdf").stderr
    assert done.stderr == b"dechaff: paper.pdf: the document is neither page nor text: PDF document\n"


@pytest.mark.skipif(os.name == "nt", reason="names of POSIX")
@pytest.mark.parametrize("command", ["clean", "score", "diff", "corpus"])
def test_names_do_not_steer_the_terminal(command: str) -> None:
    name = "\x1b]0;owned\x07\nevil.html"
    done = dechaff_process(command, f"no {name}", *(["-o", "out.jsonl"] if command == "corpus" else []))
    assert done.returncode != 0
    assert b"no \\x1b]0;owned\\x07\\nevil.html" in done.stderr
    assert b"\x1b" not in done.stderr
    Path(name).write_text(PAGE, encoding="utf-8")
    assert b"\x1b" not in dechaff_process("score", name).stdout
    assert b"\x1b" not in dechaff_process("clean", name, "page.html").stdout


def test_a_missing_file_is_one_line() -> None:
    done = dechaff_process("clean", "nowhere.html")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == "dechaff: nowhere.html: No such file or directory\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_that_leaves_is_no_error() -> None:
    Path("long.txt").write_text(f"{PARAGRAPHS[0]}\n\n" * 1_000, encoding="utf-8")
    names = " ".join(["long.txt"] * 3)
    command = f'"{sys.executable}" -m dechaff clean {names} 2>errors | head -c 10; exit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=ENVIRONMENT, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"==> long.t")
    assert Path("errors").read_bytes() == b""


@pytest.mark.skipif(os.name == "nt", reason="shells of POSIX")
@pytest.mark.parametrize(
    ("redirected", "says"), [("clean page.html >&-", "standard output"), ("clean - <&-", "standard input is closed")]
)
def test_closed_streams_are_one_line(redirected: str, says: str) -> None:
    command = f'"{sys.executable}" -m dechaff {redirected}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, env=ENVIRONMENT, timeout=60, check=False)
    assert done.returncode == 1
    assert says in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "dechaff", "clean", "page.html"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, b"dechaff: standard output: No space left on device\n")


# Usage


def test_help(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "--help")
    assert (code, err) == (0, "")
    for word in ("clean", "score", "--version", "exit codes", "130"):
        assert word in out
    code, out, err = run(capfdbinary, "clean", "--help")
    assert (code, err) == (0, "")
    for word in ("--format", "--strictness", "--kind", "--keep", "--url", "--output", "exit codes", "self_promotion"):
        assert word in out
    assert max(map(len, out.splitlines())) <= 120
    code, out, err = run(capfdbinary, "score", "--help")
    assert (code, err) == (0, "")
    assert "--format" in out
    assert "--sort" in out
    for score in ("trust", "clickbait", "hidden_share", "content_quality"):
        assert score in out


def test_version(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "--version")
    assert (code, err) == (0, "")
    assert out.startswith("dechaff ")
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "COMMAND"),
        (["tidy", "page.html"], "tidy"),
        (["clean"], "FILE"),
        (["score"], "FILE"),
        (["clean", "page.html", "--format", "pdf"], "pdf"),
        (["clean", "page.html", "--strictness", "harsh"], "harsh"),
        (["clean", "page.html", "--kind", "pdf"], "pdf"),
        (["clean", "page.html", "--keep", "content,adverts"], "'adverts'"),
        (["clean", "page.html", "--keep", ""], "content"),
        (["clean", "page.html", "--strict", "strict"], "--strict"),
        (["score", "page.html", "--format", "xml"], "xml"),
        (["score", "page.html", "--sort", "beauty"], "content_share"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


# clean


def test_formats(capfdbinary: Output) -> None:
    result = dechaff.clean(PAGE)
    assert run(capfdbinary, "clean", "page.html", "--format", "text") == (0, CLEANED, "")
    assert run(capfdbinary, "clean", "page.html", "--format", "markdown") == (0, result.to_markdown() + "\n", "")
    assert run(capfdbinary, "clean", "page.html", "--format", "html") == (0, result.to_html(), "")
    code, out, err = run(capfdbinary, "clean", "page.html", "--format", "json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert json.loads(out) == {"file": "page.html", **result.to_dict()}


def test_options_are_those_of_a_cleaner(capfdbinary: Output) -> None:
    def found(*arguments: str) -> dict[str, Any]:
        code, out, err = run(capfdbinary, "clean", "page.html", "--format", "json", *arguments)
        assert (code, err) == (0, "")
        plain: dict[str, Any] = json.loads(out)
        del plain["file"]
        return plain

    for strictness in ("lenient", "balanced", "strict"):
        cleaner = dechaff.Cleaner(strictness=strictness)  # type: ignore[arg-type]
        assert found("--strictness", strictness) == cleaner.clean(PAGE).to_dict()
    assert found("--kind", "text") == dechaff.clean(PAGE, kind="text").to_dict()
    assert found("--url", "https://post.example/") == dechaff.clean(PAGE, url="https://post.example/").to_dict()
    kept = found("--keep", "content, ad")
    assert kept == dechaff.Cleaner(keep={"content", "ad"}).clean(PAGE).to_dict()
    assert AD in kept["text"]


def test_names_say_what_is_text(capfdbinary: Output) -> None:
    for name, kind in (("a.txt", "text"), ("a.MD", "text"), ("a.html", "html"), ("a", "html")):
        Path(name).write_text(PAGE, encoding="utf-8")
        _, out, _ = run(capfdbinary, "clean", name, "--format", "json")
        assert json.loads(out)["kind"] == kind
        _, out, _ = run(capfdbinary, "clean", name, "--format", "json", "--kind", "html")
        assert json.loads(out)["kind"] == "html"


def test_several_files_have_headings(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "clean", "page.html", "notes.txt", "empty.html")
    assert code == 0
    assert out == f"==> page.html <==\n{CLEANED}\n==> notes.txt <==\n{CLEANED}\n==> empty.html <==\n"
    assert err == "dechaff: empty.html: the document is empty\n"


def test_several_files_as_json_are_a_line_each(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "clean", "page.html", "empty.html", "--format", "json")
    assert (code, err) == (0, "")  # what there is to say stands inside
    assert [json.loads(line)["file"] for line in out.splitlines()] == ["page.html", "empty.html"]
    assert json.loads(out.splitlines()[1])["warnings"] == ["the document is empty"]


def test_what_can_be_read_is_cleaned(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "clean", "nowhere.html", "page.html", ".", "")
    assert code == 1
    assert out == f"==> page.html <==\n{CLEANED}"
    assert [line.split(": ")[1] for line in err.splitlines()] == ["nowhere.html", ".", ""]
    assert all(line.startswith("dechaff: ") for line in err.splitlines())


def test_what_is_no_page_is_said(capfdbinary: Output) -> None:
    Path("picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    code, out, err = run(capfdbinary, "clean", "picture.html")
    assert (code, out) == (0, "")
    assert err.startswith("dechaff: picture.html: ")
    assert "PNG image" in err
    assert err.count("\n") == 1


def test_standard_input(capfdbinary: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    assert run(capfdbinary, "clean", "-") == (0, CLEANED, "")


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes there")
def test_names_that_are_no_unicode(capfdbinary: Output) -> None:
    name = os.fsdecode(b"page\xff.html")
    Path(name).write_text(PAGE, encoding="utf-8")
    code, out, err = run(capfdbinary, "clean", name, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["file"] == name
    code, out, err = run(capfdbinary, "clean", name, name)
    assert (code, err) == (0, "")


# -o


def leftovers() -> list[str]:
    return [path.name for path in Path().iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_output_to_a_file(option: str, capfdbinary: Output) -> None:
    assert run(capfdbinary, "clean", "page.html", option, "out.txt") == (0, "", "")
    assert Path("out.txt").read_bytes() == CLEANED.encode()
    assert not leftovers()
    assert run(capfdbinary, "clean", "page.html", option, "-") == (0, CLEANED, "")


def test_an_output_may_be_an_input(capfdbinary: Output) -> None:
    assert run(capfdbinary, "clean", "page.html", "-o", "page.html") == (0, "", "")
    assert Path("page.html").read_bytes() == CLEANED.encode()


def test_an_output_is_replaced_as_a_whole_or_not_at_all(capfdbinary: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.txt").write_text("before")
    Path("out.txt").chmod(0o640)

    def fails(self: dechaff.Cleaner, document: object, **options: object) -> dechaff.Result:
        assert Path("out.txt").read_text() == "before"
        if fails_on in document:  # type: ignore[operator]
            raise KeyboardInterrupt
        return clean(self, document, **options)  # type: ignore[arg-type]

    clean, fails_on = dechaff.Cleaner.clean, b"</html>"
    monkeypatch.setattr(dechaff.Cleaner, "clean", fails)
    assert run(capfdbinary, "clean", "notes.txt", "page.html", "-o", "out.txt")[0] == 130
    assert Path("out.txt").read_text() == "before"
    assert not leftovers()
    fails_on = b"nowhere in it"
    assert run(capfdbinary, "clean", "page.html", "-o", "out.txt") == (0, "", "")
    assert Path("out.txt").read_bytes() == CLEANED.encode()
    assert stat.S_IMODE(Path("out.txt").stat().st_mode) == 0o640


def test_an_output_stays_if_nothing_could_be_read(capfdbinary: Output) -> None:
    Path("out.txt").write_text("before")
    assert run(capfdbinary, "clean", "nowhere.html", "-o", "out.txt")[0] == 1
    assert Path("out.txt").read_text() == "before"


@pytest.mark.parametrize("name", ["nowhere/out.txt", "."])
def test_an_output_that_cannot_be_written_is_one_line(name: str, capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "clean", "page.html", "-o", name)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert err.startswith("dechaff: ")
    assert not leftovers()


# score


def test_scores_as_a_table(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "score", "page.html", "notes.txt", "nowhere.html")
    assert code == 1
    assert err == "dechaff: nowhere.html: No such file or directory\n"
    heading, *rows = out.splitlines()
    names = heading.split()
    assert names == [*dechaff.PageScores().to_dict(), "file"]
    assert [row.split()[-1] for row in rows] == ["page.html", "notes.txt"]
    for row, document in zip(rows, (PAGE, TEXT), strict=True):
        assert [float(cell) for cell in row.split()[:-1]] == list(dechaff.score(document).to_dict().values())
        assert len(row) - len(row.split()[-1]) == len(heading) - len("file")  # columns stand below their names


def test_scores_as_json(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "score", "page.html", "empty.html", "--format", "json")
    assert (code, err) == (0, "dechaff: empty.html: the document is empty\n")
    first, second = map(json.loads, out.splitlines())
    assert first == {"file": "page.html", **dechaff.score(PAGE).to_dict()}
    assert second == {"file": "empty.html", **dechaff.PageScores().to_dict()}


def test_scores_as_csv(capfdbinary: Output) -> None:
    name = 'an "odd", name.html'
    Path(name).write_text(PAGE, encoding="utf-8")
    code, out, err = run(capfdbinary, "score", name, "empty.html", "--format", "csv")
    assert (code, err) == (0, "dechaff: empty.html: the document is empty\n")
    first, second = csv.DictReader(io.StringIO(out))
    assert [*first] == ["file", *dechaff.PageScores().to_dict()]
    assert (first.pop("file"), second["file"]) == (name, "empty.html")
    assert {key: float(value) for key, value in first.items()} == dechaff.score(PAGE).to_dict()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_scores_in_order(form: str, capfdbinary: Output) -> None:
    files = ["empty.html", "page.html", "notes.txt", "empty.html"]
    _, out, _ = run(capfdbinary, "score", *files, "--sort", "content_share", "--format", form)
    names = [name for line in out.splitlines() for name in files[:3] if name in line]
    assert dechaff.score(TEXT).content_share > dechaff.score(PAGE).content_share > 0
    assert names == ["notes.txt", "page.html", "empty.html", "empty.html"]


def test_scores_of_nothing(capfdbinary: Output) -> None:
    assert run(capfdbinary, "score", "nowhere.html")[:2] == (1, "")


def test_the_title_of_the_page_is_in_markdown(capfdbinary: Output) -> None:
    assert run(capfdbinary, "clean", "page.html", "--format", "markdown")[1].startswith(f"# {TITLE}\n\n")


def test_phrases_decide_about_lines(capfdbinary: Output) -> None:
    assert AD in run(capfdbinary, "clean", "--allow", AD[:15].lower(), "page.html")[1]
    assert PARAGRAPHS[1] not in run(capfdbinary, "clean", "--deny", PARAGRAPHS[1][:30], "page.html")[1]
    assert run(capfdbinary, "clean", "--deny", " ", "page.html")[0] == 2
