"""What runs on the far side of the pipe: the fork server, its children and the frames between.

Run as a script in a clean interpreter, with this folder as the import path and nothing but the
standard library beside it; the library itself imports `frames`, `folder`, `identity` and `levels`
alone.
"""
