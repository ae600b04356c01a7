"""The words of the program as plain data; imports nothing of the project and does no I/O."""
