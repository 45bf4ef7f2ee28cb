"""Texts that whoever holds them can neither read nor change, such as a place in a list of which parts are hidden.

Signed alone, it could be read; and of two of the same place nobody can tell that it is the same.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def sealed(text: str, *, salt: str) -> str:
    """The text in letters of addresses. Its length can be seen. `salt` tells one use from another."""
    return _cipher(salt).encrypt(text.encode()).decode()


def unsealed(text: str, *, salt: str) -> str:
    """What was sealed. Raises ValueError for anything else."""
    try:
        return _cipher(salt).decrypt(text).decode()
    except InvalidToken:
        raise ValueError("This was not sealed here.") from None


def _cipher(salt: str) -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = [salted_hmac(salt, "sealed", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
