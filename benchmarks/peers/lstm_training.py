#!/usr/bin/env python3
"""The updates of network_training_benchmark's LSTM in PyTorch: nn.LSTM, the head that looks ahead, the negative binomial's
likelihood, clipped gradients, Adam, the moving average of the weights, a look at 400 series every 20 updates. Batches are
made beforehand and not timed.

    OMP_NUM_THREADS=1 python3 benchmarks/peers/lstm_training.py [NUM_INPUTS]
"""
import sys
import time

import torch
from torch import nn

PERIODS, BATCH, HIDDEN, HEAD, HORIZON, STEPS, UPDATES = 112, 64, 40, 32, 14, 4, 100


class Network(nn.Module):
    def __init__(self, inputs, features):
        super().__init__()
        self.lstm = nn.LSTM(inputs, HIDDEN)
        self.head_state = nn.Linear(HIDDEN + 1, HEAD)
        self.head_step = nn.Linear(features + 2, HEAD, bias=False)
        self.out = nn.Linear(HEAD, 3)

    def loss(self, batch, steps, first=7):
        hidden, _ = self.lstm(batch["inputs"])
        shared = self.head_state(torch.cat([hidden, batch["level"].unsqueeze(2) / 3], 2))[first:]
        total = 0.0
        for step in steps:
            ahead = batch["ahead"][first + step + 1:PERIODS + step + 1]
            out = self.out(torch.relu(shared + self.head_step(ahead)))
            log_mean = batch["level"][first:] + out[..., 0].clamp(-3, 3)
            log_dispersion = out[..., 1].clamp(-6, 3)
            target = batch["target"][first + step + 1:PERIODS + step + 1]
            r = torch.exp(-log_dispersion)
            log_total = torch.logaddexp(-log_dispersion, log_mean)
            log_count = (torch.lgamma(target + r) - torch.lgamma(r) - torch.lgamma(target + 1)
                         + r * (-log_dispersion - log_total) + target * (log_mean - log_total))
            total = total - log_count.mean()
        return total / len(steps)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 32
    features = max(1, inputs - 17)
    net = Network(inputs, features)
    adam = torch.optim.Adam(net.parameters(), lr=2e-3)
    average = Network(inputs, features)

    def batch_of(series):
        return {"inputs": torch.randn(PERIODS, series, inputs), "level": torch.randn(PERIODS, series),
                "ahead": torch.randn(PERIODS + HORIZON, series, features + 2),
                "target": torch.poisson(torch.full((PERIODS + HORIZON, series), 3.0))}

    batches = [batch_of(BATCH) for _ in range(8)]
    validation = batch_of(400)
    for update in range(UPDATES + 5):
        if update == 5:
            start = time.process_time()
        loss = net.loss(batches[update % 8], torch.randperm(HORIZON)[:STEPS].tolist())
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        with torch.no_grad():
            for ours, theirs in zip(average.parameters(), net.parameters()):
                ours.mul_(0.97).add_(theirs, alpha=0.03)
            if update % 20 == 4:
                average.loss(validation, range(HORIZON), first=PERIODS - 2 * HORIZON).item()
    seconds = time.process_time() - start
    print(f"PyTorch {torch.__version__}   {UPDATES / seconds:6.1f} updates a CPU second ({inputs} inputs)")


if __name__ == "__main__":
    main()
