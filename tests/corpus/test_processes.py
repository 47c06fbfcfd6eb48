"""What processes do to a run: they are stopped, killed, hang, die and run out of things."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import dechaff
from dechaff.corpus import CorpusError, clean
from dechaff.corpus.supervisor import Child, FailedError, Pool
from tests.corpus.data import page, read_jsonl, rows, tree, write_jsonl

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

#: A process finds the package that is tested, wherever it runs.
SOURCE = str(Path(dechaff.__file__).parent.parent)


def begin(*arguments: str) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), SOURCE])
    command = [sys.executable, "-m", "dechaff", "corpus", *arguments, "-j", "2"]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.PIPE)


def finish(*arguments: str) -> str:
    process = begin(*arguments)
    said = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 0, said
    return said


def wait_for(path: Path, lines: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a file has so many lines."""
    until = time.monotonic() + 120
    while not path.exists() or path.read_bytes().count(b"\n") < lines:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.01)


def alive(folder: Path) -> bool:
    """Whether a process that works on files in a folder runs."""
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(entry).startswith(str(folder)):
                return True
        except OSError:
            continue
    return False


# Stopped and resumed


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.parquet", "out"])
def test_a_run_that_is_killed_goes_on_to_the_same_bytes(name: str, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(120))
    options = [str(tmp_path / "in.jsonl"), "--shard-bytes", "20000", "--removed", "--quiet"]
    finish(*options, "-o", str(tmp_path / "whole" / name))
    whole = tree(tmp_path / "whole")
    assert len(whole) > 12
    moments, kills = random.Random(name), (0, 3, 8) if name == "out.jsonl.gz" else (4,)
    output = tmp_path / "killed" / name
    side = output / "_dechaff" if name == "out" else output.with_name(f"{name}.dechaff")
    for done in kills:
        process = begin(*options, "-o", str(output), "--resume")
        wait_for(side / "journal.jsonl" if done else side / "run.json", done or 1, process)
        time.sleep(moments.random() * 0.2)
        process.kill()
        process.communicate()
    finish(*options, "-o", str(output), "--resume")
    assert tree(tmp_path / "killed") == whole
    finish(*options, "-o", str(output), "--resume")  # nothing is left to do
    assert tree(tmp_path / "killed") == whole


