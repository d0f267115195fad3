// Drawings become pixels with Cairo: the one file that knows it.
#include <cairo.h>

#include <algorithm>
#include <memory>
#include <numbers>
#include <string>

#include "ddpg/error.h"
#include "draw/cairo/destroy.h"
#include "draw/drawing.h"

namespace ddpg {
namespace {

void set_colour(cairo_t* context, const Colour& colour) {
  cairo_set_source_rgb(context, colour.red, colour.green, colour.blue);
}

// From the task's units, y up, to pixels, y down.
void set_view(cairo_t* context, const View& view, const Picture& picture) {
  const double scale = std::min(picture.width / view.width, picture.height / view.height);
  cairo_translate(context, picture.width / 2.0, picture.height / 2.0);
  cairo_scale(context, scale, -scale);
  cairo_translate(context, -view.centre.x, -view.centre.y);
}

void add_shape(cairo_t* context, const Shape& shape) {
  set_colour(context, shape.colour);
  cairo_new_path(context);
  if (shape.kind == Shape::disc) {
    for (const Point& p : shape.points) cairo_arc(context, p.x, p.y, shape.size, 0, 2 * std::numbers::pi);
    return cairo_fill(context);
  }
  for (const Point& p : shape.points) cairo_line_to(context, p.x, p.y);
  if (shape.kind == Shape::area) return cairo_fill(context);
  cairo_set_line_width(context, shape.size);
  cairo_stroke(context);
}

// Cairo keeps a pixel as one number, 0x00RRGGBB.
void copy_pixels(cairo_surface_t* surface, Picture& picture) {
  cairo_surface_flush(surface);
  const unsigned char* pixels = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  auto out = picture.rgb.begin();
  for (int y = 0; y < picture.height; y++) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(pixels + std::ptrdiff_t{y} * stride);
    for (int x = 0; x < picture.width; x++) {
      for (int shift : {16, 8, 0}) *out++ = static_cast<std::uint8_t>(row[x] >> shift);
    }
  }
}

}  // namespace

void paint(const Drawing& drawing, Picture& picture) {
  const std::unique_ptr<cairo_surface_t, DestroyCairo> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height));
  const std::unique_ptr<cairo_t, DestroyCairo> context(cairo_create(surface.get()));
  cairo_set_line_cap(context.get(), CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
  set_colour(context.get(), drawing.background);
  cairo_paint(context.get());
  set_view(context.get(), drawing.view, picture);
  for (const Shape& shape : drawing.shapes) add_shape(context.get(), shape);
  if (const cairo_status_t status = cairo_status(context.get()); status != CAIRO_STATUS_SUCCESS)
    throw Error(std::string("[draw] Cairo could not draw: ") + cairo_status_to_string(status));
  copy_pixels(surface.get(), picture);
}

}  // namespace ddpg
