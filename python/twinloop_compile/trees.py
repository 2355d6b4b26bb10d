"""Ensembles of decision trees as one TreeEnsemble (ai.onnx.ml, version 5), in the precision of the library it is from.

Trees are summed in their order and precision, as the libraries do, so that sums agree to the last bit.
"""

import numpy

from .onnx_file import DOMAIN_ML

LESS_OR_EQUAL, LESS, EQUAL = 0, 1, 4


class Ensemble:
    """Nodes and leaves of the trees added so far. A reference is (True, leaf) or (False, node)."""

    def __init__(self, targets, kind="float64"):
        self.targets = targets
        self.kind = kind
        self.features, self.splits, self.modes, self.missing = [], [], [], []
        self.true, self.false = [], []
        self.leaf_targets, self.leaf_weights = [], []
        self.roots = []

    def leaf(self, target, weight):
        self.leaf_targets.append(target)
        self.leaf_weights.append(float(weight))
        return (True, len(self.leaf_targets) - 1)

    def node(self, feature, mode, split, missing_is_true):
        """A node whose branches are set later by `branch`."""
        self.features.append(int(feature))
        self.modes.append(mode)
        self.splits.append(float(split))
        self.missing.append(1 if missing_is_true else 0)
        self.true.append(None)
        self.false.append(None)
        return (False, len(self.features) - 1)

    def branch(self, node, true, false):
        self.true[node[1]] = true
        self.false[node[1]] = false

    def root(self, reference):
        if reference[0]:
            # A tree is not a leaf in ONNX: a node stands above it, both of whose branches are the leaf.
            node = self.node(0, LESS_OR_EQUAL, 0.0, True)
            self.branch(node, reference, reference)
            reference = node
        self.roots.append(reference[1])

    def constant(self, target, value):
        """A tree that always says `value`: the sum begins with it."""
        self.root(self.leaf(target, value))

    def emit(self, work, tensor):
        """A tensor of rows by targets, of a tensor of this kind of numbers."""
        # The order of the roots is the order of summation.
        return work.add(
            "TreeEnsemble",
            [tensor],
            domain=DOMAIN_ML,
            n_targets=self.targets,
            aggregate_function=1,
            post_transform=0,
            tree_roots=self.roots,
            nodes_featureids=self.features,
            nodes_splits=numpy.array(self.splits, dtype=self.kind),
            nodes_modes=numpy.array(self.modes, dtype="uint8"),
            nodes_missing_value_tracks_true=self.missing,
            nodes_truenodeids=[reference[1] for reference in self.true],
            nodes_trueleafs=[int(reference[0]) for reference in self.true],
            nodes_falsenodeids=[reference[1] for reference in self.false],
            nodes_falseleafs=[int(reference[0]) for reference in self.false],
            leaf_targetids=self.leaf_targets,
            leaf_weights=numpy.array(self.leaf_weights, dtype=self.kind),
        )


def add_arrays(ensemble, target, feature, threshold, left, right, is_leaf, value, missing_left, mode=LESS_OR_EQUAL):
    """Adds a tree given as arrays by node, root first: left is where the comparison holds."""
    references = []
    for index in range(len(feature)):
        if is_leaf[index]:
            references.append(ensemble.leaf(target, value[index]))
        else:
            references.append(ensemble.node(feature[index], mode, threshold[index], missing_left[index]))
    for index, reference in enumerate(references):
        if not is_leaf[index]:
            ensemble.branch(reference, references[int(left[index])], references[int(right[index])])
    ensemble.root(references[0])
