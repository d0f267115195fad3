#include "envs/mujoco/renderer.h"

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"

namespace ddpg {
namespace {

// The middle one of the geoms' coordinates along `axis` where the model starts: what Gymnasium looks at by default.
double median_of_geoms(const mjModel& model, const mjData& data, int axis) {
  std::vector<double> values;
  for (int i = 0; i < model.ngeom; i++) values.push_back(data.geom_xpos[3 * i + axis]);
  if (values.empty()) return model.stat.center[axis];
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// A floor has no end for what stands on it; drawn as far as its size says, what runs away would leave it. The texture
// keeps its size: its repetitions are counted over a plane's size, and for each metre of one without end.
void unbound(mjModel& model, int geom) {
  constexpr double kLarge = 10;  // m
  double* size = model.geom_size + 3 * geom;
  if (model.geom_type[geom] != mjGEOM_PLANE || size[0] < kLarge || size[1] < kLarge) return;
  const int material = model.geom_matid[geom];
  if (material >= 0 && !model.mat_texuniform[material])
    for (int axis = 0; axis < 2; axis++) model.mat_texrepeat[2 * material + axis] /= static_cast<float>(2 * size[axis]);
  size[0] = size[1] = 0;
}

// The model as it is drawn.
MujocoRenderer::ModelPointer drawn(const mjModel& model) {
  MujocoRenderer::ModelPointer copy(mj_copyModel(nullptr, &model), mj_deleteModel);
  // a map of 2048x2048 in place of the usual 4096x4096: the shadows look the same in pictures of a video's size, and
  // where OpenGL is software a picture of the ant takes a third less time
  copy->vis.quality.shadowsize = std::min(copy->vis.quality.shadowsize, 2048);
  for (int i = 0; i < copy->ngeom; i++) unbound(*copy, i);
  return copy;
}

// MuJoCo's rows go from the bottom.
void turn_over(Picture& picture) {
  const auto row = static_cast<std::ptrdiff_t>(3) * picture.width;
  for (int top = 0, bottom = picture.height - 1; top < bottom; top++, bottom--) {
    const auto first = picture.rgb.begin() + top * row;
    std::swap_ranges(first, first + row, picture.rgb.begin() + bottom * row);
  }
}

}  // namespace

MujocoRenderer::MujocoRenderer(const mjModel& model, const MujocoView& view)
    : drawn_(drawn(model)),
      model_(*drawn_),
      view_(view),
      data_(mj_makeData(&model_), mj_deleteData),
      gl_(make_gl_context()),
      context_(std::make_unique<mjrContext>()) {
  // what the view leaves open, from where the model starts
  mj_forward(&model_, data_.get());
  for (int axis = 0; axis < 3; axis++)
    if (std::isnan(view_.lookat[axis])) view_.lookat[axis] = median_of_geoms(model_, *data_, axis);
  if (view_.distance <= 0) view_.distance = model_.stat.extent;

  constexpr int kMostGeoms = 10'000;
  mjv_defaultScene(&scene_);
  mjr_defaultContext(context_.get());
  const CurrentContext current(*gl_);
  mjv_makeScene(&model_, &scene_, kMostGeoms);
  mjr_makeContext(&model_, context_.get(), mjFONTSCALE_100);
}

MujocoRenderer::~MujocoRenderer() {
  const CurrentContext current(*gl_);
  mjr_freeContext(context_.get());
  mjv_freeScene(&scene_);
}

void MujocoRenderer::draw(const mjData& data, const std::string& camera, Picture& picture) {
  // forward: after a step MuJoCo's data shows where the bodies were before its last part
  mj_copyData(data_.get(), &model_, &data);
  mj_forward(&model_, data_.get());

  const CurrentContext current(*gl_);
  fit(picture);
  mjvOption option;
  mjv_defaultOption(&option);
  mjvCamera eye = look(camera);
  mjv_updateCamera(&model_, data_.get(), &eye,
                   &scene_);  // a floor without end is laid out around the scene's last camera
  mjv_updateScene(&model_, data_.get(), &option, nullptr, &eye, mjCAT_ALL, &scene_);
  const mjrRect frame = {0, 0, picture.width, picture.height};
  mjr_setBuffer(mjFB_OFFSCREEN, context_.get());
  mjr_render(frame, &scene_, context_.get());
  mjr_readPixels(picture.rgb.data(), nullptr, frame, context_.get());
  turn_over(picture);
}

// The buffer grows to the largest picture asked for.
void MujocoRenderer::fit(const Picture& picture) {
  if (picture.width <= context_->offWidth && picture.height <= context_->offHeight) return;
  mjr_resizeOffscreen(std::max(picture.width, context_->offWidth), std::max(picture.height, context_->offHeight),
                      context_.get());
}

mjvCamera MujocoRenderer::look(const std::string& camera) const {
  mjvCamera eye;
  mjv_defaultCamera(&eye);
  const std::vector<std::string> names = camera_names(model_);
  if (!camera.empty()) {
    eye.type = mjCAMERA_FIXED;
    eye.fixedcamid = static_cast<int>(std::find(names.begin(), names.end(), camera) - names.begin());
    return eye;
  }
  eye.distance = view_.distance;
  eye.azimuth = view_.azimuth;
  eye.elevation = view_.elevation;
  std::copy(view_.lookat.begin(), view_.lookat.end(), eye.lookat);
  if (view_.follow >= 0 && view_.follow < model_.nbody) {
    for (int axis = 0; axis < 2; axis++) eye.lookat[axis] = data_->subtree_com[3 * view_.follow + axis];
  }
  return eye;
}

std::vector<std::string> camera_names(const mjModel& model) {
  std::vector<std::string> names;
  for (int i = 0; i < model.ncam; i++) {
    const char* name = mj_id2name(&model, mjOBJ_CAMERA, i);
    names.push_back(name != nullptr && *name != '\0' ? name : std::to_string(i));
  }
  return names;
}

}  // namespace ddpg
