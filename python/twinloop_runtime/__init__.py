"""What runs inside a deployment's environment to serve its model."""
