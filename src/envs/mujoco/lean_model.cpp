// The same physics for less time: what MuJoCo finds out anew at each step, but can be known beforehand.
//
// - Which geoms may touch. Each step MuJoCo searches for bodies that are near each other. Where by their contype and
//   conaffinity moving geoms touch nothing but planes of the world, which it tries in any case, the search finds
//   nothing more: here those pairs are named beforehand, like <contact><pair> in MJCF, with the parameters that MuJoCo
//   gives them, and the search gets no bodies.
// - Islands of constraints that can be solved apart. With one kinematic tree there is only one.
//
// The contacts are the same, in the same order, and so is every sum in the solver: the results are equal to the bit
// (tests/envs/mujoco/lean_model_test.cpp; `ddpg bench` compares, too). A model in which a condition does not hold, or
// is not certain to, stays as it was. Tried with MuJoCo 4.0; other versions get lean_model_untried.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "envs/mujoco/load.h"

namespace ddpg {
namespace {

struct GeomPair {
  int plane, other;
};

constexpr std::size_t kMostPairs = 32;  // named pairs are all looked at in each step, near or far

struct DeleteSpec {
  void operator()(mjSpec* spec) const { mj_deleteSpec(spec); }
};
using SpecPointer = std::unique_ptr<mjSpec, DeleteSpec>;

bool is_plane_of_the_world(const mjModel& model, int geom) {
  return model.geom_bodyid[geom] == 0 && model.geom_type[geom] == mjGEOM_PLANE;
}

// As MuJoCo filters what its search found.
bool may_touch(const mjModel& model, int a, int b) {
  const bool match = (model.geom_contype[a] & model.geom_conaffinity[b]) != 0 ||
                     (model.geom_contype[b] & model.geom_conaffinity[a]) != 0;
  const int body_a = model.body_weldid[model.geom_bodyid[a]], body_b = model.body_weldid[model.geom_bodyid[b]];
  const int parent_a = model.body_weldid[model.body_parentid[body_a]];
  const int parent_b = model.body_weldid[model.body_parentid[body_b]];
  const bool parent_and_child = body_a != 0 && body_b != 0 && (body_a == parent_b || body_b == parent_a);
  return match && body_a != body_b && !parent_and_child;
}

// All pairs that may touch, in the order of MuJoCo's contacts; nothing when they are many, or one is without a plane of
// the world. Geoms of the world come first.
std::optional<std::vector<GeomPair>> pairs_with_planes(const mjModel& model) {
  std::vector<GeomPair> pairs;
  for (int a = 0; a < model.ngeom; a++)
    for (int b = a + 1; b < model.ngeom; b++)
      if (may_touch(model, a, b)) {
        if (pairs.size() == kMostPairs || !is_plane_of_the_world(model, a)) return std::nullopt;
        pairs.push_back({a, b});
      }
  return pairs;
}

// Pairs go by names.
void name_all_geoms(mjSpec* spec) {
  int count = 0;
  for (mjsElement* geom = mjs_firstElement(spec, mjOBJ_GEOM); geom != nullptr; geom = mjs_nextElement(spec, geom)) {
    const std::string name = mjs_getString(mjs_getName(geom));
    if (name.empty()) mjs_setName(geom, fmt::format("ddpg_geom_{}", count++).c_str());
  }
}

// How much the first of two geoms counts in the mean of their solver parameters.
double mixing(const mjModel& model, int a, int b) {
  if (model.geom_priority[a] != model.geom_priority[b]) return model.geom_priority[a] > model.geom_priority[b] ? 1 : 0;
  const double weight_a = model.geom_solmix[a], weight_b = model.geom_solmix[b];
  if (weight_a >= mjMINVAL && weight_b >= mjMINVAL) return weight_a / (weight_a + weight_b);
  if (weight_a < mjMINVAL && weight_b < mjMINVAL) return 0.5;
  return weight_a < mjMINVAL ? 0 : 1;
}

// What MuJoCo makes of the parameters of two geoms that touch (mj_contactParam in its engine_collision_driver.c), in
// the same arithmetic; a plane comes first. The geom of higher priority counts alone.
void set_parameters(mjsPair& pair, const mjModel& model, int a, int b) {
  const int priority_a = model.geom_priority[a], priority_b = model.geom_priority[b];
  const double mix = mixing(model, a, b);
  const auto mean = [mix](double x, double y) { return mix == 1 ? x : mix == 0 ? y : mix * x + (1 - mix) * y; };
  const auto larger = [&](auto x, auto y) {
    return priority_a > priority_b ? x : priority_a < priority_b ? y : std::max(x, y);
  };
  const double *solref_a = model.geom_solref + mjNREF * a, *solref_b = model.geom_solref + mjNREF * b;
  const bool standard = (solref_a[0] > 0 && solref_b[0] > 0) || priority_a != priority_b;
  for (int i = 0; i < mjNREF; i++)
    pair.solref[i] = standard ? mean(solref_a[i], solref_b[i]) : std::min(solref_a[i], solref_b[i]);
  for (int i = 0; i < mjNIMP; i++)
    pair.solimp[i] = mean(model.geom_solimp[mjNIMP * a + i], model.geom_solimp[mjNIMP * b + i]);
  const auto friction = [&](int i) { return larger(model.geom_friction[3 * a + i], model.geom_friction[3 * b + i]); };
  pair.friction[0] = pair.friction[1] = friction(0);
  pair.friction[2] = friction(1);
  pair.friction[3] = pair.friction[4] = friction(2);
  pair.condim = larger(model.geom_condim[a], model.geom_condim[b]);
  pair.margin = model.geom_margin[a] + model.geom_margin[b];
  pair.gap = model.geom_gap[a] + model.geom_gap[b];
}

void add_pair(mjSpec* spec, const mjModel& named, GeomPair geoms) {
  mjsPair* pair = mjs_addPair(spec, nullptr);
  mjs_setString(pair->geomname1, mj_id2name(&named, mjOBJ_GEOM, geoms.plane));
  mjs_setString(pair->geomname2, mj_id2name(&named, mjOBJ_GEOM, geoms.other));
  set_parameters(*pair, named, geoms.plane, geoms.other);
}

// The model with these pairs named, or null.
MujocoModelPointer with_pairs(const std::vector<GeomPair>& pairs, const MujocoModel& source) {
  const std::lock_guard lock(model_compiler());
  const VirtualFiles files(source);
  std::array<char, 1024> message{};
  const SpecPointer spec(
      mj_parseXML(source.file.c_str(), files.get(), message.data(), static_cast<int>(message.size())));
  if (!spec) return nullptr;
  name_all_geoms(spec.get());
  const MujocoModelPointer named(mj_compile(spec.get(), files.get()));
  if (!named) return nullptr;
  for (const GeomPair& pair : pairs) add_pair(spec.get(), *named, pair);
  return MujocoModelPointer(mj_compile(spec.get(), files.get()));
}

// The search for what is near gets no bodies.
void search_nothing(mjModel& model) {
  std::fill_n(model.geom_contype, model.ngeom, 0);
  std::fill_n(model.geom_conaffinity, model.ngeom, 0);
  std::fill_n(model.body_contype, model.nbody, 0);
  std::fill_n(model.body_conaffinity, model.nbody, 0);
}

bool is_usual(const mjModel& model) {
  const int disabled = model.opt.disableflags & (mjDSBL_CONSTRAINT | mjDSBL_CONTACT | mjDSBL_FILTERPARENT);
  return disabled == 0 && model.opt.enableflags == 0 && model.nflex == 0 && model.npair == 0 && model.nexclude == 0 &&
         !model.flg_adhesion;
}

}  // namespace

MujocoModelPointer lean_model(MujocoModelPointer model, const MujocoModel& source) {
  if (!is_usual(*model)) return model;
  const bool one_island = model->ntree == 1 && model->opt.solver == mjSOL_NEWTON && !mj_isSparse(model.get());
  if (const auto pairs = pairs_with_planes(*model)) {
    if (!pairs->empty())
      if (MujocoModelPointer paired = with_pairs(*pairs, source)) model = std::move(paired);
    if (model->npair == static_cast<int>(pairs->size())) search_nothing(*model);
  }
  if (one_island) model->opt.disableflags |= mjDSBL_ISLAND;
  return model;
}

}  // namespace ddpg
