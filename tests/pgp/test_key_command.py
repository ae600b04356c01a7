"""The life of a key on the command line, with a real gpg."""

import os
import subprocess
from pathlib import Path

import psutil

from safecomm.pgp.words import fingerprint_words
from tests.pgp.tool import PASSPHRASE, Tool


def test_a_new_key_certifies_signs_and_encrypts_with_keys_apart(amina: Tool) -> None:
    said = amina("key", "generate", "--json", "--name", "Amina", passphrase=PASSPHRASE)
    assert said.code == 0
    (key,) = said.json["keys"]
    assert key["mine"] and key["usable"] and key["problems"] == []
    assert key["primary"]["can"] == "c" and key["primary"]["algorithm"] == "ed25519"
    assert [(part["can"], part["algorithm"]) for part in key["subkeys"]] == [
        ("s", "ed25519"),
        ("e", "cv25519"),
    ]
    assert [uid["text"] for uid in key["user_ids"]] == ["Amina"]
    assert Path(said.json["revocation_certificate"]).is_file()


def test_a_generated_passphrase_is_six_words_and_opens_the_key(amina: Tool) -> None:
    said = amina("key", "generate", "--json", "--name", "Amina", "--new-passphrase").json
    assert len(said["passphrase"].split()) == 6
    assert (
        amina("key", "extend", said["fingerprint"], "--expire", "3y", passphrase=said["passphrase"]).code == 0
    )


def test_a_key_is_not_made_without_a_passphrase_or_with_a_weak_one(amina: Tool) -> None:
    without = amina("key", "generate", "--json", "--name", "Amina")
    assert (without.code, without.json["cause"]) == (3, "no_passphrase")
    weak = amina("key", "generate", "--json", "--name", "Amina", passphrase="aaaaaaaaaaaaaaaa")
    assert (weak.code, weak.json["cause"]) == (3, "weak_passphrase")
    assert amina("key", "list", "--json").json["keys"] == []


def test_a_long_path_does_not_keep_the_agent_from_starting(tmp_path: Path) -> None:
    far = Tool(tmp_path / ("x" * 100) / "home")
    assert len(far.generate()) == 40
    assert far("key", "list").code == 0


def test_no_agent_and_no_dirmngr_outlive_the_program(amina: Tool) -> None:
    amina.generate()
    left = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline"])
        if str(amina.home) in " ".join(process.info["cmdline"] or [])
    ]
    assert left == []
    sockets = [file.name for file in (amina.home / "gnupg").iterdir() if file.is_socket()]
    assert "S.dirmngr" not in sockets
    assert (amina.home / "gnupg").stat().st_mode & 0o777 == 0o700


def test_only_the_right_passphrase_opens_a_key(amina: Tool) -> None:
    key = amina.generate()
    wrong = amina("key", "extend", key, "--json", passphrase="not the passphrase")
    assert (wrong.code, wrong.json["cause"]) == (3, "wrong_passphrase")
    none = amina("key", "extend", key, "--json")
    assert (none.code, none.json["cause"]) == (3, "no_passphrase")


def test_extending_moves_the_key_and_its_subkeys(amina: Tool) -> None:
    key = amina.generate()
    said = amina("key", "extend", key, "--json", "--expire", "2040-01-31", passphrase=PASSPHRASE)
    (after,) = said.json["keys"]
    days = {part["expires"][:10] for part in (after["primary"], *after["subkeys"])}
    assert days <= {"2040-01-31", "2040-02-01"} and len(days) == 1


def test_rotating_replaces_the_encryption_subkey(amina: Tool) -> None:
    key = amina.generate()
    (after,) = amina("key", "rotate", key, "--json", passphrase=PASSPHRASE).json["keys"]
    encrypting = [part for part in after["subkeys"] if part["can"] == "e"]
    assert [part["revoked"] for part in encrypting] == [True, False]
    assert after["can"]["encrypt"]


def test_a_revoked_key_is_refused_from_then_on(amina: Tool) -> None:
    key = amina.generate()
    said = amina("key", "revoke", key, "--json", "--reason", "compromised", passphrase=PASSPHRASE)
    assert said.code == 0 and said.json["keys"][0]["revoked"]
    assert amina("message", "encrypt", "--to", key, "--json", data=b"x").json["cause"] == "unusable_key"
    inspected = amina("key", "inspect", "-", "--json", data=amina.public(key))
    assert (inspected.code, inspected.json["cause"]) == (3, "revoked")


