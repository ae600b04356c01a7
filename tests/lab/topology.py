"""The lab's cables: a router in the middle; the client, the relays and the web around it."""

from tests.lab.plan import DNS_ADDRESS, DNS_ADDRESS6, LINKS, NODES, SITES, Link


def script() -> str:
    """A shell script that builds the network from inside the lab's namespaces."""
    lines = ["set -eu", "ip link set lo up", "ip netns add router", *_forwarding()]
    for link in LINKS:
        lines += _cable(link)
    return "\n".join(lines) + "\n"


def _forwarding() -> list[str]:
    switches = ("ipv4/ip_forward", "ipv6/conf/all/forwarding")
    writes = "; ".join(f"echo 1 >/proc/sys/net/{switch}" for switch in switches)
    table = "add table inet censor; add chain inet censor forward { type filter hook forward priority 0; }"
    return [
        "ip -n router link set lo up",
        f"ip netns exec router sh -c '{writes}'",
        f"ip netns exec router nft '{table}'",
    ]


def _cable(link: Link) -> list[str]:
    space, via, via6 = link.space, link.end.split("/")[0], link.end6.split("/")[0]
    here = [f"addr add {link.end} dev eth0", f"addr add {link.end6} dev eth0 nodad"]
    there = [f"addr add {link.router} dev {space}", f"addr add {link.router6} dev {space} nodad"]
    routes = [f"link set {space} up"]
    for address in _addresses(space, via):
        if ":" in address:
            here.append(f"addr add {address}/128 dev eth0 nodad")
            routes.append(f"-6 route add {address}/128 via {via6}")
        else:
            here.append(f"addr add {address}/32 dev eth0")
            routes.append(f"route add {address}/32 via {via}")
    gateway, gateway6 = link.router.split("/")[0], link.router6.split("/")[0]
    here += ["link set lo up", "link set eth0 up", f"route add default via {gateway}"]
    here.append(f"-6 route add default via {gateway6}")
    cable = f"ip link add {space} netns router type veth peer name eth0 netns {space}"
    quiet = f"ip netns exec {space} sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra'"
    return [
        f"ip netns add {space}",
        quiet,
        cable,
        _batch(space, here),
        _batch("router", there + routes),
    ]


def _batch(space: str, commands: list[str]) -> str:
    family = {True: "ip -6", False: "ip"}
    return "\n".join(
        f"{family[command.startswith('-6 ')]} -n {space} {command.removeprefix('-6 ')}"
        for command in commands
    )


def _addresses(space: str, own: str) -> list[str]:
    found = [node.address for node in NODES if node.space == space and node.address != own]
    if space == "web":
        found += [DNS_ADDRESS, DNS_ADDRESS6]
        found += [address for each in SITES for address in (each.address, each.address6)]
    return found
