// Figures become PNG files with Cairo.
#include "draw/figure.h"

#include <cairo.h>

#include <memory>
#include <numbers>

#include "ddpg/error.h"
#include "draw/cairo/destroy.h"

namespace ddpg {
namespace {

// As in the style of a page on paper (report/page_style.cpp).
constexpr Colour kSeries[kSeriesColours] = {{0.00, 0.40, 0.69}, {0.82, 0.33, 0.00}, {0.00, 0.54, 0.41},
                                            {0.65, 0.25, 0.55}, {0.72, 0.49, 0.00}, {0.20, 0.56, 0.76},
                                            {0.33, 0.35, 0.40}, {0.55, 0.20, 0.20}};
constexpr Colour kGrid{0.90, 0.91, 0.93}, kAxis{0.60, 0.62, 0.66}, kText{0.10, 0.11, 0.13}, kMuted{0.36, 0.38, 0.42};
constexpr double kBandOpacity = 0.18;

Colour colour_of(const Mark& mark) {
  switch (mark.role) {
    case Role::grid:
      return kGrid;
    case Role::axis:
      return kAxis;
    case Role::text:
      return kText;
    case Role::muted:
      return kMuted;
    default:
      return kSeries[mark.series % kSeriesColours];
  }
}

void show_words(cairo_t* context, const Mark& mark) {
  cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         mark.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, mark.size);
  cairo_text_extents_t extents{};
  cairo_text_extents(context, mark.text.c_str(), &extents);
  const double share = mark.anchor == Anchor::start ? 0 : mark.anchor == Anchor::middle ? 0.5 : 1;
  cairo_move_to(context, mark.points.front().x - share * extents.x_advance, mark.points.front().y);
  cairo_show_text(context, mark.text.c_str());
}

void add_mark(cairo_t* context, const Mark& mark) {
  if (mark.points.empty()) return;
  const Colour colour = colour_of(mark);
  cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, mark.role == Role::band ? kBandOpacity : 1);
  cairo_new_path(context);
  if (mark.kind == Mark::words) return show_words(context, mark);
  if (mark.kind == Mark::dot) {
    cairo_arc(context, mark.points.front().x, mark.points.front().y, mark.size, 0, 2 * std::numbers::pi);
    return cairo_fill(context);
  }
  for (const Point& p : mark.points) cairo_line_to(context, p.x, p.y);
  if (mark.kind == Mark::area) return cairo_fill(context);
  constexpr double kDashes[] = {6, 4};
  cairo_set_dash(context, kDashes, mark.dashed ? 2 : 0, 0);
  cairo_set_line_width(context, mark.size);
  cairo_stroke(context);
}

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS)
    throw Error(std::string("[draw] Cairo could not draw: ") + cairo_status_to_string(status));
}

}  // namespace

std::string to_png(const Figure& figure, double scale) {
  const std::unique_ptr<cairo_surface_t, DestroyCairo> surface(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(figure.width * scale + 0.5), static_cast<int>(figure.height * scale + 0.5)));
  const std::unique_ptr<cairo_t, DestroyCairo> context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_scale(context.get(), scale, scale);
  cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
  for (const Mark& mark : figure.marks) add_mark(context.get(), mark);
  check(cairo_status(context.get()));
  std::string bytes;
  check(cairo_surface_write_to_png_stream(surface.get(), append, &bytes));
  return bytes;
}

}  // namespace ddpg
