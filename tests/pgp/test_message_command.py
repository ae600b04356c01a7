"""Messages on the command line, with a real gpg on both sides."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pgp.tool import PASSPHRASE, Tool

TEXT = "Meet at the market. \u2713\n".encode()


@pytest.fixture
def keys(amina: Tool, bruno: Tool) -> tuple[str, str]:
    """Both know each other's key; Bruno has verified Amina's."""
    hers, his = amina.generate("Amina"), bruno.generate("Bruno")
    assert bruno("key", "import", "-", data=amina.public(hers)).code == 0
    assert amina("key", "import", "-", data=bruno.public(his)).code == 0
    assert bruno("key", "verify", hers, "--fingerprint", hers, "--how", "in-person").code == 0
    return hers, his


def test_a_message_goes_there_and_is_known_to_be_hers(
    amina: Tool, bruno: Tool, keys: tuple[str, str]
) -> None:
    hers, his = keys
    sent = amina("message", "encrypt", "--to", his, "--sign-by", hers, data=TEXT, passphrase=PASSPHRASE)
    assert sent.code == 0 and b"Version" not in sent.out and TEXT not in sent.out
    assert "not verified" in sent.err
    got = bruno("message", "decrypt", "--json", data=sent.out, passphrase=PASSPHRASE)
    assert got.code == 0 and got.json["text"].encode() == TEXT
    (signature,) = got.json["signatures"]
    assert (signature["status"], signature["fingerprint"]) == ("good", hers)


def test_a_statement_is_good_only_by_a_verified_key(amina: Tool, bruno: Tool, keys: tuple[str, str]) -> None:
    hers, his = keys
    statement = amina("message", "sign", "--clear", "--by", hers, data=TEXT, passphrase=PASSPHRASE).out
    good = bruno("message", "verify", "--json", data=statement)
    assert (good.code, good.json["cause"], good.json["text"].encode()) == (0, "good", TEXT)
    theirs = bruno("message", "sign", "--clear", "--by", his, data=TEXT, passphrase=PASSPHRASE).out
    doubt = amina("message", "verify", "--json", data=theirs)
    assert (doubt.code, doubt.json["cause"]) == (4, "unverified")
    bruno("key", "verify", hers, "--forget")
    assert bruno("message", "verify", data=statement).code == 4
    bruno("key", "delete", hers, "--yes")
    unknown = bruno("message", "verify", "--json", data=statement)
    assert (unknown.code, unknown.json["cause"]) == (4, "no_key")


def test_a_changed_statement_is_bad_and_is_not_shown(amina: Tool, bruno: Tool, keys: tuple[str, str]) -> None:
    statement = amina("message", "sign", "--clear", "--by", keys[0], data=TEXT, passphrase=PASSPHRASE).out
    said = bruno("message", "verify", "--json", data=statement.replace(b"market", b"bridge"))
    assert (said.code, said.json["cause"], said.json["text"]) == (3, "bad", None)


@pytest.mark.parametrize("place", ["before", "after", "twice"])
def test_text_beside_a_statement_is_not_taken_for_signed(
    amina: Tool, bruno: Tool, keys: tuple[str, str], place: str
) -> None:
    statement = amina("message", "sign", "--clear", "--by", keys[0], data=TEXT, passphrase=PASSPHRASE).out
    parts = {
        "before": [b"Trust me\n", statement],
        "after": [statement, b"PS: new account\n"],
        "twice": [statement] * 2,
    }
    assert bruno("message", "verify", data=b"".join(parts[place])).code != 0


def test_a_detached_signature_holds_for_its_file_alone(
    amina: Tool, bruno: Tool, keys: tuple[str, str], tmp_path: Path
) -> None:
    file, signature = tmp_path / "video", str(tmp_path / "video.sig")
    file.write_bytes(bytes(range(256)) * 5000)
    made = amina(
        "message", "sign", "--detached", "--by", keys[0], str(file), "-o", signature, passphrase=PASSPHRASE
    )
    assert made.code == 0
    assert bruno("message", "verify", str(file), "--signature", signature).code == 0
    with file.open("r+b") as changed:
        changed.seek(1000)
        changed.write(b"!")
    said = bruno("message", "verify", str(file), "--signature", signature, "--json")
    assert (said.code, said.json["cause"]) == (3, "bad")


def test_unsigned_is_said_to_be_unsigned(bruno: Tool) -> None:
    said = bruno("message", "verify", "--json", data=b"just text\n")
    assert (said.code, said.json["cause"]) == (4, "no_signature")


def test_a_revoked_signer_is_never_good(amina: Tool, bruno: Tool, keys: tuple[str, str]) -> None:
    hers, _ = keys
    statement = amina("message", "sign", "--clear", "--by", hers, data=TEXT, passphrase=PASSPHRASE).out
    amina("key", "revoke", hers, "--with-certificate")
    bruno("key", "import", "-", data=amina.public(hers))
    said = bruno("message", "verify", "--json", data=statement)
    assert (said.code, said.json["cause"]) == (3, "revoked_key")


def test_a_message_to_others_or_a_damaged_one_gives_nothing(
    amina: Tool, bruno: Tool, keys: tuple[str, str], tmp_path: Path
) -> None:
    hers, his = keys
    to_herself = amina("message", "encrypt", "--to", hers, "--binary", data=TEXT * 50).out
    other = bruno("message", "decrypt", "--json", data=to_herself, passphrase=PASSPHRASE)
    assert (other.code, other.json["cause"]) == (3, "no_secret_for_it")
    sent = bytearray(amina("message", "encrypt", "--to", his, "--binary", data=TEXT * 50).out)
    sent[-40] ^= 1
    output = tmp_path / "out"
    damaged = bruno(
        "message", "decrypt", "-o", str(output), "--json", data=bytes(sent), passphrase=PASSPHRASE
    )
    assert (damaged.code, damaged.json["cause"]) == (3, "damaged")
    assert not output.exists() and list(tmp_path.glob(".safecomm-*")) == []
    cut = bruno("message", "decrypt", "--json", data=bytes(sent[: len(sent) // 2]), passphrase=PASSPHRASE)
    assert cut.code == 3 and "text" not in cut.json
    wrong = bruno(
        "message",
        "decrypt",
        "--json",
        data=amina("message", "encrypt", "--to", his, data=TEXT).out,
        passphrase="x",
    )
    assert (wrong.code, wrong.json["cause"]) == (3, "wrong_passphrase")
    assert (
        bruno("message", "decrypt", "--json", data=b"hello", passphrase="x").json["cause"] == "not_encrypted"
    )


def test_files_keep_no_name_and_are_never_written_over(
    amina: Tool, bruno: Tool, keys: tuple[str, str], tmp_path: Path
) -> None:
    source, locked, output = (tmp_path / name for name in ("source-name", "locked", "out"))
    source.write_bytes(bytes(range(256)) * 20000)
    assert amina("message", "encrypt", "--to", keys[1], "--binary", str(source), "-o", str(locked)).code == 0
    assert b"source-name" not in locked.read_bytes()
    assert bruno("message", "decrypt", str(locked), "-o", str(output), passphrase=PASSPHRASE).code == 0
    assert output.read_bytes() == source.read_bytes() and output.stat().st_mode & 0o777 == 0o600
    again = bruno("message", "decrypt", str(locked), "-o", str(output), "--json", passphrase=PASSPHRASE)
    assert (again.code, again.json["cause"]) == (3, "exists")


def test_an_unsigned_message_gets_no_good_sign(bruno: Tool) -> None:
    own = bruno.generate("Bruno")
    sent = bruno("message", "encrypt", "--to", own, data=TEXT).out
    said = bruno("message", "decrypt", data=sent, passphrase=PASSPHRASE)
    assert said.err == "? There is no signature.\n"


def test_no_argument_and_no_environment_of_gpg_holds_a_secret(
    amina: Tool, keys: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gpg that notes how it was called and then is the real one."""
    seen, spy = tmp_path / "seen", tmp_path / "bin" / "gpg"
    spy.parent.mkdir()
    real = shutil.which("gpg")
    spy.write_text(f"""#!/bin/sh
{{ echo "$@"; env; }} >>{seen}
exec {real} "$@"
""")
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}:{os.environ['PATH']}")
    hers, his = keys
    sent = amina("message", "encrypt", data=TEXT, to=his).out
    assert amina("message", "sign", "--by", hers, data=TEXT, passphrase=PASSPHRASE).code == 0
    assert amina("message", "decrypt", data=sent, passphrase=PASSPHRASE).code == 3
    third = amina.generate("Third Name")
    noted = seen.read_text()
    assert "--encrypt" in noted and "--full-generate-key" in noted
    for secret in (PASSPHRASE, his, hers, "market", "Third Name"):
        assert secret not in noted
    assert third in noted  # what is looked for is found where it is


