// With one plane, MuJoCo's contacts are in the order of the geoms; with several it is another, and the model is left to
// it.
//
// No pair of geoms is left out that could ever touch: those that are looked at are all that pass MuJoCo's own filter,
// which depends on the model alone (contype and conaffinity; not the same body nor parent and child; at most one of the
// world). The narrow phase is MuJoCo's, called by its table; what it finds is completed with the parameters (friction,
// solref, ...) that MuJoCo itself gives to a contact of these two geoms, asked once when the model is loaded.
#include "envs/mujoco/planar/contacts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory>

namespace ddpg::planar {
namespace {

struct DeleteData {
  void operator()(mjData* data) const { mj_deleteData(data); }
};

bool may_touch(const mjModel& m, int a, int b) {
  const bool match =
      (m.geom_contype[a] & m.geom_conaffinity[b]) != 0 || (m.geom_contype[b] & m.geom_conaffinity[a]) != 0;
  const int body_a = m.body_weldid[m.geom_bodyid[a]], body_b = m.body_weldid[m.geom_bodyid[b]];
  const int parent_a = m.body_weldid[m.body_parentid[body_a]], parent_b = m.body_weldid[m.body_parentid[body_b]];
  const bool parent_and_child = body_a != 0 && body_b != 0 && (body_a == parent_b || body_b == parent_a);
  return match && body_a != body_b && !parent_and_child;
}

bool is_plane_with_round(const mjModel& m, int a, int b) {
  const bool plane = m.geom_type[a] == mjGEOM_PLANE && m.geom_bodyid[a] == 0;
  const bool round = m.geom_type[b] == mjGEOM_CAPSULE || m.geom_type[b] == mjGEOM_SPHERE;
  return plane && round && m.geom_margin[a] + m.geom_margin[b] >= 0 && m.geom_gap[a] + m.geom_gap[b] == 0;
}

// What MuJoCo makes of these two geoms when the whole tree is moved until the one lies in the other.
std::optional<mjContact> ask(const mjModel& m, mjData& data, int plane, int geom) {
  mj_kinematics(&m, &data);
  mj_comPos(&m, &data);
  for (int axis = 0; axis < 3; axis++) {
    const double way = data.geom_xpos[3 * plane + axis] - data.geom_xpos[3 * geom + axis];
    for (int body = 1; body < m.nbody; body++) {
      data.xpos[3 * body + axis] += way;
      data.xipos[3 * body + axis] += way;
    }
    for (int other = 0; other < m.ngeom; other++)
      if (m.geom_bodyid[other] != 0) data.geom_xpos[3 * other + axis] += way;
  }
  mj_collision(&m, &data);
  const auto *begin = data.contact, *end = data.contact + data.ncon;
  const auto* found = std::find_if(
      begin, end, [&](const mjContact& contact) { return contact.geom[0] == plane && contact.geom[1] == geom; });
  return found == end ? std::nullopt : std::optional(*found);
}

double dot(const double* a, const double* b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void normalize(double* v) {
  const double scale = 1 / std::sqrt(dot(v, v));
  for (int i = 0; i < 3; i++) v[i] *= scale;
}

// The contact's axes from its normal and tangent; a tangent of zeros is (0, 1, 0), or (0, 0, 1) where that is the
// normal.
void complete_frame(double* frame /* [3, 3] */) {
  double *normal = frame, *tangent = frame + 3, *last = frame + 6;
  normalize(normal);
  if (dot(tangent, tangent) < 0.25) {
    const bool usual = normal[1] < 0.5 && normal[1] > -0.5;
    tangent[0] = 0;
    tangent[1] = usual ? 1 : 0;
    tangent[2] = usual ? 0 : 1;
  }
  const double along = dot(normal, tangent);
  for (int i = 0; i < 3; i++) tangent[i] -= normal[i] * along;
  normalize(tangent);
  for (int i = 0; i < 3; i++) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    last[i] = normal[j] * tangent[k] - normal[k] * tangent[j];
  }
}

// No contact, no constraint, and none of their arrays.
void clear(mjData& data) {
  std::memset(&data.ncon, 0, offsetof(mjData, ntree_awake) - offsetof(mjData, ncon));
  std::memset(&data.efc_type, 0, offsetof(mjData, signature) - offsetof(mjData, efc_type));
  data.contact = static_cast<mjContact*>(data.arena);
  data.parena = 0;
}

// MuJoCo's own bound, so that it decides alike: whether the sphere around the geom reaches the plane.
bool is_far(const mjData& data, int plane, int geom, double reach) {
  const double *normal = data.geom_xmat + 9 * plane + 2, *origin = data.geom_xpos + 3 * plane;
  const double* centre = data.geom_xpos + 3 * geom;
  return (centre[0] - origin[0]) * normal[0] + (centre[1] - origin[1]) * normal[3] +
             (centre[2] - origin[2]) * normal[6] >
         reach;
}

}  // namespace

std::optional<Contacts> Contacts::make(const mjModel& m, const Tree& tree) {
  Contacts contacts;
  const std::unique_ptr<mjData, DeleteData> data(mj_makeData(&m));
  if (!data) return std::nullopt;
  for (int a = 0; a < m.ngeom; a++)
    for (int b = a + 1; b < m.ngeom; b++) {
      if (!may_touch(m, a, b)) continue;
      if (!is_plane_with_round(m, a, b)) return std::nullopt;
      if (!contacts.pairs_.empty() && contacts.pairs_[0].plane != a) return std::nullopt;
      const auto contact = ask(m, *data, a, b);
      if (!contact) return std::nullopt;
      const auto geom = std::find_if(tree.geoms.begin(), tree.geoms.end(), [&](const Geom& g) { return g.id == b; });
      contacts.pairs_.push_back({.plane = a,
                                 .geom = *geom,
                                 .radius = m.geom_rbound[b],
                                 .margin = m.geom_margin[a] + m.geom_margin[b],
                                 .collide = mjCOLLISIONFUNC[mjGEOM_PLANE][m.geom_type[b]],
                                 .contact = *contact});
    }
  return contacts;
}

void Contacts::find(const mjModel& model, const Dynamics& dynamics, mjData& data) const {
  clear(data);
  for (const Pair& pair : pairs_) {
    const Moving& body = dynamics.body(pair.geom.body);
    const Vector place = body.at(pair.geom.position);
    double *position = data.geom_xpos + 3 * pair.geom.id, *axes = data.geom_xmat + 9 * pair.geom.id;
    position[0] = place.x;
    position[2] = place.z;
    if (is_far(data, pair.plane, pair.geom.id, pair.margin + pair.radius)) continue;
    const Rotation r = body.orientation * pair.geom.orientation;
    axes[2] = 2 * (r.w * r.y);
    axes[8] = r.w * r.w - r.y * r.y;
    std::array<mjPreContact, 2> found;
    const int count = pair.collide(&model, &data, found.data(), pair.plane, pair.geom.id, pair.margin);
    for (int i = 0; i < count; i++) {
      mjContact contact = pair.contact;
      contact.dist = found[static_cast<std::size_t>(i)].dist;
      std::copy_n(found[static_cast<std::size_t>(i)].pos, 3, contact.pos);
      std::copy_n(found[static_cast<std::size_t>(i)].normal, 3, contact.frame);
      std::copy_n(found[static_cast<std::size_t>(i)].tangent, 3, contact.frame + 3);
      complete_frame(contact.frame);
      contact.exclude = contact.dist >= contact.includemargin ? 1 : 0;
      mj_addContact(&model, &data, &contact);
    }
  }
}

}  // namespace ddpg::planar
