"""Policies as modules of PyTorch. Collected where PyTorch is there: conftest.py."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch
from test_parts import NETWORKS, trained_policy

import ddpg


@pytest.mark.parametrize("name", NETWORKS)
def test_the_module_acts_as_the_policy(name, small):
    policy = trained_policy(name, small)
    module = policy.to_torch()
    observations = np.random.default_rng(0).normal(size=(20, 3))
    for one in (module, copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        with torch.no_grad():
            found = one(torch.from_numpy(observations))
        assert found.dtype == torch.float32
        np.testing.assert_allclose(found.numpy(), policy(observations), atol=1e-5)
    with torch.no_grad():
        np.testing.assert_allclose(module(torch.from_numpy(observations[0])).numpy(), policy(observations[0]), atol=1e-5)


def test_the_module_can_be_trained_on_and_is_a_copy(small):
    agent = ddpg.DDPG("Pendulum-v1", **small)
    module = agent.to_torch()
    before = agent.policy(np.ones(3))
    loss = module(torch.ones(4, 3)).square().mean()
    loss.backward()
    assert all(parameter.grad is not None for parameter in module.parameters())
    assert "layers.0.weight" in module.state_dict()
    torch.optim.SGD(module.parameters(), 10.0).step()
    np.testing.assert_array_equal(agent.policy(np.ones(3)), before)


def test_tensors_are_read_and_written_where_they_are(small):
    policy = ddpg.DDPG("Pendulum-v1", **small).policy
    observations, out = torch.randn(5, 3, dtype=torch.float64), torch.empty(5, 1)
    policy(observations, out=out)
    np.testing.assert_array_equal(out.numpy(), policy(observations.numpy()))