def test_the_stored_certificate_revokes_without_a_passphrase(amina: Tool) -> None:
    key = amina.generate()
    assert amina("key", "revoke", key, "--with-certificate").code == 0
    assert amina("key", "list", "--json").json["keys"][0]["revoked"]


def test_inspecting_imports_nothing(amina: Tool, bruno: Tool) -> None:
    public = amina.public(amina.generate())
    said = bruno("key", "inspect", "-", "--json", data=public)
    assert said.code == 0 and said.json["keys"][0]["usable"]
    assert bruno("key", "list", "--json").json["keys"] == []


def test_what_is_no_key_is_said_to_be_none(amina: Tool) -> None:
    for data in (b"", b"hello", os.urandom(3000), b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n"):
        said = amina("key", "inspect", "-", "--json", data=data)
        assert (said.code, said.json["cause"]) == (3, "unreadable")


def test_another_key_for_a_known_address_stops_the_import(amina: Tool, bruno: Tool, tmp_path: Path) -> None:
    first = amina.generate("Amina", "--email", "amina@example.org")
    impostor = Tool(tmp_path / "impostor")
    second = impostor.generate("Amina", "--email", "Amina@Example.org")
    assert bruno("key", "import", "-", data=amina.public(first)).code == 0
    stopped = bruno("key", "import", "-", "--json", data=impostor.public(second))
    assert (stopped.code, stopped.json["cause"], stopped.json["imported"]) == (3, "stopped", [])
    assert "other_key" in [problem["code"] for problem in stopped.json["keys"][0]["problems"]]
    assert len(bruno("key", "list", "--json").json["keys"]) == 1
    assert bruno("key", "import", "-", "--accept", "other_key", data=impostor.public(second)).code == 0


def test_a_look_alike_name_stops_the_import(amina: Tool, bruno: Tool) -> None:
    assert bruno("key", "import", "-", data=amina.public(amina.generate("Pavel"))).code == 0
    other = amina.generate("Рavel")  # begins with a Cyrillic letter
    said = bruno("key", "import", "-", "--json", data=amina.public(other))
    codes = {problem["code"] for problem in said.json["keys"][0]["problems"]}
    assert said.code == 3 and {"look_alike", "mixed_scripts"} <= codes


def test_a_revocation_of_a_known_key_comes_in(amina: Tool, bruno: Tool) -> None:
    key = amina.generate()
    bruno("key", "import", "-", data=amina.public(key))
    amina("key", "revoke", key, "--with-certificate")
    assert bruno("key", "import", "-", data=amina.public(key)).code == 0
    assert bruno("key", "list", "--json").json["keys"][0]["revoked"]


def test_verifying_takes_the_whole_fingerprint_in_digits_or_words(amina: Tool, bruno: Tool) -> None:
    key = amina.generate()
    bruno("key", "import", "-", data=amina.public(key))
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    assert bruno("key", "verify", key, "--fingerprint", wrong, "--json").json["cause"] == "differs"
    assert bruno("key", "verify", key, "--fingerprint", key[-16:]).code == 3
    assert bruno("key", "verify", key, "--json").json["cause"] == "not_compared"
    assert bruno("key", "list", "--json").json["keys"][0]["verified"] is None
    words = " ".join(fingerprint_words(key))
    assert bruno("key", "verify", key, "--fingerprint", words, "--how", "voice").code == 0
    assert bruno("key", "list", "--json").json["keys"][0]["verified"]["how"] == "voice"


def test_certifying_needs_a_verified_key(amina: Tool, bruno: Tool) -> None:
    key, own = amina.generate(), bruno.generate("Bruno")
    bruno("key", "import", "-", data=amina.public(key))
    first = bruno("key", "certify", key, "--by", own, "--json", passphrase=PASSPHRASE)
    assert (first.code, first.json["cause"]) == (4, "unverified")
    bruno("key", "verify", key, "--fingerprint", key)
    before = bruno.public(key)
    assert bruno("key", "certify", key, "--by", own, passphrase=PASSPHRASE).code == 0
    assert bruno.public(key) == before  # for this keyring alone
    assert bruno("key", "certify", key, "--by", own, "--exportable", passphrase=PASSPHRASE).code == 0
    assert len(bruno.public(key)) > len(before)


def test_a_backup_brings_a_deleted_key_back(amina: Tool, tmp_path: Path) -> None:
    key = amina.generate()
    file = str(tmp_path / "backup.asc")
    wrong = amina("key", "backup", key, "-o", file, "--json", passphrase="not the passphrase")
    assert (wrong.code, wrong.json["cause"]) == (3, "wrong_passphrase") and not Path(file).exists()
    assert (
        amina("key", "backup", key, "-o", file, passphrase=PASSPHRASE, backup_passphrase="other words").code
        == 0
    )
    assert Path(file).stat().st_mode & 0o777 == 0o600
    assert amina("key", "backup", key, "-o", file, "--json", passphrase=PASSPHRASE).json["cause"] == "exists"
    assert amina("key", "delete", key).code == 3
    assert amina("key", "delete", key, "--yes").code == 0
    assert amina("key", "list", "--json").json["keys"] == []
    bad = amina("key", "restore", file, "--json", passphrase=PASSPHRASE)
    assert (bad.code, bad.json["cause"]) == (3, "wrong_passphrase")
    assert amina("key", "restore", file, "--drill", passphrase="other words").code == 0
    assert amina("key", "list", "--json").json["keys"] == []
    assert amina("key", "restore", file, passphrase="other words").code == 0
    assert amina("key", "extend", key, passphrase=PASSPHRASE).code == 0


def test_a_backup_opens_with_plain_gnupg(amina: Tool, tmp_path: Path) -> None:
    file = tmp_path / "backup.asc"
    amina("key", "backup", amina.generate(), "-o", str(file), passphrase=PASSPHRASE)
    home = tmp_path / "plain"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet"]
    opened = subprocess.run(
        [*gpg, "--pinentry-mode", "loopback", "--passphrase", PASSPHRASE, "--decrypt", str(file)],
        capture_output=True,
    )
    assert b"BEGIN PGP PRIVATE KEY BLOCK" in opened.stdout
    assert subprocess.run([*gpg, "--import"], input=opened.stdout).returncode == 0
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)


