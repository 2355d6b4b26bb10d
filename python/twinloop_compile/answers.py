"""What a compiled model answers."""


class Answer:
    """Tensors of a graph: `kind` says what Python's predict gives.

    labels: `tensor` is of int64, positions in `classes`, one a row; `scores` (rows by classes), if known, says how
    near the choice was. vector: one number a row. matrix: a list of `width` numbers a row.
    """

    def __init__(self, kind, tensor, width=None, classes=None, scores=None, single=False):
        self.kind = kind
        self.tensor = tensor
        self.width = width
        self.classes = classes
        self.scores = scores
        # Python's numbers are of 32 bits here.
        self.single = single


def vector(work, tensor, single=False):
    """One number a row, of a tensor of rows by one."""
    return Answer("vector", work.add("Squeeze", [tensor, work.constant([1], "int64")]), single=single)


def matrix(tensor, width, single=False):
    return Answer("matrix", tensor, width=width, single=single)


def both_chances(work, positive):
    """Rows by two of the chance of the second class (rows by one)."""
    return work.add("Concat", [work.add("Sub", [work.constant(1.0), positive]), positive], axis=1)


def most_likely(work, scores, classes):
    """The class with the highest score, the first of equals, as numpy.argmax has it."""
    return Answer("labels", work.add("ArgMax", [scores], axis=1, keepdims=0), classes=classes, scores=scores)


def chances_or_labels(work, chances, classes, method, single=False):
    if method == "predict_proba":
        return matrix(chances, len(classes), single)
    return most_likely(work, chances, classes)
