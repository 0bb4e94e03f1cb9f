"""Calls that are made at once, each by a thread of its own."""

import json
import sys
import threading


def tell_of(call, count):
    """Print what the calls with the numbers up to `count` give, and how many threads made them."""
    results, carriers = [None] * count, set()

    def make(number):
        carriers.add(threading.get_native_id())
        results[number] = call(number)

    threads = [threading.Thread(target=make, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump([results, len(carriers)], sys.stdout)
