// ddpg.Agent: the agent whose loop is the caller's, with arrays for spans.
#include "ddpg/agent.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <memory>
#include <numeric>

#include "arrays.h"
#include "errors.h"
#include "policy.h"

namespace ddpg::python {
namespace {

struct PyAgent {
  explicit PyAgent(Agent given) : agent(std::move(given)) {}
  Agent agent;
  std::atomic<bool> busy = false;
};

// An agent belongs to one thread at a time, and Python's lock is given away while it works.
class Turn {
 public:
  explicit Turn(PyAgent& self) : busy_(self.busy) {
    if (busy_.exchange(true))
      throw Error(
          "[agent] it is at work in another thread; an agent belongs to one thread at a time, use one for each");
  }
  ~Turn() { busy_ = false; }

 private:
  std::atomic<bool>& busy_;
};

std::vector<int> actors_of(const PyAgent& self, nb::handle given) {
  std::vector<int> actors;
  if (given.is_none()) {
    actors.resize(static_cast<std::size_t>(self.agent.actors()));
    std::iota(actors.begin(), actors.end(), 0);
  } else {
    for (nb::handle actor : given) actors.push_back(nb::cast<int>(nb::int_(actor)));
  }
  return actors;
}

// An array of NumPy of one number can stand for an index, so that the type alone does not tell.
bool is_one(nb::handle actor) {
  if (PyIndex_Check(actor.ptr()) == 0) return false;
  return !nb::hasattr(actor, "ndim") || nb::cast<int>(actor.attr("ndim")) == 0;
}

nb::object act(PyAgent& self, nb::handle actor, nb::handle out) {
  const Turn turn(self);
  const auto size = static_cast<std::size_t>(self.agent.specification().action_size());
  const bool one = is_one(actor);
  const std::vector<int> actors = one ? std::vector{nb::cast<int>(nb::int_(actor))} : actors_of(self, actor);
  const Output actions = one ? Output(out, size, {size}) : Output(out, actors.size() * size, {actors.size(), size});
  {
    const nb::gil_scoped_release release;
    self.agent.act(actors, actions.numbers());
  }
  return actions.object();
}

void begin_episode(PyAgent& self, int actor, nb::handle observation) {
  const Turn turn(self);
  self.agent.begin_episode(actor, Numbers<double>(observation).all());
}

void observe(PyAgent& self, int actor, nb::handle action, nb::handle reward, nb::handle terminated,
             nb::handle truncated, nb::handle next) {
  const Turn turn(self);
  self.agent.observe(actor, Numbers<float>(action).all(), {number(reward), truth(terminated), truth(truncated)},
                     Numbers<double>(next).all());
}

void observe_many(PyAgent& self, nb::handle actions, nb::handle rewards, nb::handle terminated, nb::handle truncated,
                  nb::handle next, nb::handle given) {
  const Turn turn(self);
  const std::vector<int> actors = actors_of(self, given);
  const Numbers<float> all_actions(actions);
  const Numbers<double> all_rewards(rewards), all_next(next), ends(terminated), cuts(truncated);
  const std::size_t n = actors.size();
  const std::string where = "[agent] observe_many";
  check_rows(where, "actions", all_actions, n, static_cast<std::size_t>(self.agent.specification().action_size()));
  check_rows(where, "rewards", all_rewards, n, 1);
  check_rows(where, "terminated", ends, n, 1);
  check_rows(where, "truncated", cuts, n, 1);
  check_rows(where, "next_observations", all_next, n,
             static_cast<std::size_t>(self.agent.specification().observation_size));
  std::vector<StepResult> results(n);
  for (std::size_t i = 0; i < n; i++) results[i] = {all_rewards.all()[i], ends.all()[i] != 0, cuts.all()[i] != 0};
  self.agent.observe(actors, all_actions.all(), results, all_next.all());
}

std::int64_t learn(PyAgent& self, std::int64_t most) {
  const Turn turn(self);
  const nb::gil_scoped_release release;
  return self.agent.learn(most);
}

// All or none: the rows are one call of Agent::add.
void add(PyAgent& self, nb::handle observations, nb::handle actions, nb::handle rewards, nb::handle next,
         nb::handle terminated, nb::handle truncated) {
  const Turn turn(self);
  const auto width = static_cast<std::size_t>(self.agent.specification().observation_size);
  const auto size = static_cast<std::size_t>(self.agent.specification().action_size());
  const TransitionRows rows("[agent] add", observations, actions, rewards, next, terminated, truncated, width, size);
  std::vector<Transition> transitions(rows.n);
  for (std::size_t i = 0; i < rows.n; i++) {
    const auto from = rows.observation(i), to = rows.next_observation(i);
    const auto action = rows.action(i);
    const StepResult result = rows.result(i);
    transitions[i] = {{from.begin(), from.end()},
                      {action.begin(), action.end()},
                      result.reward,
                      {to.begin(), to.end()},
                      result.terminated,
                      result.truncated};
  }
  const nb::gil_scoped_release release;
  self.agent.add(transitions);
}

void bind_loop(nb::class_<PyAgent>& agent) {
  using namespace nb::literals;
  agent
      .def("begin_episode", begin_episode, "actor"_a, "observation"_a,
           "An episode of that actor begins with this observation.")
      .def("act", act, "actor"_a.none() = 0, "out"_a = nb::none(),
           nb::sig("def act(self, actor: int | collections.abc.Sequence[int] | None = 0, out: numpy.ndarray | None = "
                   "None) -> numpy.ndarray"),
           "mu(s) + N for that actor; for several, or all by None, a row for each.")
      .def("observe", observe, "actor"_a, "action"_a, "reward"_a, "terminated"_a, "truncated"_a, "next_observation"_a,
           "What followed the action that was really applied. Counts one environment step.")
      .def("observe_many", observe_many, "actions"_a, "rewards"_a, "terminated"_a, "truncated"_a, "next_observations"_a,
           "actors"_a = nb::none(),
           "observe() for all actors, or those named: a row for each. Either all are observed or, when one is wrong, "
           "none.")
      .def(
          "end_episode",
          [](PyAgent& self, int actor) {
            const Turn turn(self);
            self.agent.end_episode(actor);
          },
          "actor"_a,
          "The episode is cut from outside: its last transition counts as truncated, and no policy is assessed by it.")
      .def(
          "in_episode", [](const PyAgent& self, int actor) { return self.agent.in_episode(actor); }, "actor"_a)
      .def("learn", learn, "most"_a = std::numeric_limits<std::int64_t>::max(),
           "Does the updates that are due, at most so many; returns how many it did.")
      .def(
          "update",
          [](PyAgent& self, std::int64_t n) {
            const Turn turn(self);
            const nb::gil_scoped_release release;
            self.agent.update(n);
          },
          "n"_a = 1, "So many updates, whatever is due.")
      .def("add", add, "observations"_a, "actions"_a, "rewards"_a, "next_observations"_a, "terminated"_a, "truncated"_a,
           "Stores transitions that were not lived, a row each: all of them, or none when one is wrong.")
      .def(
          "value",
          [](PyAgent& self, nb::handle observation, nb::handle action) {
            const Turn turn(self);
            return self.agent.value(Numbers<double>(observation).all(), Numbers<float>(action).all());
          },
          "observation"_a, "action"_a, "Q(s, a) as the critic sees it now.");
}

}  // namespace

void bind_agent(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<PyAgent> agent(module, "Agent", "Acts, stores and learns; the loop is the caller's.");
  agent
      .def(
          "__init__",
          [](PyAgent* self, const Options& options, const Specification& specification, int actors) {
            const nb::gil_scoped_release release;
            new (self) PyAgent(Agent(options, specification, actors));
          },
          "options"_a, "specification"_a, "actors"_a = 1)
      .def_prop_ro(
          "steps", [](const PyAgent& self) { return self.agent.steps(); }, "Environment steps observed.")
      .def_prop_ro(
          "updates", [](const PyAgent& self) { return self.agent.updates(); }, "Updates done.")
      .def_prop_ro(
          "updates_due", [](const PyAgent& self) { return self.agent.updates_due(); },
          "Updates that learn() would do now.")
      .def_prop_ro(
          "transitions", [](const PyAgent& self) { return self.agent.transitions(); }, "Transitions stored now.")
      .def_prop_ro("actors", [](const PyAgent& self) { return self.agent.actors(); })
      .def_prop_ro("options", [](const PyAgent& self) { return self.agent.options(); })
      .def_prop_ro("specification", [](const PyAgent& self) { return self.agent.specification(); })
      .def_prop_ro(
          "warning", [](const PyAgent& self) { return self.agent.warning(); },
          "What should be known of what it started from; empty: nothing.")
      .def(
          "policy",
          [](PyAgent& self) {
            const Turn turn(self);
            return std::make_unique<SharedPolicy>(self.agent.policy());
          },
          "mu as it is now or, with assessments, the best policy that has proved itself, once one has.")
      .def(
          "save",
          [](PyAgent& self, const std::string& file) {
            const Turn turn(self);
            const nb::gil_scoped_release release;
            self.agent.save(file);
          },
          "file"_a, "Everything, the transitions included, as one file.")
      .def_static(
          "load",
          [](const std::string& file, const Goals* goals) {
            return reading(file,
                           [&] { return std::make_unique<PyAgent>(Agent::load(file, goals ? *goals : Goals{})); });
          },
          "file"_a, "goals"_a.none() = nb::none(),
          "Goes on from what save() wrote, to the same bits; with hindsight it needs the goals of its specification.");
  bind_loop(agent);
}

}  // namespace ddpg::python
