"""Settings that undo what Tor does, and what each does to the user (tor(1), 0.4.9)."""

from collections.abc import Mapping

from safecomm.checks.setting_rules import OFF, ON, Rule, all_of, between, few, is_set, only_some, said
from safecomm.core.language import N_
from safecomm.core.words import Status

MINUTE = 60.0
FOREVER = float("inf")
KEPT_LOGS = tuple(f"{how} {to}" for how in ("debug", "info") for to in ("file", "syslog", "android"))

UNDOING: Mapping[str, Rule] = {
    "not_anonymous": Rule(
        Status.FAIL,
        all_of(ON, "HiddenServiceSingleHopMode", "HiddenServiceNonAnonymousMode"),
        N_("This Tor is set to work without hiding you ({option})."),
        ("HiddenServiceNonAnonymousMode", ("1",)),
    ),
    "own_authorities": Rule(
        Status.FAIL,
        all_of(is_set, "DirAuthority", "DirServer", "AlternateDirAuthority", "AlternateBridgeAuthority"),
        N_(
            "This Tor asks strangers, and not the Tor network's own authorities, which relays exist "
            "({option}). All relays may belong to one person."
        ),
        ("DirAuthority", ("set",)),
        lab=True,
    ),
    "testing_network": Rule(
        Status.FAIL,
        all_of(ON, "TestingTorNetwork"),
        N_("This Tor is set up for a test network, which protects nobody ({option})."),
        ("TestingTorNetwork", ("1",)),
        lab=True,
    ),
    "exits_pinned": Rule(
        Status.FAIL,
        all_of(few, "ExitNodes"),
        N_("You always come out of Tor in the same few places ({option}). Whoever watches them knows you."),
        ("ExitNodes", ("{de}",)),
    ),
    "site_exit_pinned": Rule(
        Status.FAIL,
        all_of(said("exit"), "MapAddress"),
        N_("You always come out of Tor in one place for some sites ({option}). Whoever runs it knows you."),
        ("MapAddress", ("exit",)),
    ),
    "entries_pinned": Rule(
        Status.FAIL,
        {**all_of(few, "EntryNodes"), **all_of(only_some, "ReachableAddresses", "ReachableORAddresses")},
        N_("You always enter Tor in the same few places ({option}). Whoever watches them knows you."),
        ("EntryNodes", ("relay", "relay")),
    ),
    "middles_pinned": Rule(
        Status.FAIL,
        all_of(few, "MiddleNodes"),
        N_("Your way always leads over the same few relays ({option}), so it is easily followed."),
        ("MiddleNodes", ("relay",)),
    ),
    "no_guards": Rule(
        Status.FAIL,
        all_of(OFF, "UseEntryGuards"),
        N_("You enter Tor by ever new relays ({option}). Some day it is one of those who look for you."),
        ("UseEntryGuards", ("0",)),
    ),
    "same_network": Rule(
        Status.FAIL,
        all_of(OFF, "EnforceDistinctSubnets"),
        N_("All relays of your way may stand in one place ({option}), so that one person sees it whole."),
        ("EnforceDistinctSubnets", ("0",)),
        lab=True,
    ),
    "long_circuits": Rule(
        Status.FAIL,
        all_of(between(60 * MINUTE, FOREVER), "MaxCircuitDirtiness"),
        N_("Your way through Tor stays the same for hours ({option}), so all you do can be tied together."),
        ("MaxCircuitDirtiness", ("86400",)),
    ),
    "steered": Rule(
        Status.FAIL,
        all_of(ON, "__LeaveStreamsUnattached"),
        N_("Another program, and not Tor, chooses the way of your traffic ({option})."),
        ("__LeaveStreamsUnattached", ("1",)),
    ),
    "log_shows_sites": Rule(
        Status.FAIL,
        all_of(said("0", "relay"), "SafeLogging"),
        N_("Tor writes the names of the sites you visit into its log ({option})."),
        ("SafeLogging", ("0",)),
    ),
    "log_kept": Rule(
        Status.FAIL,
        all_of(said(*KEPT_LOGS), "Log"),
        N_("Tor keeps a log of all it does for you ({option}). Who finds this computer can read it."),
        ("Log", ("debug file",)),
    ),
    "unsafe_socks": Rule(
        Status.FAIL,
        all_of(OFF, "WarnUnsafeSocks"),
        N_("Tor no longer warns when a program asks for names outside Tor ({option})."),
        ("WarnUnsafeSocks", ("0",)),
    ),
}
