"""Where the model is, and the key to it, which nothing but the client ever sees.

The key comes from the environment variable `OPENAI_API_KEY`, and from there alone, so that it
stands in no setting, file or command line. Whatever a server says passes through `Access.clean`
before it is shown or kept, since some repeat the key in their complaints.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from codeoutpred.errors import InvalidValueError

KEY = "OPENAI_API_KEY"
BASE_URL = "OPENAI_BASE_URL"
OFFICIAL = "https://api.openai.com/v1"

NO_KEY = "none"
"""What the client is given for servers that need no key: it insists on one."""

SHORTEST_SECRET = 8
"""A shorter key is a placeholder such as `EMPTY`, and may well stand in a program."""

LONGEST_COMPLAINT = 300
"""Characters of what a server says that are shown."""


class Access:
    """The address `base_url` (empty: that of the environment, else OpenAI's own) and the key.

    Raises `InvalidValueError` for an address that is none, a key that cannot be one, and where
    there is neither.
    """

    def __init__(self, base_url: str) -> None:
        asked = base_url or os.environ.get(BASE_URL, "").strip()
        self._key = os.environ.get(KEY, "").strip()
        if not self._key and not asked:
            raise InvalidValueError(
                f"there is no key: set the environment variable {KEY}, or name by base_url a "
                "server of your own, which needs none (http://localhost:8000/v1, say)"
            )
        if not (self._key.isascii() and self._key.isprintable()):
            raise InvalidValueError(
                f"{KEY} has characters that no key has (other than printable ASCII); set it again"
            )
        self.base_url = asked or OFFICIAL
        try:
            parts = urlsplit(self.base_url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError as error:
            raise InvalidValueError(f"base_url cannot be read: {error}") from None
        self.place = f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
        """The address for people: without a user's name and password in it."""
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidValueError(
                f"base_url is {self.base_url!r}; it must start with http:// or https:// and "
                "mostly ends in /v1, as http://localhost:8000/v1 does"
            )

    def key_for_client(self) -> str:
        """The key, for the client and nobody else."""
        return self._key or NO_KEY

    def clean(self, text: str) -> str:
        """The text without the key."""
        return text.replace(self._key, "***") if len(self._key) >= SHORTEST_SECRET else text

    def shown(self, text: str) -> str:
        """What a server says, as one line for people, without the key."""
        return " ".join(self.clean(text).split())[:LONGEST_COMPLAINT]
