"""Does anything go around Tor?"""
