// Tasks that can tell what they look like as shapes.
#pragma once

namespace ddpg {

struct Drawing;  // drawing.h, for those who look at it

/// A task that can tell what it looks like now. The task that it is stays as it is.
class Drawable {
 public:
  virtual Drawing drawing() const = 0;

 protected:
  ~Drawable() = default;
};

}  // namespace ddpg
