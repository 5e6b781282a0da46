"""W2 in PyTorch + ncps, usage: python w2_torch.py [rounds] [threads]"""
from frames_torch import bench

bench([(16, 3, 1)], size=10, channels=4, features=128, units=48, motors=6, T=32, B=32)
