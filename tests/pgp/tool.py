"""The command line of OpenPGP as another program uses it, on a real gpg and a keyring of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from safecomm.schemas import schema

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Said:
    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        document = json.loads(self.out)
        jsonschema.validate(document, schema(document["schema"].removeprefix("safecomm.").removesuffix("/1")))
        assert self.code == {"done": 0, "refused": 3, "unknown": 4}[document["status"]]
        return document


@dataclass(frozen=True)
class Tool:
    """safecomm with a home of its own."""

    home: Path

    def __call__(self, *args: str, data: bytes = b"", **secrets: str) -> Said:
        """secrets: option names, each given by a descriptor of its own (passphrase="…")."""
        command, reading = [*args], []
        for name, secret in secrets.items():
            end, start = os.pipe()
            os.write(start, secret.encode() + b"\n")
            os.close(start)
            reading.append(end)
            command += [f"--{name.replace('_', '-')}-fd", str(end)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "safecomm", *command],
                input=data,
                capture_output=True,
                pass_fds=reading,
                env={**os.environ, "SAFECOMM_HOME": str(self.home), "LC_ALL": "C.UTF-8"},
                timeout=120,
            )
        finally:
            for end in reading:
                os.close(end)
        return Said(done.returncode, done.stdout, done.stderr.decode())

    def generate(self, name: str = "Amina", *more: str) -> str:
        said = self("key", "generate", "--json", "--name", name, *more, passphrase=PASSPHRASE)
        assert said.code == 0, said
        return str(said.json["fingerprint"])

    def public(self, key: str) -> bytes:
        return self("key", "export", key).out
