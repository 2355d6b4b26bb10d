"""Compiles MLflow models to ONNX, in the model's own environment and with nothing but what it has."""
