// Contexts from EGL. Mesa's platform without any surface comes first: it needs no display and no device and draws in
// software where there is no GPU. Other drivers offer their devices. What is declared here is EGL's stable interface
// (registry.khronos.org/EGL), so that no header of it is needed to build.
#include "envs/mujoco/gl_makers.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <vector>

#include "envs/mujoco/gl_library.h"

namespace ddpg {
namespace {

using Display = void*;
using Context = void*;
using Config = void*;
using Device = void*;

constexpr std::int32_t kNone = 0x3038, kSurfaceType = 0x3033, kPbufferBit = 1, kRenderableType = 0x3040, kOpenGlBit = 8;
constexpr unsigned kOpenGlApi = 0x30A2, kPlatformSurfaceless = 0x31DD, kPlatformDevice = 0x313F;

struct Egl {
  GlLibrary library{"libEGL.so.1"};

  void* (*address)(const char*) = library.find<void*(const char*)>("eglGetProcAddress");
  std::int32_t (*error)() = library.find<std::int32_t()>("eglGetError");
  unsigned (*initialise)(Display, std::int32_t*, std::int32_t*) =
      library.find<unsigned(Display, std::int32_t*, std::int32_t*)>("eglInitialize");
  unsigned (*bind_api)(unsigned) = library.find<unsigned(unsigned)>("eglBindAPI");
  unsigned (*choose_config)(Display, const std::int32_t*, Config*, std::int32_t, std::int32_t*) =
      library.find<unsigned(Display, const std::int32_t*, Config*, std::int32_t, std::int32_t*)>("eglChooseConfig");
  Context (*create_context)(Display, Config, Context, const std::int32_t*) =
      library.find<Context(Display, Config, Context, const std::int32_t*)>("eglCreateContext");
  unsigned (*destroy_context)(Display, Context) = library.find<unsigned(Display, Context)>("eglDestroyContext");
  unsigned (*make_current)(Display, void*, void*,
                           Context) = library.find<unsigned(Display, void*, void*, Context)>("eglMakeCurrent");
};

// A display that can be drawn with, once for the process: ending one would end the contexts of all.
struct Screen {
  Egl egl;
  Display display = nullptr;
  Config config = nullptr;

  Screen() {
    for (Display candidate : candidates()) {
      if (candidate == nullptr || !egl.initialise(candidate, nullptr, nullptr) || !choose(candidate)) continue;
      display = candidate;
      return;
    }
    throw Error(fmt::format("it has no driver that draws without a display (error {:#x})", egl.error()));
  }

  std::vector<Display> candidates() {
    using GetDisplay = Display(unsigned, void*, const std::int32_t*);
    using QueryDevices = unsigned(std::int32_t, Device*, std::int32_t*);
    const auto get = reinterpret_cast<GetDisplay*>(egl.address("eglGetPlatformDisplayEXT"));
    const auto query = reinterpret_cast<QueryDevices*>(egl.address("eglQueryDevicesEXT"));
    std::vector<Display> displays;
    if (get == nullptr) return displays;
    displays.push_back(get(kPlatformSurfaceless, nullptr, nullptr));
    std::array<Device, 16> devices{};
    std::int32_t count = 0;
    if (query != nullptr && query(static_cast<std::int32_t>(devices.size()), devices.data(), &count)) {
      for (std::int32_t i = 0; i < count; i++) displays.push_back(get(kPlatformDevice, devices[i], nullptr));
    }
    return displays;
  }

  bool choose(Display candidate) {
    constexpr std::array wanted = {kSurfaceType, kPbufferBit, kRenderableType, kOpenGlBit, kNone};
    std::int32_t count = 0;
    return egl.choose_config(candidate, wanted.data(), &config, 1, &count) && count == 1;
  }
};

// Never unloaded: contexts may outlive whatever is destroyed at the program's end.
Screen& screen() {
  static Screen& instance = *new Screen;
  return instance;
}

class EglContext final : public GlContext {
 public:
  EglContext() {
    constexpr std::array attributes = {kNone};
    if (screen_.egl.bind_api(kOpenGlApi))
      context_ = screen_.egl.create_context(screen_.display, screen_.config, nullptr, attributes.data());
    if (context_ == nullptr) throw Error(fmt::format("it made no context (error {:#x})", screen_.egl.error()));
  }
  ~EglContext() override { screen_.egl.destroy_context(screen_.display, context_); }

  // the frame is MuJoCo's own buffer, so there is no surface
  void make_current() override {
    screen_.egl.bind_api(kOpenGlApi);  // each thread's own setting
    if (!screen_.egl.make_current(screen_.display, nullptr, nullptr, context_))
      throw Error(fmt::format("[mujoco] EGL did not make its context current (error {:#x})", screen_.egl.error()));
  }
  void release() override { screen_.egl.make_current(screen_.display, nullptr, nullptr, nullptr); }

 private:
  Screen& screen_ = screen();
  Context context_ = nullptr;
};

}  // namespace

std::unique_ptr<GlContext> make_egl_context() {
  return std::make_unique<EglContext>();
}

}  // namespace ddpg
