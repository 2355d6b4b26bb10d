"""The rows that a compiled model is proven on: real ones as far as there are, and ones where it could go wrong.

The latter are made of what the model itself tells apart: values at, just below and just above its split points,
its categories, and what no category is; missing values, extremes, infinities, and texts of no or odd letters.
"""

import math
import random

import numpy

from .columns import MISSING

CUTS_PER_COLUMN = 60
VALUES_PER_COLUMN = 60
REAL_ROWS = 300
ODD_TEXTS = ["", " ", "\u00e9\u4e2d\U0001f600", "NaN", "null", "x" * 300, MISSING, MISSING * 2]
INTEGER_LIMITS = {"integer": 2**31 - 1, "long": 2**63 - 1}


def rows_of_proof(work, real, seed=0):
    """Lists of rows (dicts by column) to be scored together, with how many of all rows are real."""
    choice = random.Random(seed)
    real = real if len(real) <= REAL_ROWS else choice.sample(real, REAL_ROWS)
    safe = {column.name: safe_values(work, column, choice) for column in work.columns}
    hazards = {column.name: hazardous_values(column, safe[column.name]) for column in work.columns}
    bases = real or [{name: values[len(values) // 2] for name, values in safe.items()}]
    covering = list(covering_rows(safe, choice))
    # Each from a base row, so that most of the row is where the model is at home.
    mixed = [mix(base, safe, choice, 0.3) for base in bases for _ in range(max(1, 150 // len(bases)))]
    hazardous = [dict(choice.choice(bases), **{name: value}) for name in hazards for value in hazards[name]]
    reckless = [mix(choice.choice(bases), hazards, choice, 0.3) for _ in range(60)]
    batches = [*together(real, 25), *together(covering, 25), *together(mixed, 7)]
    return [*batches, *([row] for row in hazardous + reckless)], len(real)


def together(rows, count):
    return [rows[begin : begin + count] for begin in range(0, len(rows), count)]


def mix(base, values, choice, share):
    return {
        name: choice.choice(values[name]) if values[name] and choice.random() < share else base[name] for name in values
    }


def covering_rows(values, choice):
    """Rows in which every value of every column comes at least twice, each time among others."""
    for _ in range(2):
        decks = {name: choice.sample(deck, len(deck)) for name, deck in values.items()}
        for index in range(max(map(len, decks.values()))):
            yield {name: deck[index % len(deck)] for name, deck in decks.items()}


def spread(values, count):
    """At most `count` of the values, evenly from their order."""
    values = sorted(values)
    if len(values) <= count:
        return values
    return [values[round(index * (len(values) - 1) / (count - 1))] for index in range(count)]


def safe_values(work, column, choice):
    """Values of its type that a column may well have."""
    known = list(dict.fromkeys(work.values[column.name]))
    known = known if len(known) <= VALUES_PER_COLUMN else choice.sample(known, VALUES_PER_COLUMN)
    if column.text:
        return known or ["a"]
    if column.type == "boolean":
        return [False, True]
    found = known + [0, 1, -1]
    for cut in spread(work.cuts[column.name], CUTS_PER_COLUMN):
        near = [cut, numpy.nextafter(cut, -math.inf), numpy.nextafter(cut, math.inf), float(numpy.float32(cut))]
        if column.type in INTEGER_LIMITS:
            near = [math.floor(cut), math.ceil(cut)]
        found += near
    return [value for value in dict.fromkeys(map(number_of(column), found)) if value is not None]


def number_of(column):
    """What JSON can say of a number, in a column of this type; None for what it cannot have."""
    if column.type in INTEGER_LIMITS:
        limit = min(INTEGER_LIMITS[column.type], 2**53)
        return lambda value: int(value) if abs(value) <= limit else None
    largest = 3.4e38 if column.type == "float" else 1.7e308
    return lambda value: float(value) if abs(value) <= largest else None


def hazardous_values(column, safe):
    if column.text:
        changed = [text.swapcase() for text in safe[:3]] + [text + " " for text in safe[:3]]
        return [None, *ODD_TEXTS, *changed]
    if column.type == "boolean":
        return []
    if column.type in INTEGER_LIMITS:
        limit = min(INTEGER_LIMITS[column.type], 2**53)
        return [limit, -limit, 12345]
    return [None, math.inf, -math.inf, 1e38, -1e38, 1e300, -1e300, 5e-324, -0.0, 16777217.0]
