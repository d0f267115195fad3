"""Critics that are distributions over values (C51), for make_update_golden.py."""
import torch


class Categorical:
    def __init__(self, low, high, atoms, two_hot=False):
        self.low, self.high, self.atoms, self.two_hot = low, high, atoms, two_hot
        self.values = torch.linspace(low, high, atoms)

    def mean(self, logits):
        return torch.softmax(logits, 1) @ self.values

    def loss(self, logits, y):
        return -(y * torch.log_softmax(logits, 1)).sum(1).mean()

    def project(self, p, reward, discount):
        """Algorithm 1 of Bellemare et al. 2017, by what each atom gives to the two that it comes to lie between."""
        step = (self.high - self.low) / (self.atoms - 1)
        moved = (reward[:, None] + discount[:, None] * self.values).clamp(self.low, self.high)
        place = (moved - self.low) / step
        lower = place.floor().clamp(max=self.atoms - 2)
        above = place - lower
        y = torch.zeros_like(p)
        y.scatter_add_(1, lower.long(), p * (1 - above))
        y.scatter_add_(1, lower.long() + 1, p * above)
        return y

    def targets(self, said, reward, discount, aggregate):
        """Of each row the mean of all critics' distributions, the first one's, or that whose mean is the smallest."""
        if self.two_hot:  # all that is known is the number r + discount Q'
            numbers = [(reward + discount * self.mean(one)).clamp(self.low, self.high) for one in said]
            projected = torch.stack([self.of_number(y) for y in numbers])
        else:
            projected = self.projected(said, reward, discount)
        if aggregate != "min":
            return projected.mean(0) if aggregate == "mean" else projected[0]
        smallest = torch.stack([self.mean(one) for one in said]).argmin(0)
        return projected[smallest, torch.arange(len(reward))]

    def of_number(self, y):
        """Shares of the two atoms around y."""
        weight = 1 - (y[:, None] - self.values).abs() * (self.atoms - 1) / (self.high - self.low)
        return weight.clamp(min=0)

    def projected(self, said, reward, discount):
        return torch.stack([self.project(torch.softmax(one, 1), reward, discount) for one in said])