@pytest.mark.parametrize("resume", [True, False])
def test_what_was_left_beside_the_output_goes(resume: bool, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(3))
    left = tmp_path / ".out.jsonl.0123abcd.dechaff-tmp"  # of a run that was killed as it wrote the output
    others = tmp_path / ".out2.jsonl.0123abcd.dechaff-tmp"
    left.write_text("half")
    others.write_text("half")
    finish(str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"), *(["--resume"] if resume else []))
    assert not left.exists()
    assert others.exists()


def test_ctrl_c_and_what_is_left(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(250))
    options = [str(tmp_path / "in.jsonl"), "--shard-bytes", "20000", "-o", str(tmp_path / "out.jsonl")]
    process = begin(*options)
    wait_for(tmp_path / "out.jsonl.dechaff" / "journal.jsonl", 3, process)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 130
    assert "run it again with --resume" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out.jsonl").exists()
    until = time.monotonic() + 10
    while alive(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(tmp_path)
    finish(*options, "--resume")
    assert [row["n"] for row in read_jsonl(tmp_path / "out.jsonl")] == [*range(250)]


@pytest.mark.usefixtures("here")
def test_what_changed_is_not_resumed(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        write_jsonl(tmp_path / name, rows(3))
    inputs, output = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tmp_path / "out.jsonl"
    clean(inputs, output, quiet=True, jobs=1)
    with pytest.raises(CorpusError, match="strictness was 'balanced' and is 'strict'"):
        clean(inputs, output, resume=True, strictness="strict")
    with pytest.raises(CorpusError, match="the inputs were"):
        clean(inputs[:1], output, resume=True)
    write_jsonl(tmp_path / "b.jsonl", rows(4))
    with pytest.raises(CorpusError, match=r"b\.jsonl has changed since"):
        clean(inputs, output, resume=True)
    clean(tmp_path, tmp_path / "all", quiet=True, jobs=1)
    write_jsonl(tmp_path / "c.jsonl", rows(1))
    with pytest.raises(CorpusError, match=r"c\.jsonl"):
        clean(tmp_path, tmp_path / "all", resume=True)


def test_two_runs_do_not_write_to_one_output(tmp_path: Path) -> None:
    from dechaff.corpus.journal import locked

    write_jsonl(tmp_path / "in.jsonl", rows(1))
    with locked(str(tmp_path / "out.jsonl.dechaff")), pytest.raises(CorpusError, match="another run"):
        clean(tmp_path / "in.jsonl", tmp_path / "out.jsonl")


def test_a_full_disk_stops_the_run_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    # A limit on the size of files stands for a disk that is full.
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    (folder / "sitecustomize.py").write_text(limit + "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))")
    write_jsonl(tmp_path / "in.jsonl", rows(60))
    output = tmp_path / "out.jsonl"
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with pytest.raises(CorpusError, match=r"(?i)file too large.*--resume"):
            clean(tmp_path / "in.jsonl", output, quiet=True, jobs=1)
    assert not output.exists()
    assert clean(tmp_path / "in.jsonl", output, quiet=True, jobs=1, resume=True).documents == 60
    assert [row["n"] for row in read_jsonl(output)] == [*range(60)]


# Documents that do harm


@pytest.mark.usefixtures("harm")
def test_documents_that_hang_or_kill_are_rows(tmp_path: Path) -> None:
    lines = rows(80)
    for number, word in ((3, "HANGS"), (40, "DIES"), (41, "CRASHES"), (79, "RAISES")):
        lines[number]["html"] = f"<p>{word}</p>"
    write_jsonl(tmp_path / "in.jsonl", lines)
    summary = clean(tmp_path / "in.jsonl", tmp_path / "out.jsonl", quiet=True, jobs=1, timeout_per_document=3)
    found = read_jsonl(tmp_path / "out.jsonl")
    assert [row["n"] for row in found] == [*range(80)]
    failed = {row["n"]: (row["dechaff_status"], row["dechaff_error"]) for row in found if row["dechaff_error"]}
    assert failed[3] == ("timeout", "it took longer than 3 seconds")
    assert failed[40] == ("error", "the process that cleaned it died (signal 9)")
    assert failed[41][0] == "error"
    assert failed[79] == ("error", "RuntimeError: no such luck")
    assert [*failed] == [3, 40, 41, 79]
    assert summary.by_status == {"ok": 76, "timeout": 1, "error": 3}
    assert found[4]["text"] == dechaff.clean(page(4)).text
    assert not summary.failed_shards


@pytest.mark.usefixtures("harm")
def test_a_process_that_hangs_does_not_outlive_a_run_that_is_killed(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"html": "<p>HANGS</p>"}])
    process = begin(str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), "--timeout-per-document", "3")
    until = time.monotonic() + 30
    while not any((tmp_path / "out").glob(".*")) and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    until = time.monotonic() + 20
    while alive(tmp_path) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(tmp_path)


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(150))
    process = begin(str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"), "--shard-bytes", "30000")
    wait_for(tmp_path / "out.jsonl.dechaff" / "journal.jsonl", 2, process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").parent.parent
    workers = [int(pid) for task in children.glob("*/children") for pid in task.read_text().split()]
    assert workers
    os.kill(workers[0], signal.SIGKILL)
    assert process.communicate(timeout=120)[1]
    assert process.returncode == 0
    assert [row["n"] for row in read_jsonl(tmp_path / "out.jsonl")] == [*range(150)]


# How far it is


def test_progress_as_json(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(8))
    said = finish(str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), "--json-log")
    facts: dict[str, Any] = json.loads(said.splitlines()[-1])
    assert (facts["event"], facts["documents"], facts["share"], facts["flags"]) == ("finished", 8, 1.0, 8)
    assert facts["total_bytes"] == (tmp_path / "in.jsonl").stat().st_size


def test_progress_on_a_terminal(tmp_path: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    write_jsonl(tmp_path / "in.jsonl", rows(8))
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 150, 0, 0))
    command = [sys.executable, "-m", "dechaff", "corpus", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    with subprocess.Popen(command, stderr=side, env=environment) as process:
        os.close(side)
        shown = b""
        while True:
            try:
                piece = os.read(main, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
    os.close(main)
    assert process.returncode == 0
    assert b"8 docs" in shown
    assert b"100%" in shown


def test_a_worker_without_the_folder_that_names_start_from_says_so(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="gone: No such file or directory"):
        Child(str(tmp_path / "gone"))


def test_what_plans_a_run_loads_no_model_and_no_arrays() -> None:
    """It waits for none of that before the processes that clean are started."""
    heavy = {"numpy", "selectolax", "joblib", "pyarrow", "dechaff.cleaner", "dechaff.lines"}
    code = f"import dechaff.corpus.runner, sys; print(sorted({heavy!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_processes_are_started_before_they_are_asked_for(tmp_path: Path) -> None:
    pool = Pool()
    pool.start(2)
    first, second = pool.idle
    assert pool.take() is second
    pool.give_back(second)
    pool.stop()
    assert {first.process.poll(), second.process.poll()} == {-signal.SIGKILL}
    pool = Pool(str(tmp_path / "none"))
    pool.start(1)
    with pytest.raises(FailedError, match="none"):
        pool.take()
