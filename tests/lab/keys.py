"""Keys of the lab's nodes, made anew by tor itself before the network starts."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.plan import DIR_PORT, OR_PORT, Node, Role, nodes
from tests.lab.space import Space

PASSPHRASE = "lab"


def make_keys(space: Space) -> tuple[str, ...]:
    """Make the authorities' keys and return their DirAuthority lines; the other nodes make their own."""
    authorities = nodes(Role.AUTHORITY)
    for node in authorities:
        (space.folder / node.name / "keys").mkdir(mode=0o700, parents=True)
        (space.folder / node.name).chmod(0o700)
    with ThreadPoolExecutor(2 * len(authorities)) as pool:
        certificates = pool.map(lambda node: _certificate(space, node), authorities)
        fingerprints = pool.map(lambda node: _list_fingerprint(space, node), authorities)
        made = zip(authorities, certificates, fingerprints, strict=True)
        return tuple(
            f"DirAuthority {node.name} orport={OR_PORT} no-v2 v3ident={ident} "
            f"{node.address}:{DIR_PORT} {print_}"
            for node, ident, print_ in made
        )


def fingerprint(folder: Path, node: Node) -> str | None:
    """The fingerprint that a node has written into its data directory, None before that."""
    try:
        return (folder / node.name / "fingerprint").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return None


def write_bandwidths(file: Path, fingerprints: dict[str, str], now: int) -> None:
    """A bandwidth file, so that the relays of a young network are chosen evenly (bandwidth-file-spec)."""
    lines = [f"node_id=${print_} bw=10000 nick={name}" for name, print_ in fingerprints.items()]
    file.write_text("\n".join([str(now), *lines]) + "\n", encoding="ascii")


def _list_fingerprint(space: Space, node: Node) -> str:
    data = space.folder / node.name
    place = f"{node.address}:{OR_PORT}"
    nothing = data / "empty.torrc"
    nothing.touch()
    argv = ["tor", "-f", str(nothing), "--DataDirectory", str(data), "--ORPort", place]
    argv += ["--Nickname", node.name, "--ExitRelay", "0", "--SocksPort", "0", "--list-fingerprint"]
    space.run("relays", argv)
    found = fingerprint(space.folder, node)
    if found is None:
        raise LabError("tor --list-fingerprint wrote no fingerprint.", "Is tor installed as a whole?")
    return found


def _certificate(space: Space, node: Node) -> str:
    keys = space.folder / node.name / "keys"
    argv = ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12"]
    argv += ["-a", f"{node.address}:{DIR_PORT}", "-i", str(keys / "authority_identity_key")]
    argv += ["-s", str(keys / "authority_signing_key"), "-c", str(keys / "authority_certificate")]
    space.run("relays", argv, input=PASSPHRASE + "\n", timeout=60)
    text = (keys / "authority_certificate").read_text(encoding="ascii")
    ident = re.search(r"^fingerprint ([0-9A-F]{40})$", text, re.MULTILINE)
    if ident is None:
        raise LabError("tor-gencert wrote no fingerprint.", "Is tor installed as a whole?")
    return ident[1]