def test_without_gnupg_nothing_can_be_told(amina: Tool) -> None:
    path = os.environ["PATH"]
    try:
        os.environ["PATH"] = "/nowhere"
        said = amina("key", "list", "--json")
    finally:
        os.environ["PATH"] = path
    assert (said.code, said.json["cause"]) == (4, "gnupg_missing")


def test_an_unknown_key_is_no_answer(amina: Tool) -> None:
    for text in ("0" * 40, "nobody@example.org", "x", ""):
        said = amina("key", "show", text, "--json")
        assert (said.code, said.json["cause"]) == (4, "no_key")


def test_hostile_names_reach_no_terminal(amina: Tool) -> None:
    said = amina("key", "generate", "--json", "--name", "a\x1b[2Jb", passphrase=PASSPHRASE)
    assert said.json["cause"] == "bad_name"
    amina.generate("Amina [bold]x[/]")
    assert b"\x1b[2J" not in amina("key", "list").out


def test_somebody_elses_secret_key_does_not_become_mine(amina: Tool, bruno: Tool, tmp_path: Path) -> None:
    key = amina.generate()
    secret = subprocess.run(
        ["gpg", "--homedir", amina.home / "gnupg", "--batch", "--pinentry-mode", "loopback", "--passphrase",
         PASSPHRASE, "--export-secret-keys", key],
        capture_output=True,
    ).stdout  # fmt: skip
    subprocess.run(["gpgconf", "--homedir", amina.home / "gnupg", "--kill", "all"], check=True)
    said = bruno("key", "import", "-", "--json", data=secret)
    assert (said.code, said.json["cause"]) == (3, "stopped")
    assert "secret_key" in [problem["code"] for problem in said.json["keys"][0]["problems"]]
    assert bruno("key", "list", "--json").json["keys"] == []


def test_a_name_is_never_an_option(amina: Tool) -> None:
    said = amina("key", "generate", "--json", "--name=--version", passphrase=PASSPHRASE)
    assert said.json["keys"][0]["user_ids"][0]["text"] == "--version"


def test_a_keyring_that_cannot_be_read_is_never_an_empty_one(amina: Tool, bruno: Tool) -> None:
    first = amina.public(amina.generate("Amina", "--email", "amina@example.org"))
    assert bruno("key", "import", "-", data=first).code == 0
    (bruno.home / "gnupg" / "pubring.kbx").write_bytes(b"not a keybox" * 100)
    assert bruno("key", "list", "--json").json["status"] == "refused"
    assert bruno("key", "import", "-", "--json", data=first).json["status"] == "refused"


def test_a_folder_that_is_not_there_is_wrong_usage(amina: Tool) -> None:
    said = amina("key", "list", "--gnupghome", "/nowhere")
    assert said.code == 2 and "/nowhere" in said.err
