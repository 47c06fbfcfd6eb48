"""Where results go: standard output, or a file that is replaced as a whole."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from dechaff.output.sink import Sink, SinkError, same_file


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", [None, "-"])
def test_standard_output_is_utf8(name: str | None, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with Sink(name) as out:
        out.write("größer\n")
        out.write("東京\n")
    assert capfdbinary.readouterr().out == "größer\n東京\n".encode()


def test_a_lone_surrogate_is_escaped(tmp_path: Path) -> None:
    with Sink(str(tmp_path / "out")) as out:
        out.write("a\ud800b")
    assert (tmp_path / "out").read_bytes() == b"a\\ud800b"


def test_a_file_appears_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with Sink(str(path)) as out:
        out.write("one\n")
        assert not path.exists()
        assert len(hidden(tmp_path)) == 1
    assert path.read_bytes() == b"one\n"
    assert not hidden(tmp_path)


def test_an_older_file_stays_until_then_and_if_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("before")

    def fail_on_the_way() -> None:
        with Sink(str(path)) as out:
            out.write("half")
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        fail_on_the_way()
    assert path.read_text() == "before"
    assert not hidden(tmp_path)
    with Sink(str(path)) as out:
        out.write("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("")
    path.chmod(0o604)
    with Sink(str(path)) as out:
        out.write("x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "out.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    with Sink(str(link)) as out:
        out.write("x")
    assert link.is_symlink()
    assert target.read_text() == "x"


def test_a_long_name(tmp_path: Path) -> None:
    name = "n" * 250
    with Sink(str(tmp_path / name)) as out:
        out.write("x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with Sink(str(pipe)) as out:
        out.write("through")
    reader.join(10)
    assert read == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(("name", "says"), [("nowhere/out.txt", "No such file"), ("", "directory"), (".", "directory")])
def test_what_cannot_be_written_is_named(name: str, says: str, tmp_path: Path) -> None:
    full = f"{tmp_path}/{name}"
    with pytest.raises(SinkError) as caught, Sink(full):
        pass
    assert str(caught.value).startswith(f"{full}: ")
    assert says in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_device_is_named() -> None:
    with pytest.raises(SinkError, match="/dev/full: No space left"), Sink("/dev/full") as out:
        out.write("x" * 1_000_000)
    with pytest.raises(SinkError, match="/dev/full: No space left"), Sink("/dev/full") as out:
        out.write("x")  # seen when the file is closed


def test_closed_standard_output_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SinkError, match="standard output"), Sink(None):
        pass


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_that_left_is_no_sink_error(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    out = Sink(str(pipe)).__enter__()
    os.close(reader)
    with pytest.raises(BrokenPipeError):
        out.write("x" * 1_000_000)
    out.__exit__(BrokenPipeError, None, None)


def test_a_name_that_cannot_be_looked_up_is_no_other_file(tmp_path: Path) -> None:
    assert not same_file("x" * 300, str(tmp_path / "out"))
    assert same_file(str(tmp_path / "out"), str(tmp_path / "." / "out"))
