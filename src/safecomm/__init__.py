"""SafeComm tells you, before you publish, whether your connection is safe."""

__version__ = "0.1.0"
