"""DDPG in plain PyTorch, as one writes it in one file: python3 torch_ddpg.py TASK THREADS. Prints one JSON object.

Each step makes one whole update: critic, actor, and both targets.
"""

import copy
import json
import sys

import gymnasium
import torch
from torch import nn
from torch.nn import functional

from tasks import DISCOUNT, LEARNING_RATE, REPLAY_CAPACITY, SIGMA, TASKS, TAU, measure_speeds


def mlp(inputs, hidden, outputs):
    layers = []
    for width in hidden:
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


class Actor(nn.Module):
    def __init__(self, observations, hidden, low, high):
        super().__init__()
        self.net = mlp(observations, hidden, len(low))
        self.register_buffer("half_range", (high - low) / 2)
        self.register_buffer("middle", (high + low) / 2)

    def forward(self, observation):
        return self.middle + self.half_range * torch.tanh(self.net(observation))


class Critic(nn.Module):
    def __init__(self, observations, actions, hidden):
        super().__init__()
        self.net = mlp(observations + actions, hidden, 1)

    def forward(self, observation, action):
        return self.net(torch.cat([observation, action], dim=1)).squeeze(1)


class Replay:
    def __init__(self, observations, actions):
        self.size = 0
        self.next = 0
        shapes = [(observations,), (actions,), (), (), (observations,)]
        self.columns = [torch.zeros(REPLAY_CAPACITY, *shape) for shape in shapes]

    def add(self, *transition):
        for column, value in zip(self.columns, transition):
            column[self.next] = value
        self.next = (self.next + 1) % REPLAY_CAPACITY
        self.size = min(self.size + 1, REPLAY_CAPACITY)

    def sample(self, batch_size):
        indices = torch.randint(self.size, (batch_size,))
        return [column[indices] for column in self.columns]


class DDPG:
    def __init__(self, environment, hidden, batch_size):
        self.environment = environment
        self.batch_size = batch_size
        self.low = torch.from_numpy(environment.action_space.low)
        self.high = torch.from_numpy(environment.action_space.high)
        observations, actions = environment.observation_space.shape[0], len(self.low)
        self.actor = Actor(observations, hidden, self.low, self.high)
        self.critic = Critic(observations, actions, hidden)
        self.target_actor = copy.deepcopy(self.actor)
        self.target_critic = copy.deepcopy(self.critic)
        self.actor_adam = torch.optim.Adam(self.actor.parameters(), lr=LEARNING_RATE)
        self.critic_adam = torch.optim.Adam(self.critic.parameters(), lr=LEARNING_RATE)
        self.replay = Replay(observations, actions)
        self.observation = torch.from_numpy(environment.reset(seed=0)[0])

    @torch.no_grad()
    def act(self):
        if self.replay.size < self.batch_size:
            return self.low + (self.high - self.low) * torch.rand_like(self.low)
        noise = SIGMA * self.actor.half_range * torch.randn_like(self.low)
        return torch.clamp(self.actor(self.observation) + noise, self.low, self.high)

    def step(self):
        action = self.act()
        following, reward, terminated, truncated, _ = self.environment.step(action.numpy())
        following = torch.from_numpy(following)
        self.replay.add(self.observation, action, reward, terminated, following)
        self.observation = following
        if terminated or truncated:
            self.observation = torch.from_numpy(self.environment.reset()[0])
        if self.replay.size >= self.batch_size:
            self.update()

    def update(self):
        observation, action, reward, terminated, following = self.replay.sample(self.batch_size)
        with torch.no_grad():
            value = self.target_critic(following, self.target_actor(following))
            target = reward + DISCOUNT * (1 - terminated) * value

        critic_loss = functional.mse_loss(self.critic(observation, action), target)
        self.critic_adam.zero_grad()
        critic_loss.backward()
        self.critic_adam.step()

        actor_loss = -self.critic(observation, self.actor(observation)).mean()
        self.actor_adam.zero_grad()
        actor_loss.backward()
        self.actor_adam.step()

        with torch.no_grad():
            for network, slow in ((self.critic, self.target_critic), (self.actor, self.target_actor)):
                for parameter, slow_parameter in zip(network.parameters(), slow.parameters()):
                    slow_parameter.lerp_(parameter, TAU)


def main():
    task, threads = sys.argv[1], int(sys.argv[2])
    make_environment, hidden, batch_size, steps = TASKS[task]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    agent = DDPG(make_environment(), hidden, batch_size)

    def train_steps(n):
        for _ in range(n):
            agent.step()

    train_steps(batch_size + 50)
    speeds = measure_speeds(train_steps, steps, threads)
    print(json.dumps({"speeds": speeds, "versions": {"torch": torch.__version__, "gymnasium": gymnasium.__version__}}))


if __name__ == "__main__":
    main()
