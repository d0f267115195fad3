// What an environment answers that does not implement the optional parts of its interface.
#include "ddpg/environment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ddpg/error.h"
#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

constexpr int kLargestSide = 16'384;  // pixels; what Cairo and OpenGL can draw

void check_size(const std::string& name, const Picture& picture) {
  const auto fits = [](int side) { return side >= 1 && side <= kLargestSide; };
  if (fits(picture.width) && fits(picture.height)) return;
  throw UsageError(fmt::format("[{}] a picture has from 1x1 to {}x{} pixels, found {}x{}", name, kLargestSide,
                               kLargestSide, picture.width, picture.height));
}

void check_camera(const std::string& name, const std::vector<std::string>& cameras, const std::string& camera) {
  if (camera.empty() || std::find(cameras.begin(), cameras.end(), camera) != cameras.end()) return;
  if (cameras.empty()) {
    throw UsageError(fmt::format("[{}] no camera is named \"{}\": this task has one view only; leave the camera out",
                                 name, shown(camera)));
  }
  throw UsageError(fmt::format("[{}] no camera is named \"{}\".{} There are: {}", name, shown(camera),
                               did_you_mean(camera, cameras), fmt::join(cameras, ", ")));
}

}  // namespace

void Environment::restore_state(std::span<const double>) {
  throw Error(fmt::format("[{}] this environment does not offer to save and restore its state", specification().name));
}

void Environment::metrics(std::span<double> values) const {
  if (values.empty()) return;
  throw Error(fmt::format("[{}] its specification names {} metrics, and it does not implement metrics()",
                          specification().name, values.size()));
}

void Environment::draw(Picture& picture, const std::string& camera) const {
  check_size(specification().name, picture);
  check_camera(specification().name, cameras(), camera);
  picture.rgb.resize(std::size_t{3} * static_cast<std::size_t>(picture.width) *
                     static_cast<std::size_t>(picture.height));
  draw_state(picture, camera);
}

void Environment::draw_state(Picture&, const std::string&) const {
  throw Error(fmt::format("[{}] this environment has no picture; it would have to implement draw_state()",
                          specification().name));
}

}  // namespace ddpg
