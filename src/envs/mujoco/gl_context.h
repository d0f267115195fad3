// OpenGL without a display and without a GPU: EGL where it is there, OSMesa otherwise. Both are loaded when the first
// picture is drawn, so that training needs neither. Not here: what is drawn.
#pragma once

#include <memory>

namespace ddpg {

class GlContext {
 public:
  virtual ~GlContext() = default;

  // Makes it the calling thread's; no two threads may have it at once.
  virtual void make_current() = 0;
  virtual void release() = 0;
};

// Throws Error naming what was tried, and the packages to install.
std::unique_ptr<GlContext> make_gl_context();

// As long as it lives, `context` is the calling thread's.
class CurrentContext {
 public:
  explicit CurrentContext(GlContext& context) : context_(context) { context_.make_current(); }
  ~CurrentContext() { context_.release(); }
  CurrentContext(const CurrentContext&) = delete;

 private:
  GlContext& context_;
};

}  // namespace ddpg
