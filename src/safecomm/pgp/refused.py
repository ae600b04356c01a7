"""What OpenPGP can refuse, each with a stable cause, a sentence and a next step."""

from safecomm.core.errors import SafeCommError
from safecomm.core.language import N_, tr

CANNOT_TELL = frozenset(
    {
        "gnupg_missing",
        "no_key",
        "unsupported",
        "no_signature",
        "ambiguous",
        "no_secret_key",
        "unverified",
        "not_compared",
    }
)
SAID = {
    "gnupg_missing": (
        N_("GnuPG is missing, too old, or does not start."),
        N_("Install gnupg 2.2.8 or newer."),
    ),
    "no_key": (N_("No key fits {text}."), N_("Import it first, or check the fingerprint.")),
    "ambiguous": (N_("More than one key fits {text}."), N_("Use the whole fingerprint.")),
    "unreadable": (
        N_("There is no OpenPGP key that can be read in this."),
        N_("Ask for it again, as a file."),
    ),
    "unsupported": (
        N_("This is for a newer OpenPGP ({kind}) than your GnuPG knows."),
        N_("Nothing is wrong with it. Ask for a version 4 key, or use another program."),
    ),
    "too_large": (N_("This is too large to be read safely."), N_("Ask for a smaller copy.")),
    "stopped": (N_("Nothing was imported."), N_("Read the warnings; --accept CODE goes on in spite of one.")),
    "wrong_passphrase": (N_("The passphrase is wrong."), N_("Try again.")),
    "no_passphrase": (N_("This needs the key's passphrase."), N_("Use a terminal, or --passphrase-fd.")),
    "no_secret_key": (N_("The secret half of this key is not here."), N_("Restore it from your backup.")),
    "disk_full": (N_("The disk is full."), N_("Make room, then try again. Nothing was lost.")),
    "unusable_key": (N_("The key {text} must not be used. {why}"), N_("Get a usable key.")),
    "unverified": (
        N_("You have not verified the key {text}."),
        N_("Compare its fingerprint with its owner, then: safecomm key verify."),
    ),
    "differs": (N_("STOP. This is NOT the fingerprint of that key."), N_("Do not use it. Ask its owner.")),
    "not_compared": (
        N_("Nothing was compared, so nothing is verified."),
        N_("Compare with its owner first."),
    ),
    "not_encrypted": (N_("This is no encrypted message."), N_("Check that you took the right file.")),
    "damaged": (
        N_("This message is damaged or was tampered with. Nothing of it was kept."),
        N_("Ask for it again."),
    ),
    "no_secret_for_it": (
        N_("This message is not encrypted to a key of yours."),
        N_("Ask which key was used."),
    ),
    "exists": (N_("There is already a file of this name: {text}."), N_("Choose another --output.")),
    "weak_passphrase": (
        N_("This passphrase is too easy to guess."),
        N_("Let SafeComm make one of six words: --new-passphrase."),
    ),
    "not_confirmed": (N_("Nothing was deleted."), N_("Add --yes if you are sure that you have a backup.")),
    "bad_name": (
        N_("This name cannot be used on a key."),
        N_("Use 1 to 100 plain characters, without < and >."),
    ),
    "failed": (N_("GnuPG could not do it."), N_("Check the key and the free space, then try again.")),
}


class Refused(SafeCommError):
    """Not done; cause is a code of SAID."""

    def __init__(self, cause: str, **values: object) -> None:
        what, then = SAID[cause]
        super().__init__(tr(what, **values), tr(then, **values))
        self.cause = cause

    @property
    def cannot_tell(self) -> bool:
        """Whether this is no danger seen, but nothing seen."""
        return self.cause in CANNOT_TELL
