"""W3 in PyTorch + ncps, usage: python w3_torch.py [rounds] [threads]"""
from frames_torch import bench

bench([(32, 8, 4), (64, 4, 2), (64, 3, 1)], size=84, channels=4, features=512, units=64, motors=6, T=16, B=16)
