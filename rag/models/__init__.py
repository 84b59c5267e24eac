"""What computes vectors: ONNX Runtime where a model can be exported to it, else PyTorch."""
