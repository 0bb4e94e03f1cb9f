"""Reads pprof's profiles back, written from the description of protocol buffers alone."""

import gzip
from collections import defaultdict


def fields(data):
    """The fields of a message: lists of numbers or bytes by field number."""
    found, place = defaultdict(list), 0
    while place < len(data):
        key, place = _varint(data, place)
        value, place = _varint(data, place)
        if key & 7 == 2:
            value, place = data[place : place + value], place + value
        else:
            assert key & 7 == 0
        found[key >> 3].append(value)
    return found


def packed(data):
    """The numbers of a packed field."""
    numbers, place = [], 0
    while place < len(data):
        number, place = _varint(data, place)
        numbers.append(number)
    return numbers


def pprof(data):
    """The sample types; the stacks, outermost frame first, with their values; the other facts."""
    profile = fields(gzip.decompress(data))
    strings = [string.decode() for string in profile[6]]
    functions = {f[1][0]: strings[f[2][0]] for f in map(fields, profile[5])}
    places = {f[1][0]: functions[fields(f[4][0])[1][0]] for f in map(fields, profile[4])}
    kinds = [tuple(strings[f[n][0]] for n in (1, 2)) for f in map(fields, profile[1])]
    mappings = [fields(mapping) for mapping in profile[3]]
    assert {fields(place)[2][0] for place in profile[4]} <= {m[1][0] for m in mappings}
    samples = []
    for sample in map(fields, profile[2]):
        stack = tuple(places[place] for place in reversed(packed(sample[1][0])))
        samples.append((stack, tuple(packed(sample[2][0]))))
    assert strings[0] == ""
    return (
        kinds,
        samples,
        {
            "time": profile[9],
            "duration": profile[10],
            "shown": strings[profile[14][0]],
            "programs": [strings[mapping[5][0]] for mapping in mappings],
        },
    )


def _varint(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        shift, place = shift + 7, place + 1
        if byte < 0x80:
            return value, place
