"""The languages that come with the library, and all that differs from one to the other.

Each names one `Language`, registered by the hook `register_languages`.
"""
