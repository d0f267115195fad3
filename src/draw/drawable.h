// Tasks that can be drawn as shapes.
#pragma once

namespace ddpg {

struct Drawing;  // drawing.h, for those who look at it

/// A task that can be drawn as it is now. Drawing changes nothing of it.
class Drawable {
 public:
  virtual Drawing drawing() const = 0;

 protected:
  ~Drawable() = default;
};

}  // namespace ddpg
