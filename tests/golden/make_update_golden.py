"""Writes update_*.json for tests/agent/update_golden_test.cpp: 100 updates of DDPG, TD3, D4PG and TD7 by PyTorch in float64. Actions
are in [-1, 1], as the actor and the critics see them.

Run where PyTorch is installed: python3 make_update_golden.py [CASE ...]. A file holds the networks before, after 1 and
after 100 updates, the minibatches, taken in turn, and what the 1st and the 100th update measured. Initial numbers and
minibatches are exact float32 values. The noise of targets is that of the stream "targets" of seed 0.
"""
import json
import pathlib
import sys

import numpy as np
import torch

from make_random_golden import Stream
from torch_networks import ActionEncoder, Actor, Critic, StateEncoder
from torch_distributions import Categorical

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
UPDATES = 100
MINIBATCHES = 8
MEASURES = ["critic_loss", "actor_loss", "mean_q", "mean_target", "critic_gradient_norm", "actor_gradient_norm"]
LOSSES = {"mse": torch.nn.functional.mse_loss, "huber": torch.nn.functional.smooth_l1_loss}


class Learner:
    """Algorithm 1 of Lillicrap et al. 2015, lines 12 to 15, with what Fujimoto et al. 2018 add."""

    def __init__(self, case, random):
        self.case = case
        self.networks = {"actor": Actor(case), "critic": Critic(case),
                         "actor_target": Actor(case), "critic_target": Critic(case)}
        self.critics = ["critic"]
        for k in range(2, case.get("critics", 1) + 1):
            self.critics.append(f"critic{k}")
            self.networks |= {f"critic{k}": Critic(case), f"critic{k}_target": Critic(case)}
        self.learned = ["actor", *self.critics]
        self.encoders = ["state_encoder", "action_encoder"] if "encoder" in case else []
        for name, make in zip(self.encoders, (StateEncoder, ActionEncoder)):
            self.networks |= {name + age: make(case) for age in ("", "_fixed", "_target")}
        for network in self.networks.values():
            network.randomise(random)
        for name in self.learned:
            target = self.networks[name + "_target"]
            target.train(not case["targets_use_running_statistics"])
            for norm in target.batch_norms():
                norm.momentum = 0  # their running statistics are copies
        self.adam = {name: self.optimiser(name) for name in [*self.learned, *self.encoders]}
        self.clipped = {name: 0 for name in [*self.learned, "rows"]}
        self.updates = 0
        self.noise = Stream(0, "targets")
        critic = case["critic"]
        self.head = None
        if "atoms" in critic:
            self.head = Categorical(critic["v_min"], critic["v_max"], critic["atoms"], critic["head"] == "two-hot")
        self.range, self.seen = (0.0, 0.0), (float("inf"), -float("inf"))

    def options(self, name):
        return self.case["actor" if name == "actor" else "encoder" if name in self.encoders else "critic"]

    def optimiser(self, name):
        parameters = list(self.networks[name].parameters())
        if decay := self.options(name).get("weight_decay", 0):
            return torch.optim.AdamW(parameters, lr=self.options(name)["learning_rate"], eps=self.case["adam_epsilon"],
                                     weight_decay=decay)
        weights = [p for p in parameters if p.dim() == 2]
        others = [p for p in parameters if p.dim() != 2]
        groups = [{"params": weights, "weight_decay": self.options(name).get("l2", 0)}, {"params": others}]
        return torch.optim.Adam(groups, lr=self.options(name)["learning_rate"], eps=self.case["adam_epsilon"])

    def descend(self, name, loss):
        """One Adam step, the gradient clipped before the penalty's is added; gives back the norm before clipping."""
        parameters = list(self.networks[name].parameters())
        self.adam[name].zero_grad()
        loss.backward(inputs=parameters)  # nothing else gets a gradient
        norm = torch.sqrt(sum((p.grad**2).sum() for p in parameters))
        clip = self.options(name)["gradient_clip"]
        if 0 < clip < norm:
            self.clipped[name] += 1
            for p in parameters:
                p.grad *= clip / norm
        self.adam[name].step()
        return norm

    def act(self, name, s, age):
        return self.networks[name](s, *([self.networks["state_encoder_" + age](s)] if self.encoders else []))

    def criticise(self, name, s, u, age):
        if not self.encoders:
            return self.networks[name](s, u)
        zs = self.networks["state_encoder_" + age](s)
        zsa = self.networks["action_encoder_" + age](zs, u)
        return self.networks[name](torch.cat([s, u], 1), torch.cat([zsa, zs], 1))

    def update_encoder(self, batch):
        state, action = (self.networks[name] for name in self.encoders)
        predicted = action(state(batch["observation"]), batch["action"])
        loss = torch.nn.functional.mse_loss(predicted, state(batch["next_observation"]).detach())
        for name in self.encoders:
            self.adam[name].zero_grad()
        loss.backward(inputs=[*state.parameters(), *action.parameters()])
        for name in self.encoders:
            self.adam[name].step()

    def next_action(self, batch):
        """The target actor's, with clipped noise: row by row, and in a row action by action."""
        u = self.act("actor_target", batch["next_observation"], "target")
        deviation, clip = self.case.get("target_noise", 0), self.case.get("target_noise_clip", 0) or float("inf")
        if deviation == 0:
            return u
        noise = [deviation * self.noise.normal() for _ in range(u.numel())]
        return (u + torch.tensor(noise).reshape(u.shape).clamp(-clip, clip)).clamp(-1, 1)

    def targets(self, batch):
        u = self.next_action(batch)
        said = [self.criticise(name + "_target", batch["next_observation"], u, "target") for name in self.critics]
        discount = self.case["discount"] * (1 - batch["terminated"])
        if self.head:
            return self.head.targets(said, batch["reward"], discount, self.case.get("aggregate", "min"))
        values = torch.cat(said, 1)
        if self.case.get("clip_to_seen_range"):
            values = values.clamp(*self.range)
        y = batch["reward"] + discount * aggregated(values, self.case.get("aggregate", "min"))
        y = y.clamp(*self.case.get("ends", (-float("inf"), float("inf"))))
        self.seen = (min(self.seen[0], y.min().item()), max(self.seen[1], y.max().item()))
        return y

    def value(self, said):
        """Q of each row, of what a critic says."""
        return self.head.mean(said) if self.head else said[:, 0]

    def loss(self, said, y):
        return self.head.loss(said, y) if self.head else LOSSES[self.case["critic"].get("head", "mse")](said[:, 0], y)

    def descended(self, actor_loss, climbed, u):
        """What the actor goes down: its loss, or, where each row's gradient to the action is cut, what has that one."""
        clip = self.case["actor"].get("action_gradient_clip", 0)
        if clip == 0:
            return actor_loss
        to_action = torch.autograd.grad(climbed.sum(), u, retain_graph=True)[0]
        length = to_action.norm(dim=1, keepdim=True)
        self.clipped["rows"] += (length > clip).sum().item()
        return -((to_action * (clip / length).clamp(max=1)) * u).sum(1).mean()

    def update(self, batch):
        self.updates += 1
        if self.encoders:
            self.update_encoder(batch)
        with torch.no_grad():
            y = self.targets(batch)

        said = [self.criticise(name, batch["observation"], batch["action"], "fixed") for name in self.critics]
        qs, losses = [self.value(one) for one in said], [self.loss(one, y) for one in said]
        norms = [self.descend(name, loss) for name, loss in zip(self.critics, losses)]
        measures = dict(critic_loss=sum(losses) / len(losses), mean_q=sum(q.mean() for q in qs) / len(qs),
                        mean_target=(y @ self.head.values if self.head else y).mean(),
                        critic_gradient_norm=torch.sqrt(sum(norm**2 for norm in norms)))

        if self.updates % self.case.get("actor_period", 1) == 0:
            critics = [self.networks[name] for name in self.critics]
            norms = [norm for critic in critics for norm in critic.batch_norms()]
            for norm in norms:
                norm.momentum = 0  # the minibatch's statistics, the running ones left alone
            u = self.act("actor", batch["observation"], "fixed")
            said = [self.criticise(name, batch["observation"], u, "fixed") for name in self.critics]
            values = torch.stack([self.value(one) for one in said], 1)
            climbed = aggregated(values, self.case.get("actor_aggregate", "first"))
            actor_loss = -climbed.mean()
            for norm in norms:
                norm.momentum = 0.1
            descended = self.descended(actor_loss, climbed, u)
            if alpha := self.case["actor"].get("cloning_alpha", 0):  # TD3+BC
                descended = descended * alpha / climbed.abs().mean().detach() + torch.nn.functional.mse_loss(u, batch["action"])
            descended = descended + self.case["actor"].get("action_l2", 0) * (u**2).mean()  # HER
            norm = self.descend("actor", descended)
            measures |= dict(actor_loss=actor_loss, actor_gradient_norm=norm)

        self.update_targets()
        return {name: rounded(measures[name].item()) for name in MEASURES if name in measures}

    def update_targets(self):
        every = self.case["hard_update_interval"]
        tau = self.case["tau"] if every == 0 else 1.0
        if every and self.updates % every == 0:
            self.range = self.seen
        if self.updates % (every or self.case.get("target_period", 1)) != 0:
            tau = 0.0
        if every and self.updates % every == 0:
            for name in self.encoders:
                online, fixed, target = (self.networks[name + age] for age in ("", "_fixed", "_target"))
                target.load_state_dict(fixed.state_dict())
                fixed.load_state_dict(online.state_dict())
        with torch.no_grad():
            for name in self.learned:
                online, target = self.networks[name], self.networks[name + "_target"]
                for p, p_target in zip(online.parameters(), target.parameters()):
                    p_target.copy_(tau * p + (1 - tau) * p_target)
                for b, b_target in zip(online.buffers(), target.buffers()):
                    b_target.copy_(b)  # running statistics

    def snapshot(self):
        return {name: [tensor(*item) for item in network.numbers().items()] for name, network in self.networks.items()}


