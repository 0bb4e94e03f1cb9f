"""The buckets of log histograms: 32 to an octave (docs/profile.md).

A value of b binary digits stands in bucket n, if b <= 6; else its leading 6 digits, of which the
first is always 1, choose one of the 32 buckets of its octave. So a bucket is at most a 32nd as wide
as its values are large.
"""

DIGITS = 6
PER_OCTAVE = 32


def bucket_of(value: int) -> int:
    """The bucket of a value, which is not negative."""
    shift = max(value.bit_length() - DIGITS, 0)
    return PER_OCTAVE * shift + (value >> shift)


def lowest(bucket: int) -> int:
    """The smallest value of a bucket."""
    shift = max(bucket // PER_OCTAVE - 1, 0)
    return (bucket - PER_OCTAVE * shift) << shift
