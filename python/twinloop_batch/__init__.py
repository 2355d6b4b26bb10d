"""Batch scoring: a driver that plans mini-batches and hands them to workers, which load the model once each.

`driver` is the process that the job runs; it needs nothing but the standard library. `worker` runs in as many
processes as the deployment allows and imports what the model needs. What is scored lies in part files, one for each
mini-batch, written whole or not at all: a driver that is started again goes on where the one before was killed, and
no mini-batch comes into the output twice.
"""