def aggregated(values, how):
    """Of the values [rows, critics] one for each row."""
    return {"first": values[:, 0], "mean": values.mean(1), "min": values.min(1).values}[how]


def rounded(value):
    return float(f"{value:.9g}")


def numbers(value):
    return [rounded(x) for x in value.flatten().tolist()]


def tensor(name, value):
    return {"name": name, "shape": list(value.shape), "values": numbers(value)}


def make_minibatches(case, random):
    """Transitions at random, a tenth of them terminated; features of unequal scale."""
    rows, observations = case["batch_size"], case["observation_size"]
    scale, centre = np.linspace(0.3, 2.0, observations), np.linspace(-1.0, 1.0, observations)
    batches = []
    for _ in range(MINIBATCHES):
        batch = {"observation": centre + scale * random.standard_normal((rows, observations)),
                 "action": random.uniform(-1, 1, (rows, case["action_size"])),
                 "next_observation": centre + scale * random.standard_normal((rows, observations)),
                 "reward": random.normal(0.5, 1.0, rows),
                 "terminated": (random.random(rows) < 0.1).astype(float)}
        batches.append({name: torch.tensor(x.astype(np.float32).astype(np.float64)) for name, x in batch.items()})
    return batches


def network(hidden, activation, learning_rate, gradient_clip=0.0, **more):
    return dict(hidden=hidden, activation=activation, learning_rate=learning_rate, gradient_clip=gradient_clip, **more)


