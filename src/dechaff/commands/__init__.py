"""The commands of the command line: the arguments of each, and the call into the library that it is."""
