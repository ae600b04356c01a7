"""Tor's control port, its events and a Tor of our own; the only folder that uses stem."""