def make_case(name, **options):
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        return
    case = {"observation_size": 5, "action_size": 2, "discount": 0.99,
            "batch_size": 20, "tau": 0.005, "adam_epsilon": 1e-8, "hard_update_interval": 0,
            "targets_use_running_statistics": False, "batch_norm": False,
            "layer_norm": False} | options
    random = np.random.default_rng(20150909)
    learner, batches = Learner(case, random), make_minibatches(case, random)
    golden = {"options": case, "initial": learner.snapshot(), "after": [],
              "minibatches": [{name: numbers(x) for name, x in batch.items()} for batch in batches]}
    for i in range(UPDATES):
        measures = learner.update(batches[i % MINIBATCHES])
        if i + 1 in (1, UPDATES):
            golden["after"].append({"updates": i + 1, "measures": measures, "networks": learner.snapshot()})
    path = pathlib.Path(__file__).with_name(f"update_{name}.json")
    path.write_text(json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{") + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, gradients clipped {learner.clipped}")


make_case("plain", batch_size=50, actor=network([20, 17], "relu", 1e-3),
          critic=network([20, 17], "relu", 1e-3, action_layer=1, l2=0.0))
# A shift of the observation before batch norm has no gradient, because the next batch norm takes it away; of the
# rounding that is left an epsilon of 1e-8 would make steps as long as any, and no two implementations would agree.
make_case("lillicrap2015", tau=1e-3, adam_epsilon=1e-5, batch_norm=True, actor=network([20, 17], "relu", 1e-4),
          critic=network([20, 17], "relu", 1e-3, action_layer=2, l2=1e-2))
make_case("running_targets", tau=1e-3, adam_epsilon=1e-5, batch_norm=True, targets_use_running_statistics=True,
          actor=network([20, 17], "relu", 1e-4), critic=network([20, 17], "relu", 1e-3, action_layer=2, l2=1e-2))
make_case("layer_norm", hard_update_interval=10, layer_norm=True,
          actor=network([20, 17], "tanh", 1e-3, gradient_clip=0.05),
          critic=network([20, 17], "elu", 1e-3, action_layer=2, gradient_clip=3.0, l2=1e-3))
# TD3's numbers, and then each addition otherwise: three critics' mean, noise that is not cut, an actor that climbs the
# smallest or the mean, its target that follows while it waits, copies.
make_case("td3", batch_size=50, critics=2, aggregate="min", target_noise=0.2, target_noise_clip=0.5, actor_period=2,
          target_period=2, actor=network([20, 17], "relu", 1e-3),
          critic=network([20, 17], "relu", 1e-3, action_layer=1, l2=0.0))
make_case("mean_of_three", critics=3, aggregate="mean", target_noise=1.0, actor_period=3, actor_aggregate="min", layer_norm=True,
          actor=network([20, 17], "elu", 1e-3, gradient_clip=0.05),
          critic=network([20, 17], "tanh", 1e-3, action_layer=2, gradient_clip=3.0, l2=1e-3))
make_case("first_with_copies", tau=1e-3, adam_epsilon=1e-5, critics=2, aggregate="first", target_noise=0.3,
          target_noise_clip=0.1, actor_period=2, actor_aggregate="mean", hard_update_interval=5, batch_norm=True,
          actor=network([20, 17], "relu", 1e-3), critic=network([20, 17], "relu", 1e-3, action_layer=2, l2=0.0))
make_case("huber", batch_size=50, actor=network([20, 17], "relu", 1e-3),
          critic=network([20, 17], "relu", 1e-3, action_layer=1, l2=0.0, head="huber"))
make_case("simba", actor=network([6], "relu", 1e-3, body="simba", weight_decay=0.1),
          critic=network([5, 5], "relu", 1e-3, action_layer=1, l2=0.0, body="simba", weight_decay=0.1))
# D4PG: a distribution over values, networks as Acme has them, copies, each row's gradient to the action cut. Then the
# distribution of the critic with the smaller mean.
make_case("d4pg", hard_update_interval=10,
          actor=network([12, 10], "elu", 1e-3, body="layer-norm-tanh", gradient_clip=0.05, action_gradient_clip=0.05),
          critic=network([14, 10], "elu", 1e-3, gradient_clip=0.2, body="layer-norm-tanh", action_layer=1, l2=0.0,
                         head="categorical", atoms=21, v_min=-3.0, v_max=4.0))
make_case("categorical_twins", critics=2, aggregate="min", target_noise=0.2, actor_period=2, actor_aggregate="mean",
          actor=network([12, 10], "relu", 1e-3),
          critic=network([14, 10], "relu", 1e-3, action_layer=2, l2=1e-3, head="categorical", atoms=5, v_min=-2.0, v_max=2.0))
make_case("seen_range", batch_size=30, critics=2, target_noise=0.2, target_noise_clip=0.5, actor_period=2, actor_aggregate="mean",
          hard_update_interval=10, clip_to_seen_range=True, actor=network([12, 10], "relu", 1e-3),
          critic=network([14, 10], "elu", 1e-3, action_layer=1, l2=0.0, head="huber"))
# TD7; then embeddings beside the observation, of another size, with one critic.
make_case("td7", batch_size=30, critics=2, target_noise=0.2, target_noise_clip=0.5, actor_period=2, actor_aggregate="mean",
          hard_update_interval=10, clip_to_seen_range=True,
          encoder=dict(hidden=[9, 8], size=7, activation="elu", learning_rate=1e-3),
          actor=network([12, 10, 9], "relu", 1e-3, body="avg-l1-norm"),
          critic=network([14, 11, 10], "elu", 1e-3, action_layer=1, l2=0.0, head="huber", body="avg-l1-norm"))
make_case("encoder_of_perceptrons", hard_update_interval=7, layer_norm=True,
          encoder=dict(hidden=[10], size=16, activation="tanh", learning_rate=1e-3),
          actor=network([12, 10], "elu", 1e-3, gradient_clip=0.05),
          critic=network([14, 10], "tanh", 1e-3, action_layer=1, l2=1e-3))
make_case("two_hot", critics=2, aggregate="min", actor_aggregate="mean", actor=network([12, 10], "relu", 1e-3),
          critic=network([14, 10], "elu", 1e-3, action_layer=1, l2=0.0, head="two-hot", atoms=7, v_min=-3.0, v_max=2.5))
make_case("td3_bc", critics=2, aggregate="min", target_noise=0.2, target_noise_clip=0.5, actor_period=2, target_period=2,
          actor=network([20, 17], "relu", 1e-3, cloning_alpha=2.5), critic=network([20, 17], "relu", 1e-3, action_layer=1, l2=0.0))
make_case("her", target_period=2, ends=[-0.5, 1.0], actor=network([20, 17], "relu", 1e-3, action_l2=1.0),
          critic=network([20, 17], "relu", 1e-3, action_layer=1, l2=0.0))
