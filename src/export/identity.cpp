#include "export/identity.h"

#include <fmt/format.h>

#include <cmath>

#include "support/json.h"

namespace ddpg {
namespace {

// JSON has no infinity: as text, so that it is not lost.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value));
}

struct SettingAsJson {
  Json operator()(bool value) const { return value; }
  Json operator()(double value) const { return number(value); }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const std::vector<double>& values) const {
    Json array = Json::array();
    for (double value : values) array.push_back(number(value));
    return array;
  }
};

// [["low_pass", 0.3], ["frame_stack", 4]], from the task outwards.
std::string wrappers_json(const Policy::Content& content) {
  constexpr const char* kNames[] = {"time_left", "last_actions", "frame_stack", "low_pass"};
  Json all = Json::array();
  for (const deploy::CarriedWrapper& wrapper : content.wrappers) {
    Json one = Json::array();
    one.push_back(kNames[static_cast<std::size_t>(wrapper.kind)]);
    one.push_back(wrapper.kind == deploy::WrapperKind::low_pass ? Json(wrapper.share) : Json(wrapper.count));
    all.push_back(one);
  }
  return all.dump();
}

}  // namespace

std::string as_utf8(std::string_view text) {
  return *parse_json(Json(text).dump(), "text").text();
}

std::vector<std::pair<std::string, std::string>> identity(const Policy::Content& content) {
  const Provenance& provenance = content.provenance;
  Json settings = Json::object();
  for (const auto& [key, setting] : provenance.env) settings[key] = std::visit(SettingAsJson{}, setting);
  std::vector<std::pair<std::string, std::string>> entries = {
      {"environment", as_utf8(provenance.environment)}, {"env", settings.dump()},
      {"preset", as_utf8(provenance.preset)},           {"seed", fmt::format("{}", provenance.seed)},
      {"step", fmt::format("{}", provenance.step)},     {"mean_return", fmt::format("{}", provenance.mean_return)},
      {"ddpg_version", as_utf8(provenance.version)}};
  if (!content.wrappers.empty()) entries.emplace_back("wrappers", wrappers_json(content));
  if (content.control_period > 0) entries.emplace_back("control_period", fmt::format("{}", content.control_period));
  const auto words = [&](const char* key, const std::vector<std::string>& list) {
    if (!list.empty()) entries.emplace_back(key, Json(list).dump());
  };
  words("observation_names", content.observation_names);
  words("observation_units", content.observation_units);
  words("action_names", content.action_names);
  words("action_units", content.action_units);
  return entries;
}

}  // namespace ddpg
