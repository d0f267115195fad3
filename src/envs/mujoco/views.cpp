// From where each task is looked at: distances, heights and angles of Gymnasium 1.4.0 (DEFAULT_CAMERA_CONFIG of
// gymnasium/envs/mujoco/*_v5.py). What runs away is followed, which Gymnasium no longer does.
#include <map>

#include "envs/mujoco/tasks.h"

namespace ddpg {

MujocoView view_of(const std::string& task) {
  static const std::map<std::string, MujocoView> views = {
      {"Ant-v5", {.distance = 4, .follow = 1}},
      {"HalfCheetah-v5", {.distance = 4, .follow = 1}},
      {"Hopper-v5", {.distance = 3, .lookat = {0, 0, 1.15}, .elevation = -20, .follow = 1}},
      {"Humanoid-v5", {.distance = 4, .lookat = {0, 0, 2}, .elevation = -20, .follow = 1}},
      {"HumanoidStandup-v5", {.distance = 4, .lookat = {0, 0, 0.8925}, .elevation = -20, .follow = 1}},
      {"InvertedDoublePendulum-v5", {.distance = 4.1225, .lookat = {0, 0, 0.1225}}},
      {"InvertedPendulum-v5", {.distance = 2.04}},
      {"Pusher-v5", {.distance = 4}},
      {"Reacher-v5", {}},
      {"Swimmer-v5", {.follow = 1}},
      {"Walker2d-v5", {.distance = 4, .lookat = {0, 0, 1.15}, .elevation = -20, .follow = 1}},
  };
  const auto found = views.find(task);
  return found == views.end() ? MujocoView{} : found->second;
}

}  // namespace ddpg
