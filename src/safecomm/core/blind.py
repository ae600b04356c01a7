"""The causes that any check can have when it could not see; none of them is ever good."""

from safecomm.core.check import Cause
from safecomm.core.language import N_
from safecomm.core.words import Status

BLIND = {
    "depends_on": Cause(
        Status.UNKNOWN,
        N_("Could not be looked at, because another check did not pass: {needs}."),
        N_("Mend that first, then check again."),
        "start#unknown",
    ),
    "timed_out": Cause(
        Status.UNKNOWN,
        N_("No answer in time ({seconds} s)."),
        N_("Check again. If it stays so, try a new Tor circuit or another network."),
        "start#unknown",
    ),
    "crashed": Cause(
        Status.UNKNOWN,
        N_("This check broke down ({kind}), so it says nothing about your safety."),
        N_("Check again, and report it to the people who gave you this program."),
        "start#unknown",
    ),
    "not_told": Cause(
        Status.UNKNOWN,
        N_("Tor does not tell us this here ({key}). A filter may stand before its control port."),
        N_("Ask the person who set up this computer to allow SafeComm to read it."),
        "start#unknown",
    ),
    "use_unanswered": Cause(
        Status.UNKNOWN,
        N_("Nobody has said yet whether it may be seen that you use Tor. Until then nothing is sent."),
        N_("Start SafeComm without arguments and answer its one question, or use a profile that does."),
        "start#may-it-be-seen-that-you-use-tor",
    ),
    "not_examined": Cause(
        Status.UNKNOWN,
        N_("This was not looked at in this run."),
        N_("Run the whole check."),
        "start#unknown",
    ),
    "unknown_check": Cause(
        Status.UNKNOWN,
        N_("Your profile requires a check that this copy of SafeComm does not have."),
        N_("Get a newer SafeComm, or ask the people who gave you this profile."),
        "start#unknown",
    ),
    "not_asked": Cause(
        Status.SKIPPED,
        N_("Not looked at: the local network could see this check, and nobody asked for it by name."),
        "",
        "start#unknown",
    ),
}
