// Cairo's objects in std::unique_ptr.
#pragma once

#include <cairo.h>

namespace ddpg {

struct DestroyCairo {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

}  // namespace ddpg
