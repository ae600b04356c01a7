"""OpenPGP: keys and messages, on GnuPG."""
