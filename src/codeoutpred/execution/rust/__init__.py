"""The Rust server: compiles programs many at a time and runs them, contained, one by one.

A process of its own between the pool and a fork server. It holds what programs must not reach:
the cache of binaries and the knowledge of who asked for what. The compiler and the programs run
below it, in the contained fork server.
"""
