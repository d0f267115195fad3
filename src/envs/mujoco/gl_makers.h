// The two ways to OpenGL without a display. Each throws Error with the reason where it is not to be had.
#pragma once

#include "envs/mujoco/gl_context.h"

namespace ddpg {

std::unique_ptr<GlContext> make_egl_context();     // egl.cpp
std::unique_ptr<GlContext> make_osmesa_context();  // osmesa.cpp

}  // namespace ddpg
