"""Tor runs, and SafeComm may ask it how it is."""

from collections.abc import Sequence

from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import ControlSeen, World


async def look(world: World) -> ControlSeen:
    """How the control port answered."""
    return await world.control()


def judge(seen: ControlSeen, policy: Policy) -> Sequence[Judgement]:
    """The cause as it was named; a name nobody knows tells nothing."""
    return because(seen.cause if seen.cause in CAUSES else "unreachable", detail=seen.detail or "?")


CAUSES = {
    "ok": Cause(Status.PASS, N_("Tor runs, and it answers our questions.")),
    "not_running": Cause(
        Status.FAIL,
        N_("Tor is not running on this computer, so nothing you send can go through it."),
        N_("Do not publish. Start Tor, then check again."),
        "start#start-tor",
    ),
    "lost": Cause(
        Status.FAIL,
        N_("Tor stopped answering in the middle of the check."),
        N_("Do not publish. Start Tor again, then check again."),
        "start#start-tor",
    ),
    "unsettled": Cause(
        Status.UNKNOWN,
        N_("Tor or this computer's network changed again and again while SafeComm looked."),
        N_("Wait until the connection is steady, then check again."),
        "start#tor-does-not-connect",
    ),
    "refused": Cause(
        Status.UNKNOWN,
        N_("Something runs where Tor should be, but it cannot be asked whether it is Tor."),
        N_("Open Tor's control port, the door through which programs ask Tor how it is."),
        "start#let-safecomm-ask-tor",
    ),
    "unreachable": Cause(
        Status.UNKNOWN,
        N_("No Tor was found that can be asked how it is."),
        N_("Start Tor, or open its control port, the door through which programs ask it."),
        "start#start-tor",
    ),
    "elsewhere": Cause(
        Status.UNKNOWN,
        N_("The Tor that is named for SafeComm is on another computer, so nothing was sent to it."),
        N_("Use a Tor on this computer, and take the other address out of your profile or settings."),
        "start#let-safecomm-ask-tor",
    ),
    "no_permission": Cause(
        Status.UNKNOWN,
        N_("Tor's control port is there, but this account may not open it."),
        N_("Give your account the right to ask Tor, log in again, then check again."),
        "start#let-safecomm-ask-tor",
    ),
    "no_answer": Cause(
        Status.UNKNOWN,
        N_("Something listens where Tor's control port should be, but it says nothing."),
        N_("Start Tor again. If it stays so, something else has taken Tor's place."),
        "start#let-safecomm-ask-tor",
    ),
    "not_tor": Cause(
        Status.UNKNOWN,
        N_("What answers at Tor's control port does not speak like Tor."),
        N_("Do not trust it. Stop what listens there, and start Tor again."),
        "start#let-safecomm-ask-tor",
    ),
    "wrong_password": Cause(
        Status.UNKNOWN,
        N_("Tor did not accept the password for its control port."),
        N_("Ask the person who set up this Tor for the right one, and put it into the password file."),
        "start#let-safecomm-ask-tor",
    ),
    "password_needed": Cause(
        Status.UNKNOWN,
        N_("Tor wants a password before it answers questions, and none could be read."),
        N_("Name the file that holds it (password_file), and Tor's control port, in your profile."),
        "start#let-safecomm-ask-tor",
    ),
    "cookie_unreadable": Cause(
        Status.UNKNOWN,
        N_("Tor keeps a key file for those who may ask it, and this account may not read it."),
        N_("Give your account the right to ask Tor, log in again, then check again."),
        "start#let-safecomm-ask-tor",
    ),
    "cookie_wrong": Cause(
        Status.UNKNOWN,
        N_("What answers at Tor's control port could not prove that it is the Tor of this computer."),
        N_("Start Tor again. If it stays so, somebody else answers in its place: get help."),
        "start#let-safecomm-ask-tor",
    ),
    "too_old": Cause(
        Status.UNKNOWN,
        N_("This Tor is too old to prove that it carries your traffic. 0.4.5.1 or newer is needed."),
        N_("Update Tor, then check again."),
        "start#update-tor",
    ),
    "filtered": Cause(
        Status.UNKNOWN,
        N_("A filter stands before Tor and does not let SafeComm ask what it must know."),
        N_("Ask the person who set up this computer to allow it. Do not switch the filter off."),
        "start#let-safecomm-ask-tor",
    ),
    "tor_missing": Cause(
        Status.UNKNOWN,
        N_("No Tor is installed on this computer, so none could be started."),
        N_("Install Tor, then check again."),
        "start#start-tor",
    ),
    "no_folder": Cause(
        Status.UNKNOWN,
        N_("SafeComm's own folder cannot be made or kept private, so no Tor was started."),
        N_("Free some space, or set SAFECOMM_HOME to a folder of your own."),
        "start#start-tor",
    ),
    "start_failed": Cause(
        Status.UNKNOWN,
        N_("Tor was started for you, but it ended at once."),
        N_("Check again. If it stays so, start Tor by yourself or get help."),
        "start#start-tor",
    ),
    "no_bridges": Cause(
        Status.UNKNOWN,
        N_(
            "Your use of Tor must stay hidden, but no hidden way in (a bridge) is known. Nothing was started."
        ),
        N_("Get bridges and add them, then check again."),
        "start#hide-that-you-use-tor",
    ),
    "options_refused": Cause(
        Status.UNKNOWN,
        N_("The profile's extra settings for Tor cannot be used ({detail}), so Tor was not started."),
        N_("Ask the people who gave you this profile for a new one."),
        "start#tors-settings",
    ),
}

CHECK = Check(
    id="entry.control",
    sentence=__doc__,
    footprint=Footprint.NONE,
    required=always,
    deadline_s=30,
    look=look,
    judge=judge,
    causes=CAUSES,
    examples={
        code: ControlSeen(code, "127.0.0.1:9051", "safecookie", "0.4.9.11")
        if code == "ok"
        else ControlSeen(code)
        for code in CAUSES
    },
    blind=ControlSeen(""),
)
