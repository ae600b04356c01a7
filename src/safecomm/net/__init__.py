"""Sockets: streams and pages through Tor, and what this computer's own sockets show."""
