"""What runs on the far side of the pipe: the fork server, its children and the frames between.

Only `frames` is imported by the library. The others run as a script in a clean interpreter, with
this folder as their import path and nothing but the standard library beside them.
"""
