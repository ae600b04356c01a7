"""Does my traffic really enter Tor?"""
