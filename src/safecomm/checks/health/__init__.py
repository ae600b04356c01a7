"""Is this Tor connection complete, current and set up right?"""
