"""The program that runs in the lab's web namespace: DNS, web services, and a socket to command them."""

import json
import socket
import sys
from pathlib import Path

from tests.lab.dns import DnsServer
from tests.lab.errors import LabError
from tests.lab.modes import Mode, parse_mode
from tests.lab.plan import ONION_PAGE, SITES
from tests.lab.web_server import WebServer


def main(folder: Path) -> None:
    """Serve until killed; commands come as one JSON object per connection to folder/web.sock."""
    dns = DnsServer()
    dns.start()
    web = {site.name: WebServer(site, folder / "certificates", dns.who_asked) for site in SITES}
    web["onion"] = WebServer(ONION_PAGE, None, dns.who_asked)
    for server in web.values():
        server.set(Mode())
    commands = socket.socket(socket.AF_UNIX)
    commands.bind(str(folder / "web.sock"))
    commands.listen(8)
    while True:
        connection, _ = commands.accept()
        with connection, connection.makefile("rw", encoding="utf-8") as line:
            json.dump(_obey(json.loads(line.readline()), web, dns), line)


def _obey(command: dict[str, str], web: dict[str, WebServer], dns: DnsServer) -> object:
    what = command["do"]
    if what == "set":
        try:
            web[command["service"]].set(parse_mode(command["service"], command["mode"]))
        except (LabError, OSError) as error:
            return {"error": str(error)}
    elif what == "reset":
        for server in web.values():
            server.set(Mode())
    elif what == "clear":
        dns.queries.clear()
        for server in web.values():
            server.seen.clear()
    return {"requests": [each for server in web.values() for each in server.seen], "queries": dns.queries}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
