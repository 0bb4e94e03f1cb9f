"""What keeps a profile from being had."""


class ProfileError(Exception):
    """A profile that can't be read or asked for; the message names it, and says what helps."""