def test_hidden_recipients_can_still_read(amina: Tool, bruno: Tool, keys: tuple[str, str]) -> None:
    sent = amina("message", "encrypt", "--to", keys[1], "--hide-recipients", data=TEXT).out
    assert bruno("message", "decrypt", data=sent, passphrase=PASSPHRASE).out == TEXT


def test_recipients_can_come_by_a_descriptor(amina: Tool, bruno: Tool, keys: tuple[str, str]) -> None:
    sent = amina("message", "encrypt", data=TEXT, to=keys[1])
    assert bruno("message", "decrypt", data=sent.out, passphrase=PASSPHRASE).out == TEXT


def test_a_made_passphrase_opens_what_it_locked(amina: Tool, bruno: Tool) -> None:
    made = amina("message", "encrypt", "--symmetric", "--new-passphrase", "--json", data=TEXT).json
    got = bruno("message", "decrypt", data=made["text"].encode(), passphrase=made["passphrase"])
    assert got.out == TEXT
    wrong = bruno("message", "decrypt", "--json", data=made["text"].encode(), passphrase="x")
    assert (wrong.code, wrong.json["cause"]) == (3, "wrong_passphrase")


def test_without_a_passphrase_it_is_asked_for_and_not_guessed(amina: Tool) -> None:
    key = amina.generate()
    sent = amina("message", "encrypt", "--to", key, data=TEXT).out
    for said in (
        amina("message", "decrypt", "--json", data=sent),
        amina("message", "sign", "--by", key, "--json", data=TEXT),
    ):
        assert (said.code, said.json["cause"]) == (3, "no_passphrase")


def test_a_full_disk_is_named_and_leaves_nothing(amina: Tool) -> None:
    key = amina.generate()
    full, big = amina.home / "full", amina.home / "big"
    full.mkdir()
    big.write_bytes(os.urandom(1 << 20))
    script = 'mount -t tmpfs -o size=64k none "$0" && "$@"; code=$?; ls -A "$0"; exit $code'
    safecomm = [sys.executable, "-m", "safecomm", "message", "encrypt", "--binary", "--to", key]
    said = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, full, *safecomm, "-o", full / "out", big],
        capture_output=True,
        env={**os.environ, "SAFECOMM_HOME": str(amina.home), "LC_ALL": "C.UTF-8"},
    )
    assert (said.returncode, said.stdout) == (3, b"")
    assert said.stderr.decode() == "✖ The disk is full. Make room, then try again. Nothing was lost.\n"
