// A drawing as a value: shapes in the task's own units, later ones over earlier ones. A task says what it looks like;
// paint() makes pixels of it. Not here: three dimensions, which MuJoCo draws itself.
#pragma once

#include <string>
#include <vector>

#include "ddpg/picture.h"

namespace ddpg {

/// In the task's units, x to the right and y up.
struct Point {
  double x = 0;
  double y = 0;
};

/// Each from 0 to 1.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

struct Shape {
  enum Kind { disc, line, area };

  Kind kind = disc;
  std::vector<Point> points;  ///< disc: its centre; line: from one to the next, round ends; area: its corners
  double size = 0;            ///< disc: its radius; line: its width
  Colour colour;
};

/// The part of the plane that must be seen; it is centred in the picture, with the same scale in x and y.
struct View {
  Point centre;
  double width = 1;
  double height = 1;
};

struct Drawing {
  View view;
  Colour background{1, 1, 1};
  std::vector<Shape> shapes{};

  void disc(Point centre, double radius, Colour colour) { shapes.push_back({Shape::disc, {centre}, radius, colour}); }
  void line(std::vector<Point> points, double width, Colour colour) {
    shapes.push_back({Shape::line, std::move(points), width, colour});
  }
  void area(std::vector<Point> points, Colour colour) { shapes.push_back({Shape::area, std::move(points), 0, colour}); }
};

/// Paints `drawing` over the whole picture, anti-aliased; picture.rgb has its size already. In cairo/, or, where ddpg
/// was built without Cairo, in no_cairo.cpp, which throws Error and names the package.
void paint(const Drawing& drawing, Picture& picture);

/// `point`, given in a frame that is turned by `angle` (radians, counterclockwise) and then moved to `origin`.
Point placed(Point point, double angle, Point origin);

}  // namespace ddpg
