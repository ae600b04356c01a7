"""The one folder: private, whole or not at all."""

import os
from pathlib import Path

import pytest

from safecomm.core.errors import SafeCommError
from safecomm.core.words import Use
from safecomm.home import home, keep_use, kept_use, write_private


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAFECOMM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_no_answer_is_kept_before_one_is_given(folder: Path) -> None:
    assert kept_use() is None
    assert not folder.exists(), "asking makes nothing"


@pytest.mark.parametrize("use", list(Use))
def test_an_answer_is_kept_privately(folder: Path, use: Use) -> None:
    keep_use(use)
    assert kept_use() is use
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "tor-use").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["tor-use"]


@pytest.mark.parametrize("text", [b"", b"yes", b"\xff\xfe", b"visible hidden"])
def test_a_spoilt_answer_is_no_answer(folder: Path, text: bytes) -> None:
    home()
    (folder / "tor-use").write_bytes(text)
    assert kept_use() is None


def test_an_open_folder_is_closed(folder: Path) -> None:
    folder.mkdir(mode=0o777)
    home()
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("how", ["everybody's", "another's"])
def test_a_folder_that_is_not_ours_alone_is_left_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    folder.mkdir()
    folder.chmod(0o1777 if how == "everybody's" else 0o755)
    if how == "another's":
        monkeypatch.setattr("os.getuid", lambda: folder.stat().st_uid + 1)
    before = folder.stat().st_mode
    with pytest.raises(SafeCommError):
        home()
    assert folder.stat().st_mode == before


@pytest.mark.timeout(30)
def test_a_pipe_in_place_of_the_answer_holds_nobody(folder: Path) -> None:
    home()
    os.mkfifo(folder / "tor-use")
    assert kept_use() is None


def test_what_cannot_be_written_leaves_nothing_behind(folder: Path) -> None:
    home()
    (folder / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_private("taken", "text")
    assert [path.name for path in folder.iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_made_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SAFECOMM_HOME", str(tmp_path / "file" / "home"))
    assert kept_use() is None
    with pytest.raises(SafeCommError):
        keep_use(Use.VISIBLE)
