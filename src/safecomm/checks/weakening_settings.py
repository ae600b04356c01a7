"""Settings that weaken what Tor does, and what each does to the user (tor(1), 0.4.9)."""

from collections.abc import Mapping

from safecomm.checks.setting_rules import (
    OFF,
    ON,
    Rule,
    all_of,
    between,
    cached,
    is_on,
    is_set,
    many,
    said,
    unisolated,
)
from safecomm.checks.settings import DOORS
from safecomm.core.language import N_
from safecomm.core.words import Status

MINUTE = 60.0
DAY = 86400.0
FOREVER = float("inf")

WEAKENING: Mapping[str, Rule] = {
    "choice_limited": Rule(
        Status.WARN,
        all_of(many, "ExitNodes", "EntryNodes", "MiddleNodes"),
        N_("You use only a part of Tor's relays ({option}), unlike other people. That makes you stand out."),
        ("ExitNodes", ("{de}", "{fr}", "{se}")),
    ),
    "onion_ways_limited": Rule(
        Status.WARN,
        all_of(is_set, "HSLayer2Nodes", "HSLayer3Nodes"),
        N_("Your ways to onion pages use chosen relays ({option}). Only the program vanguards should do so."),
        ("HSLayer2Nodes", ("relay",)),
    ),
    "relays_excluded": Rule(
        Status.WARN,
        all_of(is_set, "ExcludeNodes", "ExcludeExitNodes"),
        N_("You avoid some relays that others use ({option}). That makes you stand out a little."),
        ("ExcludeNodes", ("{aa}",)),
    ),
    "entries_limited": Rule(
        Status.WARN,
        {
            **all_of(ON, "FascistFirewall"),
            **all_of(said("any"), "ReachableAddresses", "ReachableORAddresses"),
        },
        N_("You enter Tor only by some of its relays ({option}). That makes you stand out a little."),
        ("FascistFirewall", ("1",)),
    ),
    "many_guards": Rule(
        Status.WARN,
        {
            **all_of(between(2, FOREVER), "NumEntryGuards"),
            **all_of(between(4, FOREVER), "NumPrimaryGuards"),
            **all_of(between(DAY - 1, 30 * DAY - 1), "GuardLifetime"),
        },
        N_("You enter Tor by more relays than others do ({option}), so more people see you enter."),
        ("NumEntryGuards", ("8",)),
    ),
    "no_vanguards": Rule(
        Status.WARN,
        all_of(OFF, "VanguardsLiteEnabled"),
        N_("Your way to onion pages is less protected than usual ({option})."),
        ("VanguardsLiteEnabled", ("0",)),
    ),
    "less_padding": Rule(
        Status.WARN,
        {
            **all_of(OFF, "ConnectionPadding", "CircuitPadding"),
            **all_of(ON, "ReducedConnectionPadding", "ReducedCircuitPadding"),
        },
        N_("Tor sends less dummy traffic than usual ({option}), so yours is easier to recognise."),
        ("ConnectionPadding", ("0",)),
    ),
    "longer_circuits": Rule(
        Status.WARN,
        all_of(between(10 * MINUTE, 60 * MINUTE), "MaxCircuitDirtiness"),
        N_("Your way through Tor stays the same for longer than usual ({option})."),
        ("MaxCircuitDirtiness", ("1800",)),
    ),
    "short_circuits": Rule(
        Status.WARN,
        all_of(between(-1, 5 * MINUTE - 1), "MaxCircuitDirtiness"),
        N_("Your way through Tor changes much more often than usual ({option}), so more relays see you."),
        ("MaxCircuitDirtiness", ("10",)),
    ),
    "not_isolated": Rule(
        Status.WARN,
        all_of(unisolated, *DOORS),
        N_("Different programs share a way through Tor ({option}), so what they do can be tied together."),
        ("SocksPort", ("local NoIsolateSOCKSAuth",)),
    ),
    "names_cached": Rule(
        Status.WARN,
        all_of(cached, *DOORS),
        N_("Tor remembers where sites were ({option}). A hostile relay can use that to recognise you."),
        ("SocksPort", ("local UseDNSCache",)),
    ),
    "exits_kept": Rule(
        Status.WARN,
        all_of(is_set, "TrackHostExits"),
        N_("You visit some sites from one place again and again ({option}), so they know you."),
        ("TrackHostExits", ("set",)),
    ),
    "addresses_mapped": Rule(
        Status.WARN,
        all_of(said("address"), "MapAddress"),
        N_("Tor leads you to another place than the one you ask for, for some sites ({option})."),
        ("MapAddress", ("address",)),
    ),
    "upstream_proxy": Rule(
        Status.WARN,
        all_of(is_set, "Socks4Proxy", "Socks5Proxy", "HTTPSProxy", "HTTPProxy", "TCPProxy"),
        N_("Tor goes through a proxy ({option}). Who runs it sees that you use Tor."),
        ("Socks5Proxy", ("set",)),
    ),
    "own_fallbacks": Rule(
        Status.WARN,
        all_of(is_set, "FallbackDir"),
        N_("This Tor asks other relays than usual for its first list of relays ({option}). That stands out."),
        ("FallbackDir", ("set",)),
        lab=True,
    ),
    "inner_addresses": Rule(
        Status.WARN,
        {
            **all_of(OFF, "ClientDNSRejectInternalAddresses", "ClientRejectInternalAddresses"),
            **all_of(ON, "ExtendAllowPrivateAddresses"),
        },
        N_("Hostile pages can reach this computer or its neighbours by way of Tor ({option})."),
        ("ClientRejectInternalAddresses", ("0",)),
        lab=True,
    ),
    "few_relays_known": Rule(
        Status.WARN,
        all_of(between(-0.5, 0.59), "PathsNeededToBuildCircuits"),
        N_("Tor starts when it knows only few relays ({option}), so there are fewer ways to choose from."),
        ("PathsNeededToBuildCircuits", ("0.25",)),
        lab=True,
    ),
    "no_fetching": Rule(
        Status.WARN,
        all_of(OFF, "FetchServerDescriptors"),
        N_("Tor does not renew its list of relays ({option})."),
        ("FetchServerDescriptors", ("0",)),
    ),
    "steady_relays_only": Rule(
        Status.WARN,
        all_of(said("80", "443"), "LongLivedPorts"),
        N_("For web pages you use only relays that have run for long ({option}), unlike other people."),
        ("LongLivedPorts", ("443",)),
    ),
    "bad_ways_ignored": Rule(
        Status.WARN,
        all_of(
            between(-0.5, 0),
            *(f"PathBias{kind}Rate" for kind in ("Notice", "Warn", "Extreme", "NoticeUse", "ExtremeUse")),
        ),
        N_("Tor no longer notices relays that break your traffic on purpose ({option})."),
        ("PathBiasWarnRate", ("0",)),
    ),
    "stands_out": Rule(
        Status.WARN,
        {
            **all_of(OFF, "UseMicrodescriptors", "LearnCircuitBuildTimeout"),
            **all_of(ON, "FetchUselessDescriptors", "FetchDirInfoEarly", "FetchDirInfoExtraEarly"),
            **all_of(ON, "__DisablePredictedCircuits"),
        },
        N_("This Tor behaves unlike that of other people ({option}). That makes you stand out a little."),
        ("UseMicrodescriptors", ("0",)),
    ),
    "is_relay": Rule(
        Status.WARN,
        {**all_of(is_on, "ORPort", "DirPort"), **all_of(ON, "BridgeRelay", "ExitRelay")},
        N_("This computer also carries the traffic of others ({option}), so its address is known to all."),
        ("ORPort", ("local",)),
    ),
    "metrics": Rule(
        Status.WARN,
        all_of(is_on, "MetricsPort"),
        N_("Tor tells numbers about your use of it to whoever may ask ({option})."),
        ("MetricsPort", ("local",)),
    ),
    "verbose_log": Rule(
        Status.WARN,
        all_of(said(*(f"{how} {to}" for how in ("debug", "info") for to in ("stdout", "stderr"))), "Log"),
        N_("Tor tells more about what it does for you than it should ({option})."),
        ("Log", ("info stdout",)),
    ),
    "memory_open": Rule(
        Status.WARN,
        all_of(OFF, "DisableDebuggerAttachment"),
        N_("Other programs of yours may read Tor's memory ({option})."),
        ("DisableDebuggerAttachment", ("0",)),
    ),
}
